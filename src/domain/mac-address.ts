/** A MAC address as the gateway keeps it: 12 lower-case hexadecimal digits, no separators. */
export type MacAddress = string & { readonly __brand: "MacAddress" };

/** What became of reading a MAC address; `reason` says what to correct. */
export type MacAddressReading =
  | { readonly ok: true; readonly macAddress: MacAddress }
  | { readonly ok: false; readonly reason: string };

const longestUsualForm = "80:5e:c0:aa:bb:cc".length;

/**
 * Reads a MAC address in any usual form: `805ec0aabbcc`, `80:5E:C0:AA:BB:CC`, `80-5e-c0-aa-bb-cc`,
 * `805e.c0aa.bbcc`. Group addresses and all zeros belong to no phone and are refused.
 */
export function readMacAddress(text: string): MacAddressReading {
  const trimmed = text.trim();
  if (trimmed.length === 0) return { ok: false, reason: "The MAC address is empty." };
  if (trimmed.length > longestUsualForm) {
    return { ok: false, reason: "A MAC address has 12 hexadecimal digits; this is longer." };
  }
  const digits = trimmed.replaceAll(/[:.\- ]/g, "").toLowerCase();
  if (/[^0-9a-f]/.test(digits)) {
    return {
      ok: false,
      reason: "A MAC address has hexadecimal digits (0-9, a-f) only; this has other characters.",
    };
  }
  if (digits.length !== 12) {
    return {
      ok: false,
      reason: `A MAC address has 12 hexadecimal digits; this has ${digits.length}.`,
    };
  }
  if (digits === "000000000000" || (Number.parseInt(digits.slice(0, 2), 16) & 1) === 1) {
    return { ok: false, reason: "This is a group or empty address; no phone bears it." };
  }
  return { ok: true, macAddress: digits as MacAddress };
}

/** A MAC address as people read it: `80:5e:c0:aa:bb:cc`. */
export function formatMacAddress(macAddress: MacAddress): string {
  return macAddress.replaceAll(/(..)(?=.)/g, "$1:");
}
