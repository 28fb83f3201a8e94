import { findMac, macPattern, parseMac } from "../mac-address.ts";
import type { PhoneConfiguration } from "../phone-directory.ts";
import type { PhoneLanguage } from "../phone-language.ts";
import { lineValue, type Setting, settingLines } from "./setting-lines.ts";
import type { RecognizedFile, RenderContext, VendorModule } from "./vendor-module.ts";

/** `AUDC-IPPhone/2.2.8.61 (440HDG-Rev0; 00908F602AAC)`. */
const sipForm = /^AUDC-IPPhone\/([\w.]{1,40}) \(([A-Za-z0-9]{2,12})(?:-[\w.]{1,12})?(?:;|\))/;
/** `AUDC-IPPhone-445HD_UC_3.4.8/1.0`, `AUDC/3.4.6.604 AUDC-IPPhone-C450HD_UC_3.4.6.604/1`: UC firmware, without the MAC. */
const ucForm = /\bAUDC-IPPhone-([A-Za-z0-9]{2,12})_UC_([\d.]{1,30})/;
const configurationName = new RegExp(`^${macPattern}\\.cfg$`, "i");
const imageName = /^([a-z0-9-]{2,16})\.img$/i;
/** The URL form `base/fw.img;name.cfg`, from a phone that passes it on whole. */
const joinedName = /^[^;]{1,64}\.img;(.{1,64})$/i;

const languages: Record<PhoneLanguage, string> = {
  en: "ENGLISH",
  es: "SPANISH",
  ja: "JAPANESE",
  de: "GERMAN",
  fr: "FRENCH",
  pt: "PORTUGUESE",
};

/** AudioCodes' 400HD phones (AudioCodes 400HD Series Administrator's Manual, generic SIP, 2.2.16 and 3.4). */
export const audiocodes: VendorModule = {
  vendor: "audiocodes",
  contentType: "text/plain; charset=utf-8",
  events: { resync: "check-sync;reboot=false", restart: "check-sync;reboot=true" },

  readUserAgent(userAgent) {
    if (!/^AUDC\b/i.test(userAgent)) return undefined;
    const [, sipFirmware, sipModel] = sipForm.exec(userAgent) ?? [];
    const [, ucModel, ucFirmware] = ucForm.exec(userAgent) ?? [];
    return {
      model: sipModel ?? ucModel,
      firmware: sipFirmware ?? ucFirmware,
      mac: findMac(userAgent),
      bootStage: false,
    };
  },

  recognizeFile(fileName): RecognizedFile | undefined {
    const name = joinedName.exec(fileName)?.[1] ?? fileName;
    const mac = parseMac(configurationName.exec(name)?.[1] ?? "");
    if (mac !== undefined) return { file: "configuration", mac };
    const model = imageName.exec(name)?.[1];
    return model === undefined ? undefined : { file: "firmware", mac: undefined, model };
  },

  ownsFile: (fileName) => imageName.test(fileName) || joinedName.test(fileName),

  render(context) {
    const { configuration } = context;
    const comment = `;${lineValue(configuration.screenTitle)}, version ${lineValue(configuration.configurationVersion)}\n`;
    const settings = [
      ...accountSettings(configuration),
      ...dialingSettings,
      ...deviceSettings(context),
    ];
    return comment + settingLines(settings, "=");
  },
};

/** `*55*123456` goes out in one piece: any keys, then a pause. A pattern such as `*xx` would stop at `*55`. */
const dialingSettings: readonly Setting[] = [
  ["voip/signalling/sip/digit_map", "[0-9].T|*[0-9*].T"],
];

function accountSettings(configuration: PhoneConfiguration): Setting[] {
  const { account, registrar, outboundProxy, voicemailNumber } = configuration;
  const messageWaiting = "voip/services/msg_waiting_ind";
  return [
    ["voip/line/0/enabled", 1],
    ["voip/line/0/id", account.user],
    ["voip/line/0/auth_name", account.authenticationName],
    ["voip/line/0/auth_password", account.password],
    ["voip/line/0/description", account.displayName],
    ["voip/line/0/extension_display", account.label],
    // The proxy's address becomes the domain of the AOR; the way there is the outbound proxy's.
    ["voip/signalling/sip/use_proxy", 1],
    ["voip/signalling/sip/proxy_address", account.domain],
    ["voip/signalling/sip/proxy_port", registrar.port],
    ["voip/signalling/sip/proxy_timeout", configuration.registrationExpiresSeconds],
    ["voip/signalling/sip/sip_registrar/enabled", 1],
    ["voip/signalling/sip/sip_registrar/addr", account.domain],
    ["voip/signalling/sip/sip_registrar/port", registrar.port],
    ["voip/signalling/sip/sip_outbound_proxy/enabled", 1],
    ["voip/signalling/sip/sip_outbound_proxy/addr", outboundProxy.host],
    ["voip/signalling/sip/sip_outbound_proxy/port", outboundProxy.port],
    ["voip/signalling/sip/transport_protocol", configuration.transport.toUpperCase()],
    [`${messageWaiting}/enabled`, configuration.messageWaiting],
    [`${messageWaiting}/subscribe`, configuration.messageWaiting],
    [`${messageWaiting}/subscribe_address`, configuration.messageWaiting ? account.user : ""],
    [`${messageWaiting}/voice_mail_number`, voicemailNumber ?? ""],
  ];
}

function deviceSettings({ configuration, mac, firmwareUrl }: RenderContext): Setting[] {
  const { time, adminPassword } = configuration;
  return [
    ["provisioning/method", "STATIC"],
    ["provisioning/configuration/url", `${configuration.nextProvisioningUrl}${mac}.cfg`],
    ["provisioning/firmware/url", firmwareUrl],
    // The manual knows hours, days and weeks; an hour is the shortest.
    ["provisioning/period/type", "HOURLY"],
    [
      "provisioning/period/hourly/hours_interval",
      Math.max(1, Math.round(configuration.resyncSeconds / 3600)),
    ],
    // 0 leaves it to the Event whether the phone restarts.
    ["voip/services/notify/check_sync/force_reboot_enabled", 0],
    ["personal_settings/language", languages[configuration.language]],
    ["system/ntp/enabled", 1],
    ["system/ntp/primary_server_address", time.ntpServer],
    ["system/ntp/gmt_offset", formatTimeZone(time.utcOffsetSeconds)],
    ["network/lan/dhcp/ntp/gmt_offset/enabled", 0],
    ["system/password", adminPassword],
  ];
}

/** `+01:00`, `-03:30`. */
function formatTimeZone(utcOffsetSeconds: number): string {
  const minutes = Math.round(Math.abs(utcOffsetSeconds) / 60);
  const two = (number: number) => String(number).padStart(2, "0");
  return `${utcOffsetSeconds < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
