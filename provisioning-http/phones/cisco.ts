import { findMac, macPattern, parseMac } from "../mac-address.ts";
import type { PhoneConfiguration } from "../phone-directory.ts";
import type { PhoneLanguage } from "../phone-language.ts";
import { menuUrl } from "../screen-path.ts";
import { ciscoStarCodes } from "./cisco-star-codes.ts";
import type { Setting } from "./setting-lines.ts";
import type {
  RecognizedFile,
  RenderContext,
  UserAgentFacts,
  VendorModule,
} from "./vendor-module.ts";
import { textElements, xmlComment, xmlDeclaration } from "./xml-settings.ts";

/** `Cisco-CP-8841-3PCC/11.0 (00562b043615)`, `Cisco-ATA192-MPP/11.2.2MPP (…)`, `Cisco-DP-9851/PhoneOS.3.3.1 …`. */
const userAgentForm = /^Cisco[- ]([A-Za-z0-9][A-Za-z0-9-]{1,30})\/([A-Za-z0-9][\w.+-]{0,40})/;
const ownName = new RegExp(`^(?:spa)?${macPattern}\\.(?:cfg|xml)$`, "i");
/** `$PSN.xml` as the administrator typed it, or what the phone made of it: `8851-3PCC.xml`, `CP-8841-3PCC.cfg`. */
const modelName =
  /^(?:\$(?:psn|pn)|(?:(?:CP|DP)-?)?\d{4}[A-Z]{0,2}(?:-3PCC)?|ATA-?19[12](?:-MPP)?)\.(?:cfg|xml)$/i;
const enterpriseName = /^(?:SEP|CTLSEP|ITLSEP|ATA)[0-9a-f]{12}\.(?:cnf\.xml(?:\.sgn)?|tlv|xml)$/i;
const enterpriseCommonName = /^(?:XMLDefault\.cnf\.xml|CTLFile\.tlv|ITLFile\.tlv|.{1,60}\.loads)$/i;

const languages: Record<PhoneLanguage, { name: string; locale: string }> = {
  en: { name: "English-US", locale: "en-US" },
  es: { name: "Spanish", locale: "es-ES" },
  ja: { name: "Japanese", locale: "ja-JP" },
  de: { name: "German", locale: "de-DE" },
  fr: { name: "French", locale: "fr-FR" },
  pt: { name: "Portuguese", locale: "pt-PT" },
};
const defaultPorts = { udp: 5060, tcp: 5060, tls: 5061 } as const;
/** The user cannot change what is set with this. */
const attributes = ' ua="na"';

/** Cisco's phones on multiplatform (MPP, 3PCC) firmware (Cisco IP Phone 8800 Series Multiplatform administration and provisioning guides, 11.1 to 12.0). */
export const cisco: VendorModule = {
  vendor: "cisco",
  contentType: "text/xml; charset=utf-8",
  events: { resync: "resync", restart: "reboot" },

  readUserAgent(userAgent) {
    const [, model, firmware] = userAgentForm.exec(userAgent) ?? [];
    if (model === undefined) return undefined;
    return { model, firmware, mac: findMac(userAgent), bootStage: false };
  },

  recognizeFile(fileName, _method, facts): RecognizedFile | undefined {
    const mac = ownName.exec(fileName)?.[1];
    if (mac !== undefined) return ownFile(parseMac(mac) ?? facts?.mac);
    if (modelName.test(fileName)) return ownFile(facts?.mac);
    if (enterpriseName.test(fileName)) return enterpriseFile(fileName);
    if (enterpriseCommonName.test(fileName)) return enterpriseFile(fileName);
    return undefined;
  },

  ownsFile: (fileName) =>
    modelName.test(fileName) ||
    enterpriseName.test(fileName) ||
    enterpriseCommonName.test(fileName),

  render(context) {
    const { configuration } = context;
    const settings = [
      ...accountSettings(configuration),
      ...dialingSettings,
      ...deviceSettings(context),
      ...screenKeySettings(context),
    ];
    return flatProfile(
      xmlComment(`${configuration.screenTitle}, version ${configuration.configurationVersion}`) +
        textElements(settings, attributes),
    );
  },
};

function flatProfile(content: string): string {
  return `${xmlDeclaration}<flat-profile>\n${content}</flat-profile>\n`;
}

/**
 * The account goes straight to a phone whose MAC is known. Another is sent to its own file: a 404
 * here would make the phone give up the whole profile rule.
 */
function ownFile(mac: UserAgentFacts["mac"]): RecognizedFile {
  if (mac !== undefined) return { file: "configuration", mac };
  const entry: RecognizedFile["entry"] = ({ baseUrl }) =>
    flatProfile(textElements([["Profile_Rule", `${baseUrl}$MA.xml`]], attributes));
  return { file: "entry", mac: undefined, entry };
}

function enterpriseFile(fileName: string): RecognizedFile {
  const reason = `This Cisco phone runs enterprise firmware (it asked for ${fileName}): convert it to multiplatform (MPP) firmware`;
  return {
    file: "foreign",
    mac: findMac(fileName.replace(/^(?:SEP|CTLSEP|ITLSEP|ATA)/i, "")),
    reason,
  };
}

/**
 * `*55*123456` goes out in one piece: any keys, then a pause. Every code the phone would act upon
 * itself is taken out.
 */
const dialingSettings: readonly Setting[] = [
  ["Dial_Plan_1_", "([x*#].)"],
  ["Interdigit_Long_Timer", 10],
  ["Interdigit_Short_Timer", 4],
  ...ciscoStarCodes.map((name): Setting => [name, ""]),
];

function accountSettings(configuration: PhoneConfiguration): Setting[] {
  const { account, registrar, outboundProxy, transport, voicemailNumber } = configuration;
  const isDefaultPort = registrar.port === defaultPorts[transport];
  return [
    ["Line_Enable_1_", "Yes"],
    ["Extension_1_", "1"],
    ["Short_Name_1_", account.label],
    ["User_ID_1_", account.user],
    ["Use_Auth_ID_1_", "Yes"],
    ["Auth_ID_1_", account.authenticationName],
    ["Password_1_", account.password],
    ["Display_Name_1_", account.displayName],
    // Becomes the domain of the AOR; the way there is the outbound proxy's.
    ["Proxy_1_", isDefaultPort ? account.domain : `${account.domain}:${registrar.port}`],
    ["Use_Outbound_Proxy_1_", "Yes"],
    ["Outbound_Proxy_1_", `${bracketed(outboundProxy.host)}:${outboundProxy.port}`],
    ["Use_OB_Proxy_In_Dialog_1_", "Yes"],
    ["Register_1_", "Yes"],
    ["Register_Expires_1_", configuration.registrationExpiresSeconds],
    ["SIP_Transport_1_", transport.toUpperCase()],
    ["Voice_Mail_Number", voicemailNumber ?? ""],
    ["Mailbox_ID_1_", configuration.messageWaiting ? account.user : ""],
    ["Voice_Mail_Server_1_", configuration.messageWaiting ? account.domain : ""],
    ["Voice_Mail_Subscribe_Interval_1_", configuration.messageWaiting ? 3600 : 0],
  ];
}

function deviceSettings({ configuration, firmwareUrl }: RenderContext): Setting[] {
  const { time, adminPassword } = configuration;
  const language = languages[configuration.language];
  return [
    ["Station_Name", configuration.screenTitle],
    ["Provision_Enable", "Yes"],
    ["Profile_Rule", `${configuration.nextProvisioningUrl}$MA.xml`],
    ["Profile_Rule_B", ""],
    ["Profile_Rule_C", ""],
    ["Profile_Rule_D", ""],
    ["Resync_On_Reset", "Yes"],
    ["Resync_Periodic", configuration.resyncSeconds],
    // In steps of 20 s: a fleet that starts at once does not ask at once.
    ["Resync_Random_Delay", 1],
    ["Resync_From_SIP", "Yes"],
    ["Resync_Fails_On_FNF", "No"],
    ["Language_Selection", language.name],
    ["Locale", language.locale],
    ["Primary_NTP_Server", time.ntpServer],
    ["Time_Zone", formatTimeZone(time.utcOffsetSeconds)],
    ["Daylight_Saving_Time_Enable", "No"],
    ["Upgrade_Enable", firmwareUrl === undefined ? undefined : "Yes"],
    ["Upgrade_Rule", firmwareUrl],
    ["Admin_Password", adminPassword],
  ];
}

/**
 * The first softkey of the idle screen opens the pages on which a user signs in and out; the menu of
 * XML services does too. The rest of the idle keys are the usual ones.
 */
function screenKeySettings({ configuration: { screen }, mac }: RenderContext): Setting[] {
  const url = menuUrl(screen.url, "cisco", mac);
  return [
    ["Programmable_Softkey_Enable", "Yes"],
    ["PSK_1", `fnc=xml;url=${url};nme=${screen.keyLabel}`],
    ["Idle_Key_List", "psk1|1;redial|2;dir|3;recents|4;dnd|5"],
    ["XML_Application_Service_Name", screen.keyLabel],
    ["XML_Application_Service_URL", url],
  ];
}

function bracketed(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}

/** `GMT+01:00`, `GMT-03:30`, `GMT`. */
function formatTimeZone(utcOffsetSeconds: number): string {
  const minutes = Math.round(Math.abs(utcOffsetSeconds) / 60);
  if (minutes === 0) return "GMT";
  const two = (number: number) => String(number).padStart(2, "0");
  return `GMT${utcOffsetSeconds < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
