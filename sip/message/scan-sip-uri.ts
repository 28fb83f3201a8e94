import {
  consistsOf,
  digitCharacter,
  parameterCharacter,
  passwordCharacter,
  skip,
  skipEscaped,
  uriHeaderCharacter,
  userCharacter,
} from "./character-classes.ts";
import { parseByGrammar } from "./full-grammar.ts";
import { endOfHost, scanPort } from "./host.ts";
import { lowerCaseNameAt, noParameters, type Parameters } from "./parameters.ts";
import { SipParseError } from "./sip-parse-error.ts";
import type { SipUri } from "./sip-uri.ts";
import { resolveEscapes } from "./uri-escapes.ts";

/** Reads the shapes of SIP URI that are met in practice; undefined: the full grammar has to decide. */
export function scanSipUri(text: string): SipUri | undefined {
  const end = text.length;
  const start = text.charCodeAt(3) === 58 ? 4 : 5;
  const scheme = schemeOf(text, start);
  if (scheme === undefined) return undefined;
  const at = text.indexOf("@", start);
  const userEnd = at < 0 ? start : skipEscaped(userCharacter, text, start, at);
  if (!isUserInfo(text, start, userEnd, at)) return undefined;
  const user = at < 0 ? undefined : text.slice(start, userEnd);
  const password = userEnd < at ? text.slice(userEnd + 1, at) : undefined;
  const hostStart = at < 0 ? start : at + 1;
  const hostEnd = endOfHost(text, hostStart, end);
  if (hostEnd < 0) return undefined;
  const host = text.slice(hostStart, hostEnd).toLowerCase();
  const hasPort = text.charCodeAt(hostEnd) === 58;
  const portEnd = hasPort ? skip(digitCharacter, text, hostEnd + 1, end) : hostEnd;
  const port = hasPort ? scanPort(text, hostEnd + 1, portEnd) : undefined;
  if (hasPort && port === undefined) return undefined;
  const question = portEnd === end ? -1 : text.indexOf("?", portEnd);
  const parameters = scanUriParameters(text, portEnd, question < 0 ? end : question);
  if (parameters === undefined) return undefined;
  if (question >= 0 && !areUriHeaders(text, question + 1, end)) return undefined;
  const headers = question < 0 ? undefined : text.slice(question + 1);
  return { scheme, user, password, host, port, parameters, headers };
}

/** Whether what stands before `@` is a user part up to `userEnd`, and a password where more is there. */
function isUserInfo(text: string, start: number, userEnd: number, at: number): boolean {
  if (at < 0 || (userEnd === at && userEnd > start)) return true;
  if (userEnd === start || text.charCodeAt(userEnd) !== 58) return false;
  return skipEscaped(passwordCharacter, text, userEnd + 1, at) === at;
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

/** In lower case; an escape that was not needed is resolved, so that `%6Cr` is `lr` (§19.1.4). */
function parameterName(text: string, start: number, end: number): string {
  const name = lowerCaseNameAt(text, start, end);
  if (!name.includes("%")) return name;
  const plain = resolveEscapes(name).toLowerCase();
  return consistsOf(parameterCharacter, plain) ? plain : name;
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
