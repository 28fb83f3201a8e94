/** What became of reading a phone number; `reason` says what to correct. */
export type PhoneNumberReading =
  | { readonly ok: true; readonly phoneNumber: string }
  | { readonly ok: false; readonly reason: string };

/**
 * Reads a phone number in the form of E.164 with a plus, as `+14255550100`; spaces, dots, hyphens
 * and parentheses between the digits are left out.
 */
export function readPhoneNumber(text: string): PhoneNumberReading {
  if (text.length > 40) return { ok: false, reason: "This is too long for a phone number." };
  const digits = text.trim().replaceAll(/[ .()-]/g, "");
  if (!/^\+[1-9][0-9]{6,14}$/.test(digits)) {
    const reason =
      "A phone number is written as E.164 with a plus: 7 to 15 digits, as in +14255550100.";
    return { ok: false, reason };
  }
  return { ok: true, phoneNumber: digits };
}
