import { findMac, macPattern, parseMac } from "../mac-address.ts";
import type { PhoneConfiguration } from "../phone-directory.ts";
import type { PhoneLanguage } from "../phone-language.ts";
import { menuUrl } from "../screen-path.ts";
import { lineValue, type Setting, settingLines } from "./setting-lines.ts";
import type { RecognizedFile, RenderContext, VendorModule } from "./vendor-module.ts";

/** `Yealink SIP-T46S 66.86.0.15 00:15:65:aa:bb:cc`, `Yealink W70B 146.85.0.20 …`, `W60B 77.85.0.25 …`. */
const userAgentForm =
  /^(?:yealink\s+(?:sip[- ])?|(?=(?:w\d{2}|cp\d{3}|t\d{2})[a-z]*\s))([a-z0-9_-]{2,20})\s+(\d[\d.]{2,30})(?:\s|$)/i;
const configurationName = new RegExp(`^${macPattern}\\.cfg$`, "i");
const bootName = new RegExp(`^${macPattern}\\.boot$`, "i");
const anyBootName = /^y\d{12}\.boot$/i;
const commonName = /^y0{7}\d{5}\.cfg$/i;
/** Encrypted forms that a phone tries before the plain ones, e.g. `<mac>_Security.enc`, `y000000000028_Security.enc`. */
const encryptedName = /\.enc$/i;
/** What a phone looks for when it is told to keep its user's settings on the server. */
const personalName = new RegExp(`^${macPattern}-(?:local\\.cfg|contact\\.xml|calllog\\.xml)$`, "i");

/** First line of every file; the phone ignores files without it. */
const firstLine = "#!version:1.0.0.1\n";

const languages: Record<PhoneLanguage, string> = {
  en: "English",
  es: "Spanish",
  ja: "Japanese",
  de: "German",
  fr: "French",
  pt: "Portuguese",
};
const transports = { udp: 0, tcp: 1, tls: 2 } as const;

/** Yealink's desk and DECT phones (Yealink's Auto Provisioning Guide and Administrator Guide, firmware 83 to 86). */
export const yealink: VendorModule = {
  vendor: "yealink",
  contentType: "text/plain; charset=utf-8",
  events: { resync: "check-sync;reboot=false", restart: "check-sync;reboot=true" },

  readUserAgent(userAgent) {
    const [matched, model, firmware] = userAgentForm.exec(userAgent) ?? [];
    if (matched === undefined) {
      if (!/^yealink\b/i.test(userAgent)) return undefined;
      return { model: undefined, firmware: undefined, mac: findMac(userAgent), bootStage: false };
    }
    const mac = findMac(userAgent.slice(matched.length));
    return { model, firmware, mac, bootStage: false };
  },

  recognizeFile(fileName): RecognizedFile | undefined {
    const mac = configurationName.exec(fileName)?.[1];
    if (mac !== undefined && parseMac(mac) !== undefined) {
      return { file: "configuration", mac: parseMac(mac) };
    }
    const bootMac = bootName.exec(fileName)?.[1];
    if (bootMac !== undefined) {
      const named = parseMac(bootMac);
      return { file: "entry", mac: named, entry: (context) => renderBoot(named ?? context.mac) };
    }
    if (commonName.test(fileName))
      return { file: "entry", mac: undefined, entry: () => renderCommon() };
    if ([anyBootName, encryptedName, personalName].some((name) => name.test(fileName))) {
      return { file: "optional", mac: undefined };
    }
    return undefined;
  },

  ownsFile: (fileName) =>
    bootName.test(fileName) ||
    anyBootName.test(fileName) ||
    commonName.test(fileName) ||
    encryptedName.test(fileName),

  render(context) {
    const { configuration } = context;
    const comment = `## ${lineValue(configuration.screenTitle)}, version ${lineValue(configuration.configurationVersion)}\n`;
    const settings = [
      ...accountSettings(configuration),
      ...dialingSettings,
      ...deviceSettings(context),
      ...screenKeySettings(context),
    ];
    return firstLine + comment + settingLines(settings, " = ");
  },
};

/** A boot file lets the phone ask for its own file at once, without the common one. */
function renderBoot(mac: string | undefined): string {
  const include = mac === undefined ? "" : `include:config "${mac}.cfg"\n`;
  return `${firstLine}${include}overwrite_mode = 1\n`;
}

/** What all phones share; here so that a phone that finds no boot file need not log an error. */
function renderCommon(): string {
  return firstLine + settingLines(dialingSettings, " = ");
}

/** `*55*123456` goes out in one piece: no digit map, and sent when no key was pressed for a while or `#` was. */
const dialingSettings: readonly Setting[] = [
  ["dialplan.digitmap.enable", 0],
  ["phone_setting.predial_autodial", 1],
  ["phone_setting.inter_digit_time", 4],
  // 1 is the `#`, 2 would be the `*` that the codes start with.
  ["features.key_as_send", 1],
];

function accountSettings(configuration: PhoneConfiguration): Setting[] {
  const { account, registrar, outboundProxy } = configuration;
  return [
    ["account.1.enable", 1],
    ["account.1.label", account.label],
    ["account.1.display_name", account.displayName],
    ["account.1.user_name", account.user],
    ["account.1.auth_name", account.authenticationName],
    ["account.1.password", account.password],
    // The server's address becomes the domain of the AOR; the way there is the outbound proxy's.
    ["account.1.sip_server.1.address", account.domain],
    ["account.1.sip_server.1.port", registrar.port],
    ["account.1.sip_server.1.transport_type", transports[configuration.transport]],
    ["account.1.sip_server.1.expires", configuration.registrationExpiresSeconds],
    ["account.1.outbound_proxy_enable", 1],
    ["account.1.outbound_proxy.1.address", outboundProxy.host],
    ["account.1.outbound_proxy.1.port", outboundProxy.port],
    ["account.1.subscribe_mwi", configuration.messageWaiting],
    ["account.1.subscribe_mwi_expires", 3600],
    ["voice_mail.number.1", configuration.voicemailNumber ?? "%NULL%"],
  ];
}

function deviceSettings({ configuration, firmwareUrl }: RenderContext): Setting[] {
  const { time, adminPassword } = configuration;
  const language = languages[configuration.language];
  return [
    ["static.auto_provision.server.url", configuration.nextProvisioningUrl],
    ["static.auto_provision.power_on", 1],
    ["static.auto_provision.repeat.enable", 1],
    [
      "static.auto_provision.repeat.minutes",
      Math.max(1, Math.ceil(configuration.resyncSeconds / 60)),
    ],
    // Otherwise DHCP option 66 sends the phone to the plain URL at every start, which refuses it by then.
    ["static.auto_provision.dhcp_option.enable", 0],
    // 1, the default, restarts the phone at every check-sync; 0 only where the Event says so.
    ["sip.notify_reboot_enable", 0],
    ["lang.gui", language],
    ["lang.wui", language],
    ["local_time.ntp_server1", time.ntpServer],
    ["local_time.time_zone", formatTimeZone(time.utcOffsetSeconds)],
    ["local_time.summer_time", 0],
    ["static.firmware.url", firmwareUrl],
    [
      "static.security.user_password",
      adminPassword === undefined ? undefined : `admin:${adminPassword}`,
    ],
  ];
}

/**
 * The second softkey of the idle screen, which is the local directory's otherwise, opens the pages on
 * which a user signs in and out. 27 is the XML browser.
 */
function screenKeySettings({ configuration: { screen }, mac }: RenderContext): Setting[] {
  return [
    ["programablekey.2.type", 27],
    ["programablekey.2.line", "%NULL%"],
    ["programablekey.2.value", menuUrl(screen.url, "yealink", mac)],
    ["programablekey.2.label", screen.keyLabel],
  ];
}

/** `+1`, `-3:30`, `0`. */
function formatTimeZone(utcOffsetSeconds: number): string {
  const minutes = Math.round(Math.abs(utcOffsetSeconds) / 60);
  if (minutes === 0) return "0";
  const rest = minutes % 60 === 0 ? "" : `:${String(minutes % 60).padStart(2, "0")}`;
  return `${utcOffsetSeconds < 0 ? "-" : "+"}${Math.floor(minutes / 60)}${rest}`;
}
