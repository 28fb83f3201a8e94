import { findMac, macPattern, parseMac } from "../mac-address.ts";
import type { PhoneConfiguration } from "../phone-directory.ts";
import type { PhoneLanguage } from "../phone-language.ts";
import { menuUrl } from "../screen-path.ts";
import type { Setting } from "./setting-lines.ts";
import type { RecognizedFile, RenderContext, VendorModule } from "./vendor-module.ts";
import { attributeElement, xmlComment, xmlDeclaration } from "./xml-settings.ts";

/** `FileTransport PolycomVVX-VVX_400-UA/4.1.4.7430 Type/Application`, `… PolyEdge-Edge_E450-UA/8.2.0.1 (SN:…) …`. */
const userAgentForm = /\bPoly(?:com)?[A-Za-z]*-([A-Za-z0-9_. -]{1,30}?)-UA\/([\d.]{3,30})/;
const anyMasterName = /^0{12}\.cfg$/i;
const masterName = new RegExp(`^${macPattern}\\.cfg$`, "i");
/** The file that the master file names and that holds the account. */
const configurationSuffix = "-gateway.cfg";
const configurationName = new RegExp(`^${macPattern}${configurationSuffix}$`, "i");
/** What a phone keeps for its user, or reads when it is there. */
const personalName = new RegExp(
  `^${macPattern}-(?:phone\\.cfg|web\\.cfg|license\\.cfg|directory\\.xml|calls\\.xml)$`,
  "i",
);
const logName = new RegExp(`^${macPattern}-(?:boot|app|now-[\\w-]{1,40}|[\\w-]{1,40})\\.log$`, "i");
const seedName = /^0{12}-(?:directory\.xml|license\.cfg)$/i;
const imageName = /^(?:[0-9a-z]{4}-[0-9a-z]{5}-[0-9a-z]{3}\.)?sip\.ld$/i;
/** An empty image path would make some firmware ask for `sip.ld` all the same; this is what it asks for by itself. */
const defaultImage = "sip.ld";
/** `prov.polling.period` takes nothing less (Polycom UC Software Administrator Guide). */
const leastPollingSeconds = 3601;

const languages: Record<PhoneLanguage, string> = {
  en: "English_United_States",
  es: "Spanish_Spain",
  ja: "Japanese_Japan",
  de: "German_Germany",
  fr: "French_France",
  pt: "Portuguese_Portugal",
};
const transports = { udp: "UDPOnly", tcp: "TCPOnly", tls: "TLS" } as const;

/** Poly's and Polycom's phones on UC Software: VVX, Trio, Edge E (Polycom UC Software Administrator Guide 5.9 to 6.4). */
export const poly: VendorModule = {
  vendor: "poly",
  contentType: "text/xml; charset=utf-8",
  // Whether a check-sync restarts the phone is a setting of the phone (alwaysReboot, below), not of the Event.
  events: { resync: "check-sync", restart: "check-sync" },

  readUserAgent(userAgent) {
    const [, spelledModel, firmware] = userAgentForm.exec(userAgent) ?? [];
    if (spelledModel === undefined && !/^(?:FileTransport )?Poly/i.test(userAgent))
      return undefined;
    const bootStage = userAgent.includes("Type/Updater");
    return {
      model: spelledModel?.replaceAll("_", " "),
      firmware: bootStage ? undefined : firmware,
      mac: findMac(userAgent),
      bootStage,
    };
  },

  recognizeFile(fileName, method): RecognizedFile | undefined {
    const mac = fileName.startsWith("000000000000") ? undefined : findMac(fileName);
    if (method === "PUT") {
      const isUpload = logName.test(fileName) || personalName.test(fileName);
      return isUpload ? { file: "upload", mac } : undefined;
    }
    if (configurationName.test(fileName)) return { file: "configuration", mac };
    if (masterName.test(fileName) || anyMasterName.test(fileName)) {
      return {
        file: "entry",
        mac: parseMac(fileName.slice(0, -4)),
        entry: (context) => renderMaster(context.firmwareUrl),
      };
    }
    if (imageName.test(fileName)) return { file: "firmware", mac: undefined };
    const isOptional =
      personalName.test(fileName) || seedName.test(fileName) || logName.test(fileName);
    return isOptional ? { file: "optional", mac } : undefined;
  },

  ownsFile: (fileName) =>
    anyMasterName.test(fileName) ||
    configurationName.test(fileName) ||
    personalName.test(fileName) ||
    logName.test(fileName) ||
    seedName.test(fileName) ||
    imageName.test(fileName),

  render(context) {
    const { configuration } = context;
    const settings = [
      ...accountSettings(configuration),
      ...dialingSettings,
      ...deviceSettings(configuration),
      ...screenKeySettings(context),
    ];
    return (
      xmlDeclaration +
      xmlComment(`${configuration.screenTitle}, version ${configuration.configurationVersion}`) +
      attributeElement("GATEWAY", settings)
    );
  },
};

/** The master file names the others; the phone puts its MAC where the macro stands. */
function renderMaster(firmwareUrl: string | undefined): string {
  return (
    xmlDeclaration +
    attributeElement("APPLICATION", [
      // The phone itself puts its part number before the last name, and takes the plain one when that is missing.
      [
        "APP_FILE_PATH",
        firmwareUrl === undefined ? defaultImage : new URL(defaultImage, firmwareUrl).href,
      ],
      ["CONFIG_FILES", `[PHONE_MAC_ADDRESS]${configurationSuffix}`],
      ["LOG_FILE_DIRECTORY", ""],
      ["OVERRIDES_DIRECTORY", ""],
      ["CONTACTS_DIRECTORY", ""],
      ["LICENSE_DIRECTORY", ""],
    ])
  );
}

/** `*55*123456` goes out in one piece: any keys, then a pause; an impossible match (2) is kept, not cut (0). */
const dialingSettings: readonly Setting[] = [
  ["dialplan.digitmap", "[0123456789*#].T"],
  ["dialplan.digitmap.timeOut", "3"],
  ["dialplan.impossibleMatchHandling", "2"],
];

function accountSettings(configuration: PhoneConfiguration): Setting[] {
  const { account, registrar, outboundProxy, voicemailNumber } = configuration;
  const transport = transports[configuration.transport];
  return [
    ["reg.1.address", `${account.user}@${account.domain}`],
    ["reg.1.auth.userId", account.authenticationName],
    ["reg.1.auth.password", account.password],
    ["reg.1.displayName", account.displayName],
    ["reg.1.label", account.label],
    ["reg.1.type", "private"],
    ["reg.1.server.1.address", registrar.host],
    ["reg.1.server.1.port", registrar.port],
    ["reg.1.server.1.transport", transport],
    ["reg.1.server.1.register", 1],
    ["reg.1.server.1.expires", configuration.registrationExpiresSeconds],
    ["reg.1.outboundProxy.address", outboundProxy.host],
    ["reg.1.outboundProxy.port", outboundProxy.port],
    ["reg.1.outboundProxy.transport", transport],
    [
      "msg.mwi.1.subscribe",
      configuration.messageWaiting ? `${account.user}@${account.domain}` : "",
    ],
    ["msg.mwi.1.callBackMode", voicemailNumber === undefined ? "disabled" : "contact"],
    ["msg.mwi.1.callBack", voicemailNumber ?? ""],
    ["up.oneTouchVoiceMail", 1],
  ];
}

function deviceSettings(configuration: PhoneConfiguration): Setting[] {
  const { time, adminPassword, nextProvisioningUrl } = configuration;
  const isSecure = nextProvisioningUrl.startsWith("https:");
  const period = Math.max(leastPollingSeconds, configuration.resyncSeconds);
  return [
    ["voIpProt.SIP.specialEvent.checkSync.alwaysReboot", 0],
    ["lcl.ml.lang", languages[configuration.language]],
    ["tcpIpApp.sntp.address", time.ntpServer],
    ["tcpIpApp.sntp.address.overrideDHCP", time.ntpServer === undefined ? undefined : 1],
    ["tcpIpApp.sntp.gmtOffset", time.utcOffsetSeconds],
    ["tcpIpApp.sntp.gmtOffset.overrideDHCP", 1],
    ["tcpIpApp.sntp.daylightSavings.enable", 0],
    ["prov.polling.enabled", 1],
    ["prov.polling.mode", "rel"],
    ["prov.polling.period", period],
    // Settings under device. take effect only with both switches: one for all, one for each.
    ["device.set", 1],
    ...deviceSetting("device.prov.serverName", nextProvisioningUrl),
    ...deviceSetting("device.prov.serverType", isSecure ? "HTTPS" : "HTTP"),
    // Otherwise DHCP's address goes before the one above at every start.
    ...deviceSetting("device.dhcp.bootSrvUseOpt", "Static"),
    ...(adminPassword === undefined
      ? []
      : deviceSetting("device.auth.localAdminPassword", adminPassword)),
  ];
}

/**
 * A softkey of the idle screen opens the pages on which a user signs in and out; so does the key for
 * the microbrowser, on phones that have one.
 */
function screenKeySettings({ configuration: { screen }, mac }: RenderContext): Setting[] {
  const url = menuUrl(screen.url, "poly", mac);
  return [
    ["feature.enhancedFeatureKeys.enabled", 1],
    ["softkey.1.enable", 1],
    ["softkey.1.label", screen.keyLabel],
    ["softkey.1.action", url],
    ["softkey.1.use.idle", 1],
    ["mb.main.home", url],
  ];
}

function deviceSetting(name: string, value: string): Setting[] {
  return [
    [name, value],
    [`${name}.set`, 1],
  ];
}
