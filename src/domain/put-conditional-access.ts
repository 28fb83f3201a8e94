import ipaddr from "ipaddr.js";
import type { ConditionalAccess, ConditionalAccessStore } from "./conditional-access.ts";

/** Ranges and addresses that a rule can name, of each. */
export const mostAccessEntries = 1000;

/** What became of it; faults are named as `trustedRanges.0`. */
export type PutConditionalAccessOutcome =
  | { readonly outcome: "written"; readonly rule: ConditionalAccess }
  | { readonly outcome: "invalid"; readonly faults: Readonly<Record<string, string>> };

/** Writes a tenant's rule after reading every range and address of it; none is written in part. */
export async function putConditionalAccess(
  store: ConditionalAccessStore,
  rule: ConditionalAccess,
): Promise<PutConditionalAccessOutcome> {
  const faults: Record<string, string> = {};
  rule.trustedRanges.forEach((range, index) => {
    if (ipaddr.isValidCIDR(range)) return;
    faults[`trustedRanges.${index}`] = "A range is written as CIDR: 203.0.113.0/24, 2001:db8::/32.";
  });
  rule.excludedAddresses.forEach((address, index) => {
    // ipaddr.js also takes `0x7f.1`, which administrators do not mean.
    if (ipaddr.IPv4.isValidFourPartDecimal(address) || ipaddr.IPv6.isValid(address)) return;
    faults[`excludedAddresses.${index}`] = "An address is written as 203.0.113.7 or 2001:db8::7.";
  });
  if (Object.keys(faults).length > 0) return { outcome: "invalid", faults };
  await store.put(rule);
  return { outcome: "written", rule };
}
