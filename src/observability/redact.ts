/** What stands where a secret stood. */
export const redacted = "[redacted]";

const mostDepth = 6;
const mostEntries = 200;

/** Names of fields whose value is never logged, whatever it is. */
const secretName =
  /pass(word|wd|phrase)|secret|token|authorization|credential|digest|^ha1$|^a1$|nonce|cookie|privatekey|verificationcode|^pin$/i;

/** A copy of a log line's fields in which every secret is replaced, at any depth. */
export function redactFields(fields: Record<string, unknown>): Record<string, unknown> {
  return redactMap(fields, 0);
}

function redactMap(fields: object, depth: number): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields).slice(0, mostEntries)) {
    copy[name] = isSecret(name, value) ? redacted : redactValue(value, depth + 1);
  }
  return copy;
}

function redactValue(value: unknown, depth: number): unknown {
  if (typeof value !== "object" || value === null) return value;
  // Errors, buffers and the like have serializers of their own; their text goes through redactText.
  const isPlain = Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
  if (!isPlain) return value;
  if (depth > mostDepth) return "[too deep]";
  if (!Array.isArray(value)) return redactMap(value, depth);
  return value.slice(0, mostEntries).map((item) => redactValue(item, depth + 1));
}

/** A field called `code` holds an error's name or a verification code: digits are the latter. */
function isSecret(name: string, value: unknown): boolean {
  if (value === null || value === undefined || typeof value === "boolean") return false;
  if (secretName.test(name)) return true;
  return /^code$/i.test(name) && /^[0-9]+$/.test(String(value));
}

/** Secrets that can stand within a sentence, a header or a URL. What each replacement keeps is `$1`. */
const secretTexts: readonly RegExp[] = [
  /(\bBearer\s+)[^\s"'\\]+/gi,
  /(\b(?:response|nonce|cnonce|password|passwd|token|secret)\s*=\s*(?:\\?["'])?)[^\s"'\\,;&\]]+/gi,
  /(\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@"]*:)[^\s/@"]+(?=@)/gi,
  /((?:\*|%2A)55(?:\*|%2A))[0-9]+/gi,
  /(\/device\/)[^\s/"\\]+/g,
];

/** A text in which secrets that its form gives away are replaced: bearer tokens, digests, dialled codes, URLs' passwords. */
export function redactText(text: string): string {
  return secretTexts.reduce((line, form) => line.replaceAll(form, `$1${redacted}`), text);
}
