import { skip, skipSpace, tokenCharacter } from "./character-classes.ts";
import { endOfQuoted, lowerCaseNameAt, unescapeQuoted } from "./parameters.ts";
import { SipParseError } from "./sip-parse-error.ts";

/** A challenge or credentials: WWW-Authenticate, Proxy-Authenticate, Authorization, Proxy-Authorization. */
export interface DigestParameters {
  /** As on the wire: `Digest`, `Bearer`, … */
  readonly scheme: string;
  /** By name in lower case; values unquoted. */
  readonly parameters: ReadonlyMap<string, string>;
}

/**
 * Reads `scheme 1*(name "=" value)`, comma-separated (RFC 3261 §25.1 `challenge`, `credentials`).
 *
 * @throws SipParseError when the value is malformed or a parameter appears twice.
 */
export function parseDigestHeader(value: string): DigestParameters {
  const end = value.length;
  const schemeEnd = skip(tokenCharacter, value, 0, end);
  let position = skipSpace(value, schemeEnd, end);
  if (schemeEnd === 0 || position === schemeEnd || position === end) throw malformed();
  const parameters = new Map<string, string>();
  for (;;) {
    const nameEnd = skip(tokenCharacter, value, position, end);
    const equals = skipSpace(value, nameEnd, end);
    if (nameEnd === position || value.charCodeAt(equals) !== 61) throw malformed();
    const name = lowerCaseNameAt(value, position, nameEnd);
    if (parameters.has(name)) throw new SipParseError("digest", "a parameter appears twice");
    const valueStart = skipSpace(value, equals + 1, end);
    const valueEnd = endOfValue(value, valueStart, end);
    parameters.set(name, plainValue(value, valueStart, valueEnd));
    position = skipSpace(value, valueEnd, end);
    if (position === end) break;
    if (value.charCodeAt(position) !== 44) throw malformed();
    position = skipSpace(value, position + 1, end);
  }
  return { scheme: value.slice(0, schemeEnd), parameters };
}

function endOfValue(text: string, start: number, end: number): number {
  const valueEnd =
    text.charCodeAt(start) === 34
      ? endOfQuoted(text, start, end)
      : skip(tokenCharacter, text, start, end);
  if (valueEnd <= start) throw malformed();
  return valueEnd;
}

function plainValue(text: string, start: number, end: number): string {
  if (text.charCodeAt(start) !== 34) return text.slice(start, end);
  return unescapeQuoted(text.slice(start + 1, end - 1));
}

function malformed(): SipParseError {
  return new SipParseError("digest", "not a scheme and comma-separated parameters");
}
