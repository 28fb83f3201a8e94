import type { Parameters } from "./parameters.ts";
import type { SipUri } from "./sip-uri.ts";
import { normalizeEscapes } from "./uri-escapes.ts";

/** These never match a URI that lacks them (RFC 3261 §19.1.4). */
const neverIgnored = ["user", "ttl", "method", "maddr", "transport"] as const;

/** Whether two SIP URIs are equivalent (RFC 3261 §19.1.4). */
export function sameSipUri(a: SipUri, b: SipUri): boolean {
  if (a === b) return true;
  if (a.scheme !== b.scheme || a.host !== b.host || a.port !== b.port) return false;
  if (!sameEscaped(a.user, b.user) || !sameEscaped(a.password, b.password)) return false;
  return sameParameters(a.parameters, b.parameters) && sameHeaders(a.headers, b.headers);
}

function sameEscaped(a: string | undefined, b: string | undefined): boolean {
  if (a === b) return true;
  return a !== undefined && b !== undefined && normalizeEscapes(a) === normalizeEscapes(b);
}

function sameParameters(a: Parameters, b: Parameters): boolean {
  if (a.size === 0 && b.size === 0) return true;
  for (const name of neverIgnored) if (a.has(name) !== b.has(name)) return false;
  for (const [name, value] of a) {
    const other = b.get(name);
    if (other === undefined) continue;
    if (value === other) continue;
    if (value === null || other === null) return false;
    if (normalizeEscapes(value).toLowerCase() !== normalizeEscapes(other).toLowerCase())
      return false;
  }
  return true;
}

function sameHeaders(a: string | undefined, b: string | undefined): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined) return false;
  const normal = (text: string) => normalizeEscapes(text).split("&").map(headerInNormalCase).sort();
  return normal(a).join("&") === normal(b).join("&");
}

function headerInNormalCase(header: string): string {
  const equals = header.indexOf("=");
  return equals < 0
    ? header.toLowerCase()
    : header.slice(0, equals).toLowerCase() + header.slice(equals);
}
