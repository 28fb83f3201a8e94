import type { RegionId } from "./region.ts";
import type { TenantId } from "./tenant.ts";

/** A tenant's rule on which networks sign-ins may come from. */
export interface ConditionalAccess {
  readonly tenantId: TenantId;
  /** False: no sign-in is blocked. */
  readonly enabled: boolean;
  /** CIDR ranges of networks that the tenant trusts. */
  readonly trustedRanges: readonly string[];
  /** Gateway addresses that the rule does not apply to. */
  readonly excludedAddresses: readonly string[];
}

/**
 * The addresses from which the gateway of a region signs in (Microsoft's SIP Gateway; the source
 * documents). A tenant whose rule blocks unknown networks must exclude them.
 */
export const gatewayAddresses: Readonly<Record<RegionId, readonly string[]>> = {
  noam: ["52.170.38.140", "40.112.144.212"],
  emea: ["40.112.71.149", "40.113.112.67"],
  apac: ["20.92.120.71", "13.73.115.90"],
};

/** Where tenants' rules are kept. */
export interface ConditionalAccessStore {
  /** The rule, or one that blocks nothing when none was ever written. */
  find(tenantId: TenantId): Promise<ConditionalAccess>;
  put(rule: ConditionalAccess): Promise<void>;
}
