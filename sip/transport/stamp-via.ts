import { formatVia, parseVias, withViaParameters } from "../message/via.ts";

/**
 * The Via line of a request as the server transport has to leave it (RFC 3261 §18.2.1, RFC 3581
 * §4): `received` where the sent-by host is not the source address or `rport` was asked for, and
 * `rport` filled with the source port. What a client wrote there itself is replaced, for it
 * would lead the response elsewhere.
 *
 * @param value the topmost Via header field's value, maybe several Vias; only the first is changed
 * @param address the source address, an IP literal without brackets
 * @returns the same string when nothing has to change
 * @throws SipParseError when the value is no Via
 */
export function stampVia(value: string, address: string, port: number): string {
  return stampCommonVia(value, address, port) ?? stampAnyVia(value, address, port);
}

/** Phones write `SIP/2.0/UDP host:port;branch=…;rport`: that is edited as text, without a parse. */
function stampCommonVia(value: string, address: string, port: number): string | undefined {
  if (!value.startsWith("SIP/2.0/")) return undefined;
  const space = value.indexOf(" ");
  const semicolon = value.indexOf(";");
  if (space < 0 || semicolon < space + 2) return undefined;
  const lower = value.toLowerCase();
  if (lower.includes("received") || /[,"\s]/.test(value.slice(space + 1))) return undefined;

  const rport = findRport(lower, semicolon);
  if (rport === "has-value") return undefined;
  const host = sentByHost(lower, space + 1, semicolon);
  if (rport === undefined) {
    return host === address ? value : `${value};received=${address}`;
  }
  const end = rport + ";rport".length;
  return `${value.slice(0, end)}=${port};received=${address}${value.slice(end)}`;
}

/** Where a bare `;rport` begins, or that it has a value, or undefined when it was not asked for. */
function findRport(lower: string, from: number): number | "has-value" | undefined {
  for (let at = lower.indexOf(";rport", from); at >= 0; at = lower.indexOf(";rport", at + 1)) {
    const next = lower.charAt(at + ";rport".length);
    if (next === "" || next === ";") return at;
    if (next === "=") return "has-value";
  }
  return undefined;
}

function sentByHost(lower: string, start: number, end: number): string {
  if (lower.charAt(start) === "[") return lower.slice(start + 1, lower.indexOf("]", start));
  const colon = lower.indexOf(":", start);
  return lower.slice(start, colon >= 0 && colon < end ? colon : end);
}

function stampAnyVia(value: string, address: string, port: number): string {
  const [top, ...others] = parseVias(value);
  if (top === undefined) return value;
  const bareHost = top.host.replace(/^\[|\]$/g, "").toLowerCase();
  const changes: Record<string, string | null> = {};
  if (top.rport !== undefined) changes.rport = String(port);
  if (top.rport !== undefined || top.received !== undefined || bareHost !== address) {
    changes.received = address;
  }
  return [withViaParameters(top, changes), ...others].map(formatVia).join(", ");
}
