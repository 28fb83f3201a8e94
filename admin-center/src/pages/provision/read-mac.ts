/** Why a text is no MAC address of a phone. */
export type MacFault = "empty" | "incomplete" | "too-long" | "characters" | "group";

/** What a text is as a MAC address. */
export type MacReading =
  /** `80:5e:c0:aa:bb:cc` */
  | { readonly ok: true; readonly macAddress: string }
  | { readonly ok: false; readonly fault: MacFault; readonly digits: number };

/** Digits of a MAC address. */
export const macDigits = 12;
const longestUsualForm = "80:5e:c0:aa:bb:cc".length;

/**
 * Reads a MAC address as it is typed, in any usual form, by the gateway's rules: `805ec0aabbcc`,
 * `80:5E:C0:AA:BB:CC`, `80-5e-c0-aa-bb-cc`, `805e.c0aa.bbcc`. The gateway has the last word.
 */
export function readMac(text: string): MacReading {
  const trimmed = text.trim();
  const digits = trimmed.replaceAll(/[:.\- ]/g, "").toLowerCase();
  const fault = faultOf(trimmed, digits);
  if (fault !== undefined) return { ok: false, fault, digits: digits.length };
  return { ok: true, macAddress: digits.replaceAll(/(..)(?=.)/g, "$1:") };
}

function faultOf(trimmed: string, digits: string): MacFault | undefined {
  if (trimmed === "") return "empty";
  if (/[^0-9a-f]/.test(digits)) return "characters";
  if (trimmed.length > longestUsualForm || digits.length > macDigits) return "too-long";
  if (digits.length < macDigits) return "incomplete";
  const isGroup = (Number.parseInt(digits.slice(0, 2), 16) & 1) === 1;
  return isGroup || /^0+$/.test(digits) ? "group" : undefined;
}
