import type { Vendor } from "../vendor.ts";

/** What the vendors that are not served put into their User-Agents, so that the refusal can name them. */
const signs: readonly (readonly [sign: RegExp, vendor: Vendor])[] = [
  [/\bgrandstream\b/i, "grandstream"],
  [/\bsnom/i, "snom"],
  [/\bgigaset\b/i, "gigaset"],
  [/spectralink/i, "spectralink"],
  [/\bfanvil\b/i, "fanvil"],
  [/\bpanasonic/i, "panasonic"],
  [/\bascom\b|\bIPBS/i, "ascom"],
  [/\b(?:ALE|Alcatel)\b/i, "alcatel-lucent"],
  [/\balgo\b|\balgo-/i, "algo"],
  [/^2N\b/i, "2n"],
];

/** The vendor, not yet served, that a User-Agent names. */
export function otherVendor(userAgent: string): Vendor | undefined {
  return signs.find(([sign]) => sign.test(userAgent))?.[1];
}
