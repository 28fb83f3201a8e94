import { isOf, skip, userCharacter } from "./character-classes.ts";

const reserved = ";/?:@&=+$,%";

/** §19.1.4: characters outside the reserved set equal their escapes; escapes are in upper case. */
export function normalizeEscapes(text: string): string {
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

/** `text` with its escapes resolved, as UTF-8, or as ISO 8859-1 where they are not UTF-8. */
export function resolveEscapes(text: string): string {
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
  if (skip(userCharacter, text, 0, text.length) === text.length) return text;
  let escaped = "";
  for (const byte of Buffer.from(text, "utf8")) {
    escaped += isOf(userCharacter, byte)
      ? String.fromCharCode(byte)
      : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return escaped;
}
