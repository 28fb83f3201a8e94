import { globalPolicyName, initialGlobalPolicy } from "./calling-policy.ts";
import type { PutPolicyDependencies } from "./put-policy.ts";
import type { TenantId } from "./tenant.ts";

/** Writes the policy `Global` where it is not there yet: on empty storage, or storage of before policies. */
export async function ensureGlobalPolicy(
  { callingPolicies, clock }: PutPolicyDependencies,
  tenantId: TenantId,
): Promise<void> {
  if ((await callingPolicies.find(tenantId, globalPolicyName)) !== undefined) return;
  // Another node may do so at the same time: the same settings again change nothing.
  const now = clock.nowMilliseconds();
  await callingPolicies.put(tenantId, globalPolicyName, initialGlobalPolicy, now);
}
