import { isIP, isIPv4, isIPv6 } from "node:net";
import { resolve } from "node:path";

/** The first and the last port of a range, both included. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** 0 to 65535; 0 lets the system choose a free one. */
export function readPort(text: string): number | undefined {
  if (!/^[0-9]{1,5}$/.test(text)) return undefined;
  const port = Number(text);
  return port <= 65535 ? port : undefined;
}

/** `49152-53247`: an even first port, as RTP has even ports (RFC 3550 §11), and room for one call at least. */
export function readPortRange(text: string): PortRange | undefined {
  const match = /^([0-9]{1,5})-([0-9]{1,5})$/.exec(text);
  if (match === null) return undefined;
  const first = Number(match[1]);
  const last = Number(match[2]);
  if (first < 1024 || last > 65535 || first % 2 === 1 || last <= first) return undefined;
  return { first, last };
}

/** `true` or `false`, nothing else. */
export function readBoolean(text: string): boolean | undefined {
  if (text === "true") return true;
  return text === "false" ? false : undefined;
}

/** A reader of one of some words. */
export function oneOf<Word extends string>(
  words: readonly Word[],
): (text: string) => Word | undefined {
  return (text) => words.find((word) => word === text);
}

/** An IPv4 or IPv6 address, without brackets. */
export function readAddress(text: string): string | undefined {
  return isIP(text) === 0 ? undefined : text;
}

/** A host name (RFC 1123 §2.1) or an address, without port. An IPv6 address loses its brackets. */
export function readHost(text: string): string | undefined {
  const bare = text.startsWith("[") && text.endsWith("]") ? text.slice(1, -1) : text;
  if (isIPv4(text) || isIPv6(bare)) return bare;
  // Four numbers that are no address are a mistyped one, not a name.
  if (text.length > 253 || /^[0-9.]+$/.test(text)) return undefined;
  const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i;
  return text.split(".").every((part) => label.test(part)) ? text : undefined;
}

/** A path, made absolute from where the gateway was started. */
export function readPath(text: string): string | undefined {
  return text.includes("\0") ? undefined : resolve(text);
}

/** Visible ASCII without spaces: what can stand in a header or a key. */
export function readWord(text: string): string | undefined {
  return /^[!-~]{1,128}$/.test(text) ? text : undefined;
}

/**
 * The URL of one Redis or of several: `redis://host:6379/0`, `rediss://…` with TLS,
 * `redis+sentinel://a:26379,b:26379/name`, `redis+cluster://a:6379,b:6379`.
 */
export function readRedisUrl(text: string): string | undefined {
  const match =
    /^rediss?(?:\+sentinel|\+cluster)?:\/\/(?:[^@/\s]*@)?([^@/?#\s]+)(?:[/?]\S*)?$/.exec(text);
  const hosts = match?.[1]?.split(",") ?? [];
  return hosts.length > 0 && hosts.every(isHostAndPort) ? text : undefined;
}

function isHostAndPort(text: string): boolean {
  const match = /^(\[[0-9a-f:.]+\]|[^:]+)(?::([0-9]+))?$/i.exec(text);
  if (match === null || readHost(match[1] ?? "") === undefined) return false;
  return match[2] === undefined || readPort(match[2]) !== undefined;
}

/** `sip:trunk.example:5060;transport=tcp`: a SIP URI without user part or spaces. */
export function readTrunkUri(text: string): string | undefined {
  const match = /^sips?:([^@;?\s]+)((?:;[^;?@\s]+)*)$/i.exec(text);
  return match !== null && isHostAndPort(match[1] ?? "") ? text : undefined;
}

/** `UTC`, `+01:00`, `-09:30`; seconds east of Greenwich. */
export function readUtcOffsetSeconds(text: string): number | undefined {
  if (text === "UTC" || text === "Z") return 0;
  const match = /^([+-])([0-9]{2}):([0-9]{2})$/.exec(text);
  if (match === null) return undefined;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  const isOffset = Number(match[3]) < 60 && minutes <= 14 * 60 && minutes % 15 === 0;
  if (!isOffset) return undefined;
  return minutes === 0 ? 0 : minutes * (match[1] === "-" ? -60 : 60);
}
