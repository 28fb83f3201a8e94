/** Characters of `token` (RFC 3261 §25.1). */
export const tokenCharacter = 1;
/** Characters of the user part of a SIP URI, but for escapes. */
export const userCharacter = 2;
/** Characters of the password of a SIP URI, but for escapes. */
export const passwordCharacter = 4;
/** Characters of a URI parameter's name or value, but for escapes. */
export const parameterCharacter = 8;
/** Characters of a header's name or value in a SIP URI (what follows `?`), but for escapes. */
export const uriHeaderCharacter = 16;
/** Letters, digits, hyphen, full stop, and the underscore that many private networks use in names. */
export const hostCharacter = 32;
/** Hexadecimal digits, colon and full stop: what may stand in an IPv6 reference. */
export const ipv6Character = 64;
/** Characters of `word`, of which a Call-ID consists. */
export const wordCharacter = 128;
/** Characters of a URI whose scheme is not sip or sips: RFC 2396 reserved, unreserved and `%`. */
export const anyUriCharacter = 256;
/** Decimal digits. */
export const digitCharacter = 512;
/** Hexadecimal digits. */
export const hexCharacter = 1024;
/** Letters, digits, `+`, `-` and `.`: a URI scheme after its first letter. */
export const schemeCharacter = 2048;

/** Letters. */
export const letterCharacter = 4096;

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const alphanumeric = `${letters}0123456789`;
const unreserved = `${alphanumeric}-_.!~*'()`;
const token = `${alphanumeric}-.!%*_+\`'~`;

const classes = new Uint16Array(128);
const members: readonly (readonly [mask: number, characters: string])[] = [
  [tokenCharacter, token],
  [userCharacter, `${unreserved}&=+$,;?/`],
  [passwordCharacter, `${unreserved}&=+$,`],
  [parameterCharacter, `${unreserved}[]/:&+$`],
  [uriHeaderCharacter, `${unreserved}[]/?:+$`],
  [hostCharacter, `${alphanumeric}-._`],
  [ipv6Character, "0123456789abcdefABCDEF:."],
  [wordCharacter, `${token}()<>:\\"/[]?{}`],
  [anyUriCharacter, `${unreserved};/?:@&=+$,%`],
  [digitCharacter, "0123456789"],
  [hexCharacter, "0123456789abcdefABCDEF"],
  [letterCharacter, letters],
  [schemeCharacter, `${alphanumeric}+-.`],
];
for (const [mask, characters] of members) {
  for (const character of characters) {
    const code = character.charCodeAt(0);
    classes[code] = (classes[code] ?? 0) | mask;
  }
}

/** Whether the UTF-16 code unit `code` belongs to one of the classes in `mask`. */
export function isOf(mask: number, code: number): boolean {
  return code < 128 && ((classes[code] ?? 0) & mask) !== 0;
}

/** Where, from `start` on, the first character that is not of `mask` stands; `end` at most. */
export function skip(mask: number, text: string, start: number, end: number): number {
  let position = start;
  while (position < end) {
    const code = text.charCodeAt(position);
    if (code > 127 || ((classes[code] ?? 0) & mask) === 0) break;
    position++;
  }
  return position;
}

/** Like {@link skip}, but takes `%` with two hexadecimal digits along (RFC 3261 §25.1 `escaped`). */
export function skipEscaped(mask: number, text: string, start: number, end: number): number {
  let position = start;
  for (;;) {
    position = skip(mask, text, position, end);
    if (position + 2 >= end || text.charCodeAt(position) !== 37) return position;
    if (!isOf(hexCharacter, text.charCodeAt(position + 1))) return position;
    if (!isOf(hexCharacter, text.charCodeAt(position + 2))) return position;
    position += 3;
  }
}

/** Where, from `start` on, the first character that is neither space nor tab stands. */
export function skipSpace(text: string, start: number, end: number): number {
  let position = start;
  while (position < end) {
    const code = text.charCodeAt(position);
    if (code !== 32 && code !== 9) break;
    position++;
  }
  return position;
}

/** Whether `text` is one or more characters of `mask` and nothing else. */
export function consistsOf(mask: number, text: string): boolean {
  return text.length > 0 && skip(mask, text, 0, text.length) === text.length;
}
