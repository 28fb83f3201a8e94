import type { CallingPolicy, CallingPolicySettings, CallingPolicyStore } from "./calling-policy.ts";
import { readPlainText } from "./plain-text.ts";
import type { TenantId } from "./tenant.ts";
import type { TimeSource } from "./time-source.ts";

/** Longest name of a policy, in characters. */
export const longestPolicyName = 64;

/** What writing a policy needs. */
export interface PutPolicyDependencies {
  readonly callingPolicies: CallingPolicyStore;
  readonly clock: TimeSource;
}

/** What became of it. `changed`: its users' permissions are others than before. */
export type PutPolicyOutcome =
  | { readonly outcome: "created" | "changed" | "unchanged"; readonly policy: CallingPolicy }
  | { readonly outcome: "invalid"; readonly reason: string };

/**
 * Writes a policy: all of its settings at once, over the one of the same name in any case.
 */
export async function putPolicy(
  { callingPolicies, clock }: PutPolicyDependencies,
  tenantId: TenantId,
  entry: { readonly name: string; readonly settings: CallingPolicySettings },
): Promise<PutPolicyOutcome> {
  const name = readPlainText(entry.name, "A policy's name", longestPolicyName);
  if (!name.ok) return { outcome: "invalid", reason: name.reason };
  const former = await callingPolicies.find(tenantId, name.text);
  const now = clock.nowMilliseconds();
  const policy = await callingPolicies.put(tenantId, name.text, entry.settings, now);
  if (former === undefined) return { outcome: "created", policy };
  return { outcome: policy.version === former.version ? "unchanged" : "changed", policy };
}
