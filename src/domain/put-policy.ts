import {
  type CallingPolicy,
  type CallingPolicySettings,
  type CallingPolicyStore,
  initialGlobalPolicy,
} from "./calling-policy.ts";
import { readPlainText } from "./plain-text.ts";
import type { TenantId } from "./tenant.ts";
import type { TimeSource } from "./time-source.ts";

/** Longest name of a policy, in characters. */
export const longestPolicyName = 64;

/** Of many writers at once one gets on each time. */
const mostTries = 100;

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
 * Writes a policy over the one of the same name in any case. A setting that is not given stays as it
 * is; in a new policy it is as in `Global` on empty storage.
 */
export async function putPolicy(
  { callingPolicies, clock }: PutPolicyDependencies,
  tenantId: TenantId,
  entry: { readonly name: string; readonly settings: Partial<CallingPolicySettings> },
): Promise<PutPolicyOutcome> {
  const name = readPlainText(entry.name, "A policy's name", longestPolicyName);
  if (!name.ok) return { outcome: "invalid", reason: name.reason };
  for (let tries = 0; tries < mostTries; tries++) {
    const former = await callingPolicies.find(tenantId, name.text);
    const now = clock.nowMilliseconds();
    const settings = { ...settingsOf(former ?? initialGlobalPolicy), ...entry.settings };
    const version = former?.version ?? null;
    const policy = await callingPolicies.replace(tenantId, name.text, settings, now, version);
    // Somebody else changed it meanwhile, perhaps a setting that is not given here: made again upon that.
    if (policy === undefined) continue;
    if (former === undefined) return { outcome: "created", policy };
    return { outcome: policy.version === former.version ? "unchanged" : "changed", policy };
  }
  throw new Error(`Calling policy ${name.text} changes too often to be written.`);
}

function settingsOf(policy: CallingPolicySettings): CallingPolicySettings {
  return {
    allowSipDevicesCalling: policy.allowSipDevicesCalling,
    allowPrivateCalling: policy.allowPrivateCalling,
    allowCallForwardingToUser: policy.allowCallForwardingToUser,
    allowCallForwardingToPhone: policy.allowCallForwardingToPhone,
    allowVoicemail: policy.allowVoicemail,
    allowCallRedirect: policy.allowCallRedirect,
    busyOnBusy: policy.busyOnBusy,
    musicOnHold: policy.musicOnHold,
  };
}
