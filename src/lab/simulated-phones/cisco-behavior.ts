import { macWithColons, type PhoneIdentity } from "./phone-identity.ts";
import {
  ConfigurationError,
  type LineSettings,
  type PhoneSettings,
  readTransport,
  required,
  requiredNumber,
  type SettingMap,
} from "./phone-settings.ts";
import { readCiscoPage } from "./read-vendor-pages.ts";
import { readFlatProfile } from "./read-xml-settings.ts";
import type { NotifyReaction, VendorBehavior } from "./vendor-behavior.ts";

/** What a factory-new phone adds to the server it was given. */
const factoryRule = "$PSN.xml";
/** Fetched after `Profile_Rule`, when they say anything. */
const furtherRules = ["Profile_Rule_B", "Profile_Rule_C", "Profile_Rule_D"] as const;
const transports = { UDP: "UDP", TCP: "TCP" } as const;
const defaultPort = 5060;

/** Cisco's phones on multiplatform firmware (Cisco IP Phone 8800 Series Multiplatform provisioning guide). */
export const ciscoBehavior: VendorBehavior = {
  vendor: "cisco",
  browser: { userAgent: httpUserAgent, read: readCiscoPage },

  sipUserAgent: ({ model, firmware, macAddress }) => `Cisco-${model}/${firmware}_${macAddress}`,
  contactParameters: ({ macAddress }) =>
    `;+sip.instance="<urn:uuid:00000000-0000-0000-0000-${macAddress}>"`,
  dialedUri: (number, host) => `sip:${number}@${host}`,

  reactTo: ({ name }): NotifyReaction => {
    switch (name) {
      case "resync":
      case "check-sync":
        return "fetch";
      case "reboot":
        return "restart";
      case "report":
        return "nothing";
      default:
        return "unknown";
    }
  },

  async fetchSettings(http, identity, source) {
    const userAgent = httpUserAgent(identity);
    const rule = source.endsWith("/") ? source + factoryRule : source;
    const url = expandRule(rule, identity);
    const settings = readFlatProfile(await http.getText(url, userAgent));
    for (const name of furtherRules) {
      const further = settings.get(name) ?? "";
      if (further === "") continue;
      const text = await http.getText(new URL(expandRule(further, identity), url).href, userAgent);
      for (const [key, value] of readFlatProfile(text)) settings.set(key, value);
    }
    return readSettings(settings, url);
  },
};

/** Puts the phone's own names where a rule has macros: `$MA`, `$MAU`, `$MAC`, `$PN`, `$PSN`; `$$` is a dollar sign. */
export function expandRule(rule: string, { model, macAddress }: PhoneIdentity): string {
  const macros: Readonly<Record<string, string>> = {
    $: "$",
    MA: macAddress,
    MAU: macAddress.toUpperCase(),
    MAC: macWithColons(macAddress),
    PN: model,
    PSN: model.replace(/^CP-/, ""),
  };
  return rule.replaceAll(/\$(?:\((\w+)\)|(PSN|PN|MAU|MAC|MA|\$))/g, (text, braced, plain) => {
    return macros[braced ?? plain] ?? text;
  });
}

function readSettings(settings: SettingMap, url: string): PhoneSettings {
  const rule = settings.get("Profile_Rule") ?? "";
  return {
    line: settings.get("Line_Enable_1_") === "Yes" ? readLine(settings) : undefined,
    // A rule may be relative; the macros in it must stay.
    nextSource: rule === "" || /^https?:/i.test(rule) ? rule || undefined : atOrigin(rule, url),
    screenUrl: readScreenKey(settings),
    notify: {
      heeds: settings.get("Resync_From_SIP") !== "No",
      alwaysRestarts: false,
      // Yes is the phone's default.
      challenges: settings.get("Auth_Resync-Reboot_1_") !== "No",
    },
  };
}

function httpUserAgent({ model, firmware, macAddress }: PhoneIdentity): string {
  return `Cisco-${model}/${firmware} (${macAddress})`;
}

/** A programmable softkey that the idle screen shows: `fnc=xml;url=http://…;nme=Sign in`. */
function readScreenKey(settings: SettingMap): string | undefined {
  const isShown = /(?:^|;)psk1\|/.test(settings.get("Idle_Key_List") ?? "");
  if (settings.get("Programmable_Softkey_Enable") !== "Yes" || !isShown) return undefined;
  return /^fnc=xml;url=([^;]+)/.exec(settings.get("PSK_1") ?? "")?.[1];
}

function atOrigin(rule: string, url: string): string {
  return `${new URL(url).origin}/${rule.replace(/^\//, "")}`;
}

function readLine(settings: SettingMap): LineSettings {
  const { host: domain, port } = readHostAndPort(settings, "Proxy_1_");
  const usesProxy = settings.get("Use_Outbound_Proxy_1_") === "Yes";
  const hop = usesProxy ? readHostAndPort(settings, "Outbound_Proxy_1_") : { host: domain, port };
  const user = required(settings, "User_ID_1_");
  const usesOwnName = settings.get("Use_Auth_ID_1_") === "Yes";
  return {
    user,
    domain,
    domainPort: port,
    authenticationName: usesOwnName ? required(settings, "Auth_ID_1_") : user,
    password: required(settings, "Password_1_"),
    displayName: settings.get("Display_Name_1_") ?? "",
    proxy: { host: hop.host, port: hop.port ?? defaultPort },
    transport: readTransport(settings, "SIP_Transport_1_", transports),
    expiresSeconds: requiredNumber(settings, "Register_Expires_1_"),
  };
}

/** `host`, `host:port`, `[v6]:port`. */
function readHostAndPort(
  settings: SettingMap,
  name: string,
): { readonly host: string; readonly port: number | undefined } {
  const value = required(settings, name);
  const [, host, port] = /^(\[[^\]]+\]|[^:]+)(?::(\d{1,5}))?$/.exec(value) ?? [];
  if (host === undefined) throw new ConfigurationError(`${name} is no host: ${value}`);
  return { host, port: port === undefined ? undefined : Number(port) };
}
