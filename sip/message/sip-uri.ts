import {
  anyUriCharacter,
  isOf,
  letterCharacter,
  schemeCharacter,
  skip,
} from "./character-classes.ts";
import type { Parameters } from "./parameters.ts";
import { scanSipUri, sipUriByGrammar } from "./scan-sip-uri.ts";
import { SipParseError } from "./sip-parse-error.ts";

export { sameSipUri } from "./same-sip-uri.ts";
export { decodeUser, escapeUser } from "./uri-escapes.ts";

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

/** Whether a URI is a SIP or SIPS URI, and so has parts. */
export function isSipUri(uri: SipUri | OtherUri): uri is SipUri {
  return uri.scheme === "sip" || uri.scheme === "sips";
}

/**
 * Reads a URI.
 *
 * @throws SipParseError when the text is no URI, or a SIP URI against its grammar.
 */
export function parseUri(text: string): SipUri | OtherUri {
  return scanUri(text) ?? sipUriByGrammar(text);
}

/** Reads the plain shapes; undefined: the full grammar has to decide. @throws as {@link parseUri}. */
export function scanUri(text: string): SipUri | OtherUri | undefined {
  const schemeEnd = skip(schemeCharacter, text, 0, text.length);
  if (
    schemeEnd === 0 ||
    text.charCodeAt(schemeEnd) !== 58 ||
    !isOf(letterCharacter, text.charCodeAt(0))
  ) {
    throw new SipParseError("URI", "the scheme is missing");
  }
  const scheme = text.slice(0, schemeEnd).toLowerCase();
  if (scheme === "sip" || scheme === "sips") return scanSipUri(text);
  const end = skip(anyUriCharacter, text, schemeEnd + 1, text.length);
  if (end !== text.length || end === schemeEnd + 1) {
    throw new SipParseError("URI", "a character is not allowed");
  }
  return { scheme, text };
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
    text += `;${name}`;
    if (value !== null) text += `=${value}`;
  }
  return uri.headers === undefined ? text : `${text}?${uri.headers}`;
}
