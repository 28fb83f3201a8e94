import { isIP } from "node:net";
import { ipv6Character, skip, skipSpace, tokenCharacter } from "./character-classes.ts";
import { endOfHost } from "./host.ts";
import { SipParseError } from "./sip-parse-error.ts";

/**
 * Parameters by name, in wire order. Names are in lower case; a parameter without `=` has the value
 * null; values that were quoted are unquoted and their `\` escapes resolved.
 */
export type Parameters = ReadonlyMap<string, string | null>;

/** The parameters of whatever has none. */
export const noParameters: Parameters = new Map<string, string | null>();

/** RFC 3840 §9: values of these are quoted strings, and so is that of every `+` feature tag. */
const featureTags = new Set([
  "audio",
  "automata",
  "class",
  "duplex",
  "data",
  "control",
  "mobility",
  "description",
  "events",
  "priority",
  "methods",
  "schemes",
  "application",
  "video",
  "language",
  "type",
  "actor",
  "text",
  "extensions",
]);

/** `;lr;ttl=1`, ready to stand behind a header value; quoted where a value needs it. */
export function formatParameters(parameters: Parameters): string {
  let text = "";
  for (const [name, value] of parameters) {
    if (value === null) text += `;${name}`;
    else text += `;${name}=${isBareValue(name, value) ? value : quote(value)}`;
  }
  return text;
}

function isBareValue(name: string, value: string): boolean {
  if (name.startsWith("+") || featureTags.has(name)) return false;
  return value !== "" && endOfBareValue(name, value, 0, value.length) === value.length;
}

/** A quoted-string (RFC 3261 §25.1) that holds `text`. */
export function quote(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}

/** What is between the quotation marks of a quoted-string, with its escapes resolved. */
export function unescapeQuoted(inner: string): string {
  return inner.includes("\\") ? inner.replace(/\\([\s\S])/g, "$1") : inner;
}

/**
 * Where the quoted-string that begins at `start` ends (the index behind its closing mark), or -1
 * when it is not closed before `end`.
 */
export function endOfQuoted(text: string, start: number, end: number): number {
  const close = text.indexOf('"', start + 1);
  if (close < 0 || close >= end) return -1;
  if (text.charCodeAt(close - 1) !== 92) return close + 1;
  for (let position = start + 1; position < end; position++) {
    const code = text.charCodeAt(position);
    if (code === 34) return position + 1;
    if (code === 92) position++;
  }
  return -1;
}

/**
 * Reads `*( SEMI generic-param )` from `start` to `end` (RFC 3261 §25.1).
 *
 * @returns undefined where the text is not of the plain shape: the full grammar has to decide.
 * @throws SipParseError when a parameter appears twice (§7.3.1).
 */
export function scanParameters(
  text: string,
  start: number,
  end: number,
  where: string,
): Parameters | undefined {
  if (start === end) return noParameters;
  const parameters = new Map<string, string | null>();
  let position = start;
  while (position < end) {
    position = skipSpace(text, position, end);
    if (text.charCodeAt(position) !== 59) return undefined;
    const nameStart = skipSpace(text, position + 1, end);
    const nameEnd = skip(tokenCharacter, text, nameStart, end);
    if (nameEnd === nameStart) return undefined;
    const name = lowerCaseNameAt(text, nameStart, nameEnd);
    if (parameters.has(name)) throw new SipParseError(where, "a parameter appears twice");
    const equals = skipSpace(text, nameEnd, end);
    if (equals === end || text.charCodeAt(equals) !== 61) {
      parameters.set(name, null);
      position = nameEnd;
      continue;
    }
    const valueStart = skipSpace(text, equals + 1, end);
    position = endOfValue(name, text, valueStart, end);
    if (position <= valueStart) return undefined;
    const value = text.slice(valueStart, position);
    parameters.set(name, value.charCodeAt(0) === 34 ? unescapeQuoted(value.slice(1, -1)) : value);
  }
  return parameters;
}

/** Where the value that begins at `start` ends; -1, or `start`, when there is none. */
function endOfValue(name: string, text: string, start: number, end: number): number {
  if (start < end && text.charCodeAt(start) === 34) return endOfQuoted(text, start, end);
  return endOfBareValue(name, text, start, end);
}

/** Parameters that hold an IPv6 address without brackets (§25.1 `via-received`, `via-maddr`). */
const addressParameters = new Set(["received", "maddr"]);

/** Where an unquoted value ends: a token, an IPv6 reference, or an address where one may stand. */
function endOfBareValue(name: string, text: string, start: number, end: number): number {
  if (start < end && text.charCodeAt(start) === 91) return endOfHost(text, start, end);
  const position = skip(tokenCharacter, text, start, end);
  if (position === end || text.charCodeAt(position) !== 58) return position;
  if (!addressParameters.has(name)) return -1;
  const addressEnd = skip(ipv6Character, text, start, end);
  return isIP(text.slice(start, addressEnd)) === 6 ? addressEnd : -1;
}

/** Names of parameters that phones send in nearly every message, by their length. */
const commonNames: string[][] = [];
for (const name of [
  "q",
  "lr",
  "ob",
  "tag",
  "ttl",
  "line",
  "user",
  "rport",
  "maddr",
  "alias",
  "branch",
  "reg-id",
  "method",
  "expires",
  "received",
  "transport",
  "+sip.instance",
  "nc",
  "qop",
  "uri",
  "realm",
  "nonce",
  "stale",
  "domain",
  "cnonce",
  "opaque",
  "response",
  "username",
  "algorithm",
]) {
  const sameLength = commonNames[name.length] ?? [];
  sameLength.push(name);
  commonNames[name.length] = sameLength;
}

/** The name in `text` from `start` to `end` in lower case; common ones without a string of their own. */
export function lowerCaseNameAt(text: string, start: number, end: number): string {
  const candidates = commonNames[end - start];
  if (candidates !== undefined) {
    const first = text.charCodeAt(start);
    for (let index = 0; index < candidates.length; index++) {
      const name = candidates[index] as string;
      if (name.charCodeAt(0) === first && text.startsWith(name, start)) return name;
    }
  }
  return text.slice(start, end).toLowerCase();
}

/** How many parameters stand in `tail`: semicolons outside quoted strings. */
export function countParameters(tail: string): number {
  let count = 0;
  for (let position = 0; position < tail.length; position++) {
    const code = tail.charCodeAt(position);
    if (code === 59) count++;
    else if (code === 34) {
      const end = endOfQuoted(tail, position, tail.length);
      if (end < 0) return count;
      position = end - 1;
    }
  }
  return count;
}

/**
 * Parameters as the full grammar gives them (a plain object, quoted values still in quotes).
 *
 * @param expected how many there were in the text; fewer in the object means that one came twice.
 */
export function parametersFromGrammar(
  found: Readonly<Record<string, unknown>>,
  expected: number,
  where: string,
): Parameters {
  const parameters = new Map<string, string | null>();
  for (const [name, value] of Object.entries(found)) {
    const text = value === null || value === undefined ? null : String(value);
    const quoted = text !== null && text.length >= 2 && text.startsWith('"');
    parameters.set(name.toLowerCase(), quoted ? unescapeQuoted(text.slice(1, -1)) : text);
  }
  if (parameters.size !== expected) throw new SipParseError(where, "a parameter appears twice");
  return parameters;
}
