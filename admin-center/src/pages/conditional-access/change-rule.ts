import ipaddr from "ipaddr.js";
import type { AccessRule, AccessRuleInput } from "../../api/access-types.ts";

/** What is written of a rule, and nothing else. */
export function inputOf({
  enabled,
  trustedRanges,
  excludedAddresses,
}: AccessRuleInput): AccessRuleInput {
  return { enabled, trustedRanges, excludedAddresses };
}

/** The rule with an address excluded or not any more, the others as they were. */
export function withAddress(
  rule: AccessRuleInput,
  address: string,
  isExcluded: boolean,
): AccessRuleInput {
  const others = rule.excludedAddresses.filter((one) => one !== address);
  return { ...inputOf(rule), excludedAddresses: isExcluded ? [...others, address] : others };
}

/** The rule with every address excluded that it blocks. */
export function withMissingExcluded(rule: AccessRule): AccessRuleInput {
  const missing = rule.missingAddresses.map(({ address }) => address);
  return {
    ...inputOf(rule),
    excludedAddresses: [...new Set([...rule.excludedAddresses, ...missing])],
  };
}

/** Excluded addresses that are none of the gateway's: of no use to it, but somebody wrote them. */
export function foreignAddresses(rule: AccessRule): readonly string[] {
  const own = new Set(Object.values(rule.gatewayAddresses).flat());
  return rule.excludedAddresses.filter((address) => !own.has(address));
}

/** How the rule treats one of the gateway's addresses; its words are below `access.standing`. */
export type AddressStanding = "blocked" | "excluded" | "trusted" | "allowed";

/** As the gateway judges it: `trusted` is known by its being neither blocked nor excluded. */
export function addressStanding(rule: AccessRule, address: string): AddressStanding {
  if (rule.excludedAddresses.includes(address)) return "excluded";
  if (!rule.enabled) return "allowed";
  return rule.missingAddresses.some((missing) => missing.address === address)
    ? "blocked"
    : "trusted";
}

/** What is wrong with a range as typed; its words are below `access.fault`. Undefined: nothing. */
export function rangeFault(
  typed: string,
  ranges: readonly string[],
): "empty" | "not-cidr" | "there" | undefined {
  const range = typed.trim();
  if (range === "") return "empty";
  if (!ipaddr.isValidCIDR(range)) return "not-cidr";
  return ranges.includes(range) ? "there" : undefined;
}
