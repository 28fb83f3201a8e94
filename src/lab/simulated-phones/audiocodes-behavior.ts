import type { PhoneIdentity } from "./phone-identity.ts";
import {
  type LineSettings,
  type PhoneSettings,
  readTransport,
  required,
  requiredNumber,
  type SettingMap,
} from "./phone-settings.ts";
import { readAudioCodesFile } from "./read-setting-lines.ts";
import { reactToCheckSync, type VendorBehavior } from "./vendor-behavior.ts";

const transports = { UDP: "UDP", TCP: "TCP" } as const;

/** AudioCodes' 400HD phones (AudioCodes 400HD Series Administrator's Manual). */
export const audiocodesBehavior: VendorBehavior = {
  vendor: "audiocodes",
  browser: undefined,

  sipUserAgent: (identity) => userAgentOf(identity),
  contactParameters: () => "",
  dialedUri: (number, host) => `sip:${number}@${host}`,
  reactTo: reactToCheckSync,

  async fetchSettings(http, identity, source) {
    const userAgent = userAgentOf(identity);
    const { folder, image, name } = readSource(source, identity);
    await http.get(new URL(image, folder).href, userAgent, { reads: false });
    const text = await http.getText(new URL(name, folder).href, userAgent);
    return readSettings(readAudioCodesFile(text));
  },
};

/** Firmware 3.x, which comes from the UC train, does not say its MAC address. */
function userAgentOf({ model, firmware, macAddress }: PhoneIdentity): string {
  return firmware.startsWith("3.")
    ? `AUDC-IPPhone-${model}_UC_${firmware}/1.0`
    : `AUDC-IPPhone/${firmware} (${model}-Rev1; ${macAddress.toUpperCase()})`;
}

/** A folder; or a file; or `folder/image;file`, with `<MODEL>` and `<MAC>` for the phone's own. */
function readSource(
  source: string,
  { model, macAddress }: PhoneIdentity,
): { readonly folder: string; readonly image: string; readonly name: string } {
  const expanded = source
    .replaceAll("<MODEL>", model)
    .replaceAll("<MAC>", macAddress.toUpperCase());
  const [, folder = expanded, file = ""] = /^(.*\/)([^/]*)$/.exec(expanded) ?? [];
  const [image, name] = file.includes(";") ? file.split(";") : ["", file];
  return {
    folder,
    image: image || `${model}.img`,
    name: name || `${macAddress.toUpperCase()}.cfg`,
  };
}

function readSettings(settings: SettingMap): PhoneSettings {
  const isStatic = settings.get("provisioning/method") === "STATIC";
  return {
    line: settings.get("voip/line/0/enabled") === "1" ? readLine(settings) : undefined,
    nextSource: isStatic ? settings.get("provisioning/configuration/url") : undefined,
    screenUrl: undefined,
    notify: {
      heeds: true,
      alwaysRestarts: settings.get("voip/services/notify/check_sync/force_reboot_enabled") === "1",
      challenges: false,
    },
  };
}

function readLine(settings: SettingMap): LineSettings {
  const signaling = "voip/signalling/sip";
  const usesProxy = settings.get(`${signaling}/sip_outbound_proxy/enabled`) === "1";
  const proxy = usesProxy
    ? { host: `${signaling}/sip_outbound_proxy/addr`, port: `${signaling}/sip_outbound_proxy/port` }
    : { host: `${signaling}/proxy_address`, port: `${signaling}/proxy_port` };
  return {
    user: required(settings, "voip/line/0/id"),
    domain: required(settings, `${signaling}/proxy_address`),
    domainPort: undefined,
    authenticationName: required(settings, "voip/line/0/auth_name"),
    password: required(settings, "voip/line/0/auth_password"),
    displayName: settings.get("voip/line/0/description") ?? "",
    proxy: { host: required(settings, proxy.host), port: requiredNumber(settings, proxy.port) },
    transport: readTransport(settings, `${signaling}/transport_protocol`, transports),
    expiresSeconds: requiredNumber(settings, `${signaling}/proxy_timeout`),
  };
}
