/** Where a Redis is, as `REDIS_URL` names it. */
export interface RedisTarget {
  readonly kind: "single" | "sentinel" | "cluster";
  readonly tls: boolean;
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** One server; or several Sentinels or cluster nodes to ask. */
  readonly hosts: readonly { readonly host: string; readonly port: number }[];
  /** The name under which the Sentinels know the master; empty otherwise. */
  readonly masterName: string;
  readonly database: number;
  readonly sentinelPassword: string | undefined;
}

const urlForm =
  /^(rediss?)(\+sentinel|\+cluster)?:\/\/(?:([^@/?]*)@)?([^@/?]+)(?:\/([^?]*))?(?:\?(.*))?$/;
const hostForm = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]]+))(?::([0-9]{1,5}))?$/;
const defaultPorts = { single: 6379, sentinel: 26_379, cluster: 6379 };

/**
 * Reads `REDIS_URL`:
 * `redis://[user:password@]host[:port][/database]`, `redis+sentinel://…@host,host:port/master-name[?db=1&sentinelPassword=…]`,
 * `redis+cluster://…@host,host:port`; with `rediss` in place of `redis` over TLS.
 * User and password are percent-encoded.
 * @throws InvalidRedisUrlError, which never repeats the password.
 */
export function readRedisUrl(url: string): RedisTarget {
  const match = urlForm.exec(url);
  if (match === null) throw new InvalidRedisUrlError("it has none of the known forms");
  const [, scheme, variant, userInfo, hosts = "", path = "", query = ""] = match;
  const kind = variant === "+sentinel" ? "sentinel" : variant === "+cluster" ? "cluster" : "single";
  const parameters = new URLSearchParams(query);
  if (kind === "sentinel" && path === "") {
    throw new InvalidRedisUrlError("the Sentinels' name for the master is missing after the hosts");
  }
  return {
    kind,
    tls: scheme === "rediss",
    ...readUserInfo(userInfo),
    hosts: readHosts(hosts, kind),
    masterName: kind === "sentinel" ? decode(path) : "",
    database: readDatabase(kind, path, parameters),
    sentinelPassword: parameters.get("sentinelPassword") ?? undefined,
  };
}

/** The target for people, without its password: `redis://host:port`. */
export function describeRedisTarget(target: RedisTarget): string {
  const variant = target.kind === "single" ? "" : `+${target.kind}`;
  const hosts = target.hosts.map(({ host, port }) => `${host}:${port}`).join(",");
  const master = target.masterName === "" ? "" : `/${target.masterName}`;
  return `redis${target.tls ? "s" : ""}${variant}://${hosts}${master}`;
}

function readUserInfo(userInfo: string | undefined): {
  username: string | undefined;
  password: string | undefined;
} {
  if (userInfo === undefined) return { username: undefined, password: undefined };
  const colon = userInfo.indexOf(":");
  if (colon < 0) return { username: decode(userInfo) || undefined, password: undefined };
  return {
    username: decode(userInfo.slice(0, colon)) || undefined,
    password: decode(userInfo.slice(colon + 1)) || undefined,
  };
}

function readHosts(text: string, kind: RedisTarget["kind"]): { host: string; port: number }[] {
  const hosts = text.split(",").map((one) => {
    const match = hostForm.exec(one);
    if (match === null) throw new InvalidRedisUrlError(`"${one}" is no host with a port`);
    const port = match[3] === undefined ? defaultPorts[kind] : Number(match[3]);
    if (port < 1 || port > 65_535) throw new InvalidRedisUrlError(`there is no port ${port}`);
    return { host: match[1] ?? match[2] ?? "", port };
  });
  if (kind === "single" && hosts.length > 1) {
    throw new InvalidRedisUrlError("several hosts need redis+sentinel:// or redis+cluster://");
  }
  return hosts;
}

function readDatabase(
  kind: RedisTarget["kind"],
  path: string,
  parameters: URLSearchParams,
): number {
  const text = parameters.get("db") ?? (kind === "single" ? path : "");
  if (text === "") return 0;
  if (!/^[0-9]{1,5}$/.test(text)) {
    throw new InvalidRedisUrlError("the database must be a number, for example /0");
  }
  if (kind === "cluster" && Number(text) !== 0) {
    throw new InvalidRedisUrlError("a Redis Cluster has database 0 only");
  }
  return Number(text);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    throw new InvalidRedisUrlError("a % in user, password or name must be written as %25", error);
  }
}

/** `REDIS_URL` cannot be read; the message says why and what it may be. */
export class InvalidRedisUrlError extends Error {
  readonly code = "INVALID_REDIS_URL";

  constructor(reason: string, cause?: unknown) {
    super(
      `REDIS_URL cannot be used: ${reason}. It may be redis://host:port, rediss://host:port, ` +
        "redis+sentinel://host:port,host:port/master-name or redis+cluster://host:port,host:port, " +
        "each with user:password@ before the hosts.",
      { cause },
    );
    this.name = "InvalidRedisUrlError";
  }
}
