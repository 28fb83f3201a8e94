import type { CallingPolicy, CallingPolicyStore } from "./calling-policy.ts";
import type { PolicyRefresh } from "./policy-refresh.ts";
import type { Stores } from "./stores.ts";
import type { TenantId } from "./tenant.ts";

/** How many phones of a tenant have not got what they are assigned, and since when the first of them. */
export interface PendingPolicies {
  readonly devices: number;
  /** Null when none is. */
  readonly oldestSinceMilliseconds: number | null;
}

/** Counts the phones that are behind, whether they are registered or away. */
export async function countPendingPolicies(
  { policyRefreshes, callingPolicies }: Pick<Stores, "policyRefreshes" | "callingPolicies">,
  tenantId: TenantId,
): Promise<PendingPolicies> {
  let devices = 0;
  let oldest = Number.POSITIVE_INFINITY;
  for (const { name, version } of await callingPolicies.list(tenantId)) {
    const backlog = await policyRefreshes.backlog(tenantId, name, version);
    devices += backlog.devices;
    const { earliestUnappliedMilliseconds, lowestAppliedVersion } = backlog;
    oldest = Math.min(oldest, earliestUnappliedMilliseconds ?? Number.POSITIVE_INFINITY);
    if (lowestAppliedVersion !== null) {
      const changed = await callingPolicies.changedAfter(tenantId, name, lowestAppliedVersion);
      oldest = Math.min(oldest, changed ?? Number.POSITIVE_INFINITY);
    }
  }
  return { devices, oldestSinceMilliseconds: Number.isFinite(oldest) ? oldest : null };
}

/**
 * Since when a phone has not got what it is assigned, in milliseconds; null when it has.
 * @param policy as it stands now
 */
export async function pendingSince(
  { callingPolicies }: { readonly callingPolicies: Pick<CallingPolicyStore, "changedAfter"> },
  { tenantId, appliedVersion, assignedAtMilliseconds }: PolicyRefresh,
  policy: CallingPolicy,
): Promise<number | null> {
  if (appliedVersion === policy.version) return null;
  if (appliedVersion === null) return assignedAtMilliseconds;
  const changed = await callingPolicies.changedAfter(tenantId, policy.name, appliedVersion);
  return changed ?? policy.changedAtMilliseconds;
}
