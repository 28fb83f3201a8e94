import type { PhoneHttp } from "./phone-http.ts";
import { macWithColons, type PhoneIdentity } from "./phone-identity.ts";
import {
  type LineSettings,
  type PhoneSettings,
  readTransport,
  required,
  requiredNumber,
  type SettingMap,
} from "./phone-settings.ts";
import { readYealinkFile } from "./read-setting-lines.ts";
import { readYealinkPage } from "./read-vendor-pages.ts";
import { reactToCheckSync, type VendorBehavior } from "./vendor-behavior.ts";

const anyBootFile = "y000000000000.boot";
/** The two digits that name a model's common file (Yealink's Auto Provisioning Guide). */
const commonFileNumbers: Readonly<Record<string, string>> = {
  "SIP-T46S": "66",
  "SIP-T54W": "96",
  "SIP-T43U": "107",
};
const transports = { 0: "UDP", 1: "TCP" } as const;
const defaultPort = 5060;

/** Yealink's desk phones, firmware 81 and later (Yealink's Auto Provisioning Guide). */
export const yealinkBehavior: VendorBehavior = {
  vendor: "yealink",
  browser: { userAgent: httpUserAgent, read: readYealinkPage },

  sipUserAgent: ({ model, firmware }) => `Yealink ${model} ${firmware}`,
  contactParameters: () => "",
  dialedUri: (number, host) => `sip:${number}@${host}`,
  reactTo: reactToCheckSync,

  async fetchSettings(http, identity, source) {
    const { macAddress } = identity;
    const userAgent = httpUserAgent(identity);
    const boot = await findBootFile(http, identity, source);
    // An encrypted file goes before the plain one; most servers have none.
    await http.get(at(source, `${macAddress}_Security.enc`), userAgent, { reads: false });
    const names = boot?.includes ?? [commonFile(identity), `${macAddress}.cfg`];
    const settings = new Map(boot?.settings);
    for (const name of names) {
      const own = name.toLowerCase().includes(macAddress);
      const reply = own
        ? await http.getText(at(source, name), userAgent)
        : await optionalText(http, at(source, name), userAgent);
      if (reply === undefined) continue;
      for (const [key, value] of readYealinkFile(reply).settings) settings.set(key, value);
    }
    return readSettings(settings);
  },
};

/** T5x phones write their MAC address without colons, older ones with them. */
function httpUserAgent({ model, firmware, macAddress }: PhoneIdentity): string {
  const mac = /T5/.test(model) ? macAddress : macWithColons(macAddress);
  return `Yealink ${model} ${firmware} ${mac}`;
}

async function findBootFile(
  http: PhoneHttp,
  identity: PhoneIdentity,
  source: string,
): Promise<ReturnType<typeof readYealinkFile> | undefined> {
  const userAgent = httpUserAgent(identity);
  for (const name of [`${identity.macAddress}.boot`, anyBootFile]) {
    const text = await optionalText(http, at(source, name), userAgent);
    if (text !== undefined) return readYealinkFile(text);
  }
  return undefined;
}

function commonFile({ model }: PhoneIdentity): string {
  return `y${(commonFileNumbers[model] ?? "0").padStart(12, "0")}.cfg`;
}

async function optionalText(
  http: PhoneHttp,
  url: string,
  userAgent: string,
): Promise<string | undefined> {
  const { status, body } = await http.get(url, userAgent);
  return status === 200 ? body : undefined;
}

function at(folder: string, name: string): string {
  return new URL(name, folder.endsWith("/") ? folder : `${folder}/`).href;
}

function readSettings(settings: SettingMap): PhoneSettings {
  return {
    line: settings.get("account.1.enable") === "1" ? readLine(settings) : undefined,
    nextSource: settings.get("static.auto_provision.server.url"),
    screenUrl: readScreenKey(settings),
    notify: {
      heeds: true,
      // 1 is the phone's default.
      alwaysRestarts: settings.get("sip.notify_reboot_enable") !== "0",
      challenges: false,
    },
  };
}

/** The first of the four softkeys of the idle screen that is an XML browser (27). */
function readScreenKey(settings: SettingMap): string | undefined {
  const keys = [1, 2, 3, 4].map((number) => `programablekey.${number}`);
  const key = keys.find((name) => settings.get(`${name}.type`) === "27");
  return key === undefined ? undefined : settings.get(`${key}.value`);
}

function readLine(settings: SettingMap): LineSettings {
  const server = "account.1.sip_server.1";
  const usesProxy = settings.get("account.1.outbound_proxy_enable") === "1";
  const hop = usesProxy ? "account.1.outbound_proxy.1" : server;
  const serverPort = requiredNumber(settings, `${server}.port`);
  return {
    user: required(settings, "account.1.user_name"),
    domain: required(settings, `${server}.address`),
    domainPort: serverPort === defaultPort ? undefined : serverPort,
    authenticationName: required(settings, "account.1.auth_name"),
    password: required(settings, "account.1.password"),
    displayName: settings.get("account.1.display_name") ?? "",
    proxy: {
      host: required(settings, `${hop}.address`),
      port: requiredNumber(settings, `${hop}.port`),
    },
    transport: readTransport(settings, `${server}.transport_type`, transports),
    expiresSeconds: requiredNumber(settings, `${server}.expires`),
  };
}
