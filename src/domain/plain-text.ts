/** What became of reading a short text; `reason` says what to correct. */
export type PlainTextReading =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly reason: string };

/**
 * Reads a text that is shown in one line: trimmed, 1 to `longest` characters, none of them a control
 * character.
 * @param what how a reason begins: `A display name`
 */
export function readPlainText(text: string, what: string, longest: number): PlainTextReading {
  const trimmed = text.trim();
  if (trimmed === "" || trimmed.length > longest) {
    return { ok: false, reason: `${what} has 1 to ${longest} characters.` };
  }
  if (/\p{Cc}/u.test(trimmed)) {
    return { ok: false, reason: `${what} has no line breaks or control characters.` };
  }
  return { ok: true, text: trimmed };
}
