/** The SIP account that a Yealink phone reads from its configuration. */
export interface YealinkAccount {
  readonly user: string;
  readonly authenticationName: string;
  readonly password: string;
  /** The SIP domain: `account.1.sip_server.1.address`. */
  readonly domain: string;
  /** Where requests go: `account.1.outbound_proxy.1`, else the server itself. */
  readonly proxyHost: string;
  readonly proxyPort: number;
  readonly settings: ReadonlyMap<string, string>;
}

/**
 * Fetches a phone's configuration as a Yealink T46S does and reads its first account.
 * @param provisioningUrl where phones ask, without region and slash
 * @param macAddress in any usual form
 */
export async function fetchYealinkAccount(
  provisioningUrl: string,
  region: string,
  macAddress: string,
): Promise<YealinkAccount> {
  const digits = macAddress.replaceAll(/[^0-9a-fA-F]/g, "").toLowerCase();
  const pairs = digits.match(/../g)?.join(":") ?? "";
  const url = `${provisioningUrl}/${region}/${digits}.cfg`;
  const reply = await fetch(url, {
    headers: { "user-agent": `Yealink SIP-T46S 66.86.0.15 ${pairs}` },
  });
  const text = await reply.text();
  if (!reply.ok) throw new Error(`GET ${url} was answered ${reply.status}: ${text}`);
  return readYealinkAccount(text);
}

/** Reads `key = value` lines; the first one names the format. */
export function readYealinkAccount(text: string): YealinkAccount {
  if (!text.startsWith("#!version:1.0.0.1")) throw new Error("Not a Yealink configuration.");
  const settings = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const match = /^([^#=\s][^=]*?)\s*=\s*(.*?)\s*$/.exec(line);
    if (match !== null) settings.set(match[1] ?? "", match[2] ?? "");
  }
  const server = setting(settings, "account.1.sip_server.1.address");
  const usesProxy = settings.get("account.1.outbound_proxy_enable") === "1";
  const hop = usesProxy ? "account.1.outbound_proxy.1" : "account.1.sip_server.1";
  return {
    user: setting(settings, "account.1.user_name"),
    authenticationName: setting(settings, "account.1.auth_name"),
    password: setting(settings, "account.1.password"),
    domain: server,
    proxyHost: setting(settings, `${hop}.address`),
    proxyPort: Number(setting(settings, `${hop}.port`)),
    settings,
  };
}

function setting(settings: ReadonlyMap<string, string>, key: string): string {
  const value = settings.get(key);
  if (value === undefined) throw new Error(`The configuration has no ${key}.`);
  return value;
}
