import type { MacAddress } from "./mac-address.ts";
import type { PolicyRefresh, PolicyRefreshStore } from "./policy-refresh.ts";
import type { TenantId } from "./tenant.ts";

const mostTries = 20;

/**
 * Applies `change` to a device's policy refresh and writes the result, again when another change
 * came between. `change` is pure; it is given undefined where there is none, and returns undefined
 * to leave things as they are.
 * @returns what was written; undefined when nothing was
 */
export async function changePolicyRefresh(
  policyRefreshes: PolicyRefreshStore,
  tenantId: TenantId,
  macAddress: MacAddress,
  change: (refresh: PolicyRefresh | undefined) => PolicyRefresh | undefined,
): Promise<PolicyRefresh | undefined> {
  for (let tries = 0; tries < mostTries; tries++) {
    const found = (await policyRefreshes.find(tenantId, [macAddress])).get(macAddress);
    const changed = change(found?.value);
    if (changed === undefined) return undefined;
    if (await policyRefreshes.put(changed, found?.revision ?? null)) return changed;
  }
  throw new PolicyRefreshContentionError(macAddress);
}

/** A policy refresh was changed by others so often that this change never got its turn. */
export class PolicyRefreshContentionError extends Error {
  readonly code = "POLICY_REFRESH_CONTENTION";

  constructor(macAddress: MacAddress) {
    super(`The policy refresh of device ${macAddress} is being changed too often; try again.`);
    this.name = "PolicyRefreshContentionError";
  }
}
