import {
  anyUriCharacter,
  digitCharacter,
  isOf,
  parameterCharacter,
  passwordCharacter,
  schemeCharacter,
  skip,
  skipEscaped,
  uriHeaderCharacter,
  userCharacter,
} from "./character-classes.ts";
import { parseByGrammar } from "./full-grammar.ts";
import { endOfHost, scanPort } from "./host.ts";
import { lowerCaseNameAt, noParameters, type Parameters } from "./parameters.ts";
import { SipParseError } from "./sip-parse-error.ts";

/** A SIP or SIPS URI (RFC 3261 §19.1.1). */
export interface SipUri {
  readonly scheme: "sip" | "sips";
  /** As on the wire, still escaped. */
  readonly user: string | undefined;
  readonly password: string | undefined;
  /** In lower case; an IPv6 address in its brackets. */
  readonly host: string;
  readonly port: number | undefined;
  /** Values as on the wire, still escaped. */
  readonly parameters: Parameters;
  /** The text after `?`, as on the wire. */
  readonly headers: string | undefined;
}

/** A URI of another scheme: `tel`, `urn`, `http`, … */
export interface OtherUri {
  /** In lower case. */
  readonly scheme: string;
  /** The whole URI as on the wire. */
  readonly text: string;
}

export function isSipUri(uri: SipUri | OtherUri): uri is SipUri {
  return uri.scheme === "sip" || uri.scheme === "sips";
}

/**
 * Reads a URI.
 *
 * @throws SipParseError when the text is no URI, or a SIP URI against its grammar.
 */
export function parseUri(text: string): SipUri | OtherUri {
  const schemeEnd = skip(schemeCharacter, text, 0, text.length);
  if (
    schemeEnd === 0 ||
    text.charCodeAt(schemeEnd) !== 58 ||
    isOf(digitCharacter, text.charCodeAt(0))
  ) {
    throw new SipParseError("URI", "the scheme is missing");
  }
  const scheme = text.slice(0, schemeEnd).toLowerCase();
  if (scheme === "sip" || scheme === "sips") {
    return scanSipUri(text) ?? sipUriByGrammar(text);
  }
  const end = skip(anyUriCharacter, text, schemeEnd + 1, text.length);
  if (end !== text.length || end === schemeEnd + 1) {
    throw new SipParseError("URI", "a character is not allowed");
  }
  return { scheme, text };
}

/** Reads the shapes of SIP URI that are met in practice; undefined: the full grammar has to decide. */
export function scanSipUri(text: string): SipUri | undefined {
  const end = text.length;
  const start = text.charCodeAt(3) === 58 ? 4 : 5;
  const scheme = schemeOf(text, start);
  if (scheme === undefined) return undefined;
  const at = text.indexOf("@", start);
  let user: string | undefined;
  let password: string | undefined;
  if (at >= 0) {
    const userEnd = skipEscaped(userCharacter, text, start, at);
    if (userEnd === start) return undefined;
    user = text.slice(start, userEnd);
    if (userEnd !== at) {
      if (text.charCodeAt(userEnd) !== 58) return undefined;
      if (skipEscaped(passwordCharacter, text, userEnd + 1, at) !== at) return undefined;
      password = text.slice(userEnd + 1, at);
    }
  }
  const hostStart = at < 0 ? start : at + 1;
  const hostEnd = endOfHost(text, hostStart, end);
  if (hostEnd < 0) return undefined;
  const host = text.slice(hostStart, hostEnd).toLowerCase();
  let position = hostEnd;
  let port: number | undefined;
  if (text.charCodeAt(position) === 58) {
    const portEnd = skip(digitCharacter, text, position + 1, end);
    port = scanPort(text, position + 1, portEnd);
    if (port === undefined) return undefined;
    position = portEnd;
  }
  if (position === end) {
    return { scheme, user, password, host, port, parameters: noParameters, headers: undefined };
  }
  const question = text.indexOf("?", position);
  const parametersEnd = question < 0 ? end : question;
  const parameters = scanUriParameters(text, position, parametersEnd);
  if (parameters === undefined) return undefined;
  if (question >= 0 && !areUriHeaders(text, question + 1, end)) return undefined;
  const headers = question < 0 ? undefined : text.slice(question + 1);
  return { scheme, user, password, host, port, parameters, headers };
}

function schemeOf(text: string, start: number): "sip" | "sips" | undefined {
  const scheme = text.slice(0, start).toLowerCase();
  if (scheme === "sip:") return "sip";
  return scheme === "sips:" ? "sips" : undefined;
}

function scanUriParameters(text: string, start: number, end: number): Parameters | undefined {
  if (start === end) return noParameters;
  const parameters = new Map<string, string | null>();
  let position = start;
  while (position < end) {
    if (text.charCodeAt(position) !== 59) return undefined;
    const nameEnd = skipEscaped(parameterCharacter, text, position + 1, end);
    if (nameEnd === position + 1) return undefined;
    const name = parameterName(text, position + 1, nameEnd);
    if (parameters.has(name)) throw new SipParseError("URI", "a parameter appears twice");
    position = nameEnd;
    if (position < end && text.charCodeAt(position) === 61) {
      const valueEnd = skipEscaped(parameterCharacter, text, position + 1, end);
      if (valueEnd === position + 1) return undefined;
      parameters.set(name, text.slice(position + 1, valueEnd));
      position = valueEnd;
    } else parameters.set(name, null);
  }
  return parameters;
}

/** `hname "=" hvalue *( "&" hname "=" hvalue )`, where a value may be empty. */
function areUriHeaders(text: string, start: number, end: number): boolean {
  let position = start;
  for (;;) {
    const nameEnd = skipEscaped(uriHeaderCharacter, text, position, end);
    if (nameEnd === position || text.charCodeAt(nameEnd) !== 61) return false;
    position = skipEscaped(uriHeaderCharacter, text, nameEnd + 1, end);
    if (position === end) return true;
    if (text.charCodeAt(position) !== 38) return false;
    position++;
  }
}

function parameterName(text: string, start: number, end: number): string {
  const name = lowerCaseNameAt(text, start, end);
  return name.includes("%") ? resolveEscapes(name).toLowerCase() : name;
}

/** What stands between `@` (or the scheme) and the first `;` or `?`, once the grammar has found it in order. */
const hostAndPort = /^(\[[^\]]*\]|[^:]*)(?::(\d*))?$/;

/**
 * Reads a SIP URI by the full grammar. That gives the verdict alone; the parts are cut out of the
 * text, since it resolves the user part's escapes and takes the host of `maddr` for the URI's.
 *
 * @throws SipParseError when the grammar refuses the text.
 */
export function sipUriByGrammar(text: string): SipUri {
  if (parseByGrammar(text, "SIP_URI") === undefined)
    throw new SipParseError("URI", "not a valid SIP URI");
  const colon = text.indexOf(":");
  const at = text.indexOf("@");
  const [user, password] = at < 0 ? [] : text.slice(colon + 1, at).split(":");
  const hostStart = Math.max(at, colon) + 1;
  const question = text.indexOf("?", hostStart);
  const end = question < 0 ? text.length : question;
  const semicolon = text.indexOf(";", hostStart);
  const hostEnd = semicolon < 0 || semicolon > end ? end : semicolon;
  const [, host = "", portText] = hostAndPort.exec(text.slice(hostStart, hostEnd)) ?? [];
  const port = portText === undefined ? undefined : scanPort(portText, 0, portText.length);
  const parameters = scanUriParameters(text, hostEnd, end);
  if (parameters === undefined || (portText !== undefined && port === undefined)) {
    throw new SipParseError("URI", "a port or a parameter is malformed");
  }
  return {
    scheme: colon === 3 ? "sip" : "sips",
    user,
    password,
    host: host.toLowerCase(),
    port,
    parameters,
    headers: question < 0 ? undefined : text.slice(question + 1),
  };
}

/** The URI as it goes on the wire. */
export function formatUri(uri: SipUri | OtherUri): string {
  if (!isSipUri(uri)) return uri.text;
  let text = `${uri.scheme}:`;
  if (uri.user !== undefined) {
    text += uri.user;
    if (uri.password !== undefined) text += `:${uri.password}`;
    text += "@";
  }
  text += uri.host;
  if (uri.port !== undefined) text += `:${uri.port}`;
  for (const [name, value] of uri.parameters) {
    text += `;${escapeAll(parameterCharacter, name)}`;
    if (value !== null) text += `=${value}`;
  }
  return uri.headers === undefined ? text : `${text}?${uri.headers}`;
}

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

const reserved = ";/?:@&=+$,%";

/** §19.1.4: characters outside the reserved set equal their escapes; escapes are in upper case. */
function normalizeEscapes(text: string): string {
  if (!text.includes("%")) return text;
  return text.replace(/%([0-9a-fA-F]{2})/g, (escaped, hex: string) => {
    const code = Number.parseInt(hex, 16);
    const character = String.fromCharCode(code);
    return code > 32 && code < 127 && !reserved.includes(character)
      ? character
      : escaped.toUpperCase();
  });
}

/**
 * The user part with its escapes resolved, for comparing and looking up. Escapes that are not UTF-8
 * are read as ISO 8859-1.
 */
export function decodeUser(user: string): string {
  return resolveEscapes(user);
}

function resolveEscapes(text: string): string {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
  }
}

/** `text` as the user part of a SIP URI, whatever is in it. */
export function escapeUser(text: string): string {
  return escapeAll(userCharacter, text);
}

function escapeAll(mask: number, text: string): string {
  if (skip(mask, text, 0, text.length) === text.length) return text;
  let escaped = "";
  for (const byte of Buffer.from(text, "utf8")) {
    escaped += isOf(mask, byte)
      ? String.fromCharCode(byte)
      : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return escaped;
}
