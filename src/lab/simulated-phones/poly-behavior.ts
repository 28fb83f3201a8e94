import type { PhoneHttp } from "./phone-http.ts";
import type { PhoneIdentity } from "./phone-identity.ts";
import {
  ConfigurationError,
  type LineSettings,
  type PhoneSettings,
  readTransport,
  required,
  requiredNumber,
  type SettingMap,
} from "./phone-settings.ts";
import { readPolyPage } from "./read-vendor-pages.ts";
import { readPolyFile } from "./read-xml-settings.ts";
import { reactToCheckSync, type VendorBehavior } from "./vendor-behavior.ts";

/** What a phone puts before `.sip.ld` to ask for the image of its own model. */
const partNumbers: Readonly<Record<string, string>> = {
  VVX_450: "3111-48840-001",
  VVX_411: "3111-48450-001",
};
const updaterVersion = "5.9.7.22044";
const transports = { UDPOnly: "UDP", TCPOnly: "TCP" } as const;
const personalFiles = ["phone.cfg", "web.cfg", "license.cfg"] as const;

/** Poly's phones on UC Software (Polycom UC Software Administrator Guide 5.9 to 6.4, "Boot sequence"). */
export const polyBehavior: VendorBehavior = {
  vendor: "poly",
  browser: { userAgent: browserOf, read: readPolyPage },

  sipUserAgent: ({ model, firmware }) => `${product(model)}-UA/${firmware}`,
  contactParameters: () =>
    ';methods="INVITE, ACK, BYE, CANCEL, OPTIONS, INFO, MESSAGE, SUBSCRIBE, NOTIFY, PRACK, UPDATE, REFER"',
  dialedUri: (number, host) => `sip:${number}@${host};user=phone`,
  reactTo: reactToCheckSync,

  async fetchSettings(http, identity, source) {
    const folder = source.endsWith("/") ? source : `${source}/`;
    const master = await fetchMaster(http, identity, folder);
    const images = [partNumbers[identity.model], ""].filter((part) => part !== undefined);
    for (const part of images) {
      const path = required(master, "APP_FILE_PATH").replace(
        /(?=[^/]*$)/,
        part === "" ? "" : `${part}.`,
      );
      const { status } = await http.get(new URL(path, folder).href, updaterOf(identity), {
        reads: false,
      });
      if (status === 200) break;
    }
    const settings = await fetchConfigurationFiles(http, identity, folder, master);
    await fetchPersonalFiles(http, identity, folder);
    await putLogs(http, identity, folder);
    return readSettings(settings);
  },
};

/** `VVX_450` is of the product PolycomVVX, `Edge_E450` of PolyEdge, `CCX_500` of PolyCCX. */
function product(model: string): string {
  const family = model.split("_", 1)[0] ?? "";
  return `${family === "VVX" ? "Polycom" : "Poly"}${family}-${model}`;
}

function updaterOf({ model }: PhoneIdentity): string {
  return `FileTransport ${product(model)}-UA/${updaterVersion} Type/Updater`;
}

function applicationOf({ model, firmware, macAddress }: PhoneIdentity): string {
  const serial = model.startsWith("VVX") ? "" : ` (SN:${macAddress})`;
  return `FileTransport ${product(model)}-UA/${firmware}${serial} Type/Application`;
}

/** The microbrowser names itself otherwise than what fetches files. */
function browserOf({ model, firmware }: PhoneIdentity): string {
  return `Mozilla/5.0 (${product(model)}-UA/${firmware}) AppleWebKit/534`;
}

async function fetchMaster(
  http: PhoneHttp,
  identity: PhoneIdentity,
  folder: string,
): Promise<SettingMap> {
  const own = await http.get(`${folder}${identity.macAddress}.cfg`, updaterOf(identity));
  if (own.status === 200) return readPolyFile(own.body);
  return readPolyFile(await http.getText(`${folder}000000000000.cfg`, updaterOf(identity)));
}

async function fetchConfigurationFiles(
  http: PhoneHttp,
  identity: PhoneIdentity,
  folder: string,
  master: SettingMap,
): Promise<SettingMap> {
  const names = required(master, "CONFIG_FILES")
    .replaceAll("[PHONE_MAC_ADDRESS]", identity.macAddress)
    .replaceAll("[PHONE_MODEL]", identity.model.replaceAll(/[^A-Za-z0-9]/g, ""))
    .split(",")
    .map((name) => name.trim());
  const settings = new Map<string, string>();
  // The first file that names a setting wins, so the last is read first.
  for (const name of names.reverse()) {
    const text = await http.getText(new URL(name, folder).href, applicationOf(identity));
    for (const [key, value] of readPolyFile(text)) settings.set(key, value);
  }
  return settings;
}

async function fetchPersonalFiles(
  http: PhoneHttp,
  identity: PhoneIdentity,
  folder: string,
): Promise<void> {
  const { macAddress } = identity;
  const userAgent = applicationOf(identity);
  for (const name of personalFiles) await http.get(`${folder}${macAddress}-${name}`, userAgent);
  const directory = await http.get(`${folder}${macAddress}-directory.xml`, userAgent);
  if (directory.status !== 200) await http.get(`${folder}000000000000-directory.xml`, userAgent);
}

/** A phone keeps its user's settings only where its uploads are answered by 200. */
async function putLogs(http: PhoneHttp, identity: PhoneIdentity, folder: string): Promise<void> {
  for (const log of ["boot", "app"] as const) {
    const path = `${folder}${identity.macAddress}-${log}.log`;
    const { status } = await http.put(
      path,
      applicationOf(identity),
      `000000.000|${log}|simulated\n`,
    );
    if (status !== 200)
      throw new ConfigurationError(`PUT of the ${log} log was answered ${status}.`);
  }
}

function readSettings(settings: SettingMap): PhoneSettings {
  const setsDevice =
    settings.get("device.set") === "1" && settings.get("device.prov.serverName.set") === "1";
  return {
    line: settings.get("reg.1.server.1.register") === "1" ? readLine(settings) : undefined,
    nextSource: setsDevice ? settings.get("device.prov.serverName") : undefined,
    screenUrl: readScreenKey(settings),
    notify: {
      heeds: true,
      alwaysRestarts: settings.get("voIpProt.SIP.specialEvent.checkSync.alwaysReboot") === "1",
      challenges: false,
    },
  };
}

/** The first softkey, where the idle screen shows it. */
function readScreenKey(settings: SettingMap): string | undefined {
  const switches = [
    "feature.enhancedFeatureKeys.enabled",
    "softkey.1.enable",
    "softkey.1.use.idle",
  ];
  if (switches.some((name) => settings.get(name) !== "1")) return undefined;
  return settings.get("softkey.1.action");
}

function readLine(settings: SettingMap): LineSettings {
  const [user = "", domain] = required(settings, "reg.1.address").split("@");
  const server = "reg.1.server.1";
  const hop = settings.has("reg.1.outboundProxy.address") ? "reg.1.outboundProxy" : server;
  return {
    user,
    domain: domain ?? required(settings, `${server}.address`),
    domainPort: undefined,
    authenticationName: required(settings, "reg.1.auth.userId"),
    password: required(settings, "reg.1.auth.password"),
    displayName: settings.get("reg.1.displayName") ?? "",
    proxy: {
      host: required(settings, `${hop}.address`),
      port: requiredNumber(settings, `${hop}.port`),
    },
    transport: readTransport(settings, `${hop}.transport`, transports),
    expiresSeconds: requiredNumber(settings, `${server}.expires`),
  };
}
