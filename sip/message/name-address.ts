import { skip, skipSpace, tokenCharacter } from "./character-classes.ts";
import { parseByGrammar, readList } from "./full-grammar.ts";
import {
  countParameters,
  endOfQuoted,
  formatParameters,
  noParameters,
  type Parameters,
  parametersFromGrammar,
  quote,
  scanParameters,
  unescapeQuoted,
} from "./parameters.ts";
import { SipParseError } from "./sip-parse-error.ts";
import { formatUri, isSipUri, type OtherUri, parseUri, type SipUri, scanUri } from "./sip-uri.ts";
import { splitList } from "./split-list.ts";

/** A `name-addr` or `addr-spec` with the header's parameters (RFC 3261 §20.10, §25.1). */
export interface NameAddress {
  /** Unquoted, escapes resolved; undefined when there is none (an empty one is ""). */
  readonly displayName: string | undefined;
  readonly uri: SipUri | OtherUri;
  /** The header's parameters (`tag`, `expires`, `q`, …), not the URI's. */
  readonly parameters: Parameters;
}

/**
 * Reads the value of From, To, or one element of Contact, Route and the like.
 *
 * @throws SipParseError when the value is against the grammar.
 */
export function parseAddress(value: string): NameAddress {
  return scanAddress(value) ?? addressByGrammar(value);
}

/** Reads the plain shapes; undefined: the full grammar has to decide. @throws as {@link parseAddress}. */
export function scanAddress(value: string): NameAddress | undefined {
  const end = value.length;
  const first = value.charCodeAt(0);
  let displayName: string | undefined;
  let open = 0;
  if (first === 34) {
    const close = endOfQuoted(value, 0, end);
    if (close < 0) return undefined;
    displayName = unescapeQuoted(value.slice(1, close - 1));
    open = skipSpace(value, close, end);
  } else if (first !== 60) {
    open = openingBracket(value, 0);
    if (open < 0) return scanAddrSpec(value);
    displayName = scanTokens(value, open);
    if (displayName === undefined) return undefined;
  }
  if (value.charCodeAt(open) !== 60) return undefined;
  const close = value.indexOf(">", open);
  if (close < 0) return undefined;
  const parameters = scanParameters(value, close + 1, end, "address");
  if (parameters === undefined) return undefined;
  const uri = scanUri(value.slice(open + 1, close));
  return uri === undefined ? undefined : { displayName, uri, parameters };
}

/** Where the `<` of a name-addr stands; -1 in an addr-spec, whose parameters may hold one. */
function openingBracket(value: string, start: number): number {
  const bracket = value.indexOf("<", start);
  const semicolon = value.indexOf(";", start);
  return semicolon >= 0 && semicolon < bracket ? -1 : bracket;
}

/** `*(token LWS)` before `<`. */
function scanTokens(value: string, end: number): string | undefined {
  let position = 0;
  let last = 0;
  while (position < end) {
    const tokenEnd = skip(tokenCharacter, value, position, end);
    if (tokenEnd === position) return undefined;
    last = tokenEnd;
    position = skipSpace(value, tokenEnd, end);
  }
  return value.slice(0, last);
}

/**
 * An address without `<>`: all parameters are the header's, and the URI may have neither `?` nor
 * `,` (§20.10).
 */
function scanAddrSpec(value: string): NameAddress | undefined {
  const semicolon = value.indexOf(";");
  const end = semicolon < 0 ? value.length : semicolon;
  const parameters =
    semicolon < 0 ? noParameters : scanParameters(value, semicolon, value.length, "address");
  if (parameters === undefined) return undefined;
  const text = value.slice(0, end);
  if (text.includes("?") || text.includes(",")) {
    throw new SipParseError("address", "a URI with ? or , must stand in <>");
  }
  if (text.endsWith(" ") || text.endsWith("\t")) return undefined;
  const uri = scanUri(text);
  return uri === undefined ? undefined : { displayName: undefined, uri, parameters };
}

/** Stands for the URI while the grammar looks at the rest, so that URIs of any scheme may be there. */
const placeholder = "sip:x@x.invalid";

/** Reads an address by the full grammar alone. @throws as {@link parseAddress}. */
export function addressByGrammar(value: string): NameAddress {
  const [start, end] = locateUri(value);
  const uri = parseUri(value.slice(start, end));
  const found = parseByGrammar(value.slice(0, start) + placeholder + value.slice(end), "From");
  if (!isGrammarAddress(found)) throw new SipParseError("address", "not a valid address");
  const bracketed = value.charCodeAt(start - 1) === 60;
  if (!bracketed && isSipUri(uri) && uri.headers !== undefined) {
    throw new SipParseError("address", "a URI with ? or , must stand in <>");
  }
  const tail = value.slice(end);
  return {
    displayName: bracketed ? displayNameBefore(value, start - 1) : undefined,
    uri,
    parameters: parametersFromGrammar(found.parameters, countParameters(tail), "address"),
  };
}

/** What is before `<`, once the grammar has found it in order. */
function displayNameBefore(value: string, open: number): string | undefined {
  const text = value.slice(0, open).trim();
  if (text === "") return undefined;
  return text.startsWith('"') ? unescapeQuoted(text.slice(1, -1)) : text;
}

/** Where the URI stands: between `<` and `>`, or from the start to the first `;` or white space. */
function locateUri(value: string): [start: number, end: number] {
  let open = skipSpace(value, 0, value.length);
  if (value.charCodeAt(open) === 34) {
    open = endOfQuoted(value, open, value.length);
    if (open < 0) throw new SipParseError("address", "a quoted string is not closed");
  }
  const bracket = openingBracket(value, open);
  if (bracket >= 0) {
    const close = value.indexOf(">", bracket);
    if (close < 0) throw new SipParseError("address", "< is not closed");
    return [bracket + 1, close];
  }
  const semicolon = value.indexOf(";");
  return [
    open,
    semicolon < 0 ? value.trimEnd().length : value.slice(0, semicolon).trimEnd().length,
  ];
}

interface GrammarAddress {
  readonly parameters: Readonly<Record<string, unknown>>;
}

function isGrammarAddress(found: unknown): found is GrammarAddress {
  return typeof found === "object" && found !== null && "parameters" in found;
}

/** The address as it goes on the wire, always with `<>`. */
export function formatAddress(address: NameAddress): string {
  const name = address.displayName === undefined ? "" : `${quote(address.displayName)} `;
  return `${name}<${formatUri(address.uri)}>${formatParameters(address.parameters)}`;
}

/** Every address of header lines that hold comma-separated ones: Route, Record-Route, Path, Service-Route. */
export function parseAddressList(values: readonly string[]): NameAddress[] {
  return readList(values.flatMap(splitList), scanAddress, addressByGrammar);
}
