import { globalPolicyName } from "./calling-policy.ts";
import type { Stores } from "./stores.ts";
import type { TenantId } from "./tenant.ts";
import { usersOfPolicy } from "./users-of-policy.ts";

/** What became of it. */
export type RemovePolicyOutcome =
  | { readonly outcome: "removed" }
  | { readonly outcome: "not-found" }
  /** `Global` is for users who are given no other. */
  | { readonly outcome: "global" }
  | { readonly outcome: "in-use"; readonly users: number };

/** Deletes a policy that nobody has; never `Global`. */
export async function removePolicy(
  { users, callingPolicies }: Pick<Stores, "users" | "callingPolicies">,
  tenantId: TenantId,
  name: string,
): Promise<RemovePolicyOutcome> {
  if (name.toLowerCase() === globalPolicyName.toLowerCase()) return { outcome: "global" };
  let count = 0;
  for await (const some of usersOfPolicy(users, tenantId, name)) count += some.length;
  if (count > 0) return { outcome: "in-use", users: count };
  const removed = await callingPolicies.remove(tenantId, name);
  return { outcome: removed ? "removed" : "not-found" };
}
