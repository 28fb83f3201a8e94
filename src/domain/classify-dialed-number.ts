/** What a dialled user part means to the gateway. */
export type DialedNumber =
  | { readonly kind: "activation"; readonly code: string }
  /** `code`: its two digits; `argument`: what was dialled after it, mostly nothing. */
  | { readonly kind: "feature-code"; readonly code: string; readonly argument: string }
  | { readonly kind: "emergency"; readonly number: string }
  | { readonly kind: "number"; readonly number: string }
  | { readonly kind: "name"; readonly name: string };

const activation = /^\*55\*(.*)$/s;
/** What people write between the digits of a number. */
const separators = /[\s().-]/g;
const emergencyNumbers: ReadonlySet<string> = new Set(["112", "911", "999", "000"]);

/**
 * Says what somebody dialled (Microsoft's feature codes: `*55*` and a code activates the device).
 * @param user the user part with its escapes decoded: `*55*123456`, `+14255550100`, `adele`
 */
export function classifyDialedNumber(user: string): DialedNumber {
  const dialedCode = activation.exec(user);
  if (dialedCode !== null) return { kind: "activation", code: withoutSendKey(dialedCode[1] ?? "") };
  if (/^\*[0-9]{2}\*/.test(user)) {
    return {
      kind: "feature-code",
      code: user.slice(1, 3),
      argument: withoutSendKey(user.slice(4)).replaceAll(separators, ""),
    };
  }
  const digits = user.replaceAll(separators, "");
  if (emergencyNumbers.has(digits)) return { kind: "emergency", number: digits };
  if (/^\+?[0-9]+$/.test(digits)) return { kind: "number", number: digits };
  return { kind: "name", name: user };
}

/** A phone whose dial plan ends a number with `#` may send it along. */
function withoutSendKey(dialed: string): string {
  return dialed.endsWith("#") ? dialed.slice(0, -1) : dialed;
}
