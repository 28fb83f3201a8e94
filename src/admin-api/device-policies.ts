import type { CallingPolicy, CallingPolicyStore } from "../domain/calling-policy.ts";
import type { Device } from "../domain/device.ts";
import type { MacAddress } from "../domain/mac-address.ts";
import type { PolicyRefresh } from "../domain/policy-refresh.ts";
import { pendingSince } from "../domain/policy-standing.ts";
import type { Stores } from "../domain/stores.ts";
import type { Tenant } from "../domain/tenant.ts";
import type { DeviceRepresentation } from "./device-schema.ts";
import { formatTimeOrNull } from "./schema-parts.ts";

/** What telling policies needs. */
export interface DevicePoliciesDependencies {
  readonly stores: Pick<Stores, "policyRefreshes" | "callingPolicies">;
  readonly tenant: Tenant;
}

/** How far a signed-in device has come with its policy. */
export interface DevicePolicy {
  readonly refresh: PolicyRefresh;
  /** Undefined where it was deleted. */
  readonly policy: CallingPolicy | undefined;
  /** Since when the phone has been without it; null when it has it. */
  readonly pendingSinceMilliseconds: number | null;
}

/** How far the signed-in ones of these devices have come with their policies; of the others, nothing. */
export async function findPolicies(
  { stores, tenant }: DevicePoliciesDependencies,
  devices: readonly Device[],
): Promise<ReadonlyMap<MacAddress, DevicePolicy>> {
  const signedIn = devices.flatMap((device) => (device.upn === null ? [] : [device.macAddress]));
  if (signedIn.length === 0) return new Map();
  const [refreshes, policies] = await Promise.all([
    stores.policyRefreshes.find(tenant.id, signedIn),
    stores.callingPolicies.list(tenant.id),
  ]);
  const byName = new Map(policies.map((policy) => [policy.name.toLowerCase(), policy]));
  const askedOnce = { callingPolicies: changesAskedOnce(stores.callingPolicies) };
  const found = [...refreshes].map(async ([macAddress, { value: refresh }]) => {
    const policy = byName.get(refresh.policyName.toLowerCase());
    const since = policy === undefined ? null : await pendingSince(askedOnce, refresh, policy);
    return [macAddress, { refresh, policy, pendingSinceMilliseconds: since }] as const;
  });
  return new Map(await Promise.all(found));
}

/** Asks the store once for each policy and version, on however many devices it is. */
function changesAskedOnce(
  callingPolicies: CallingPolicyStore,
): Pick<CallingPolicyStore, "changedAfter"> {
  const asked = new Map<string, ReturnType<CallingPolicyStore["changedAfter"]>>();
  return {
    changedAfter(tenantId, name, version) {
      const key = `${version} ${name}`;
      const answer = asked.get(key) ?? callingPolicies.changedAfter(tenantId, name, version);
      asked.set(key, answer);
      return answer;
    },
  };
}

/** Tells it; null where nobody is signed in. */
export function presentPolicy(found: DevicePolicy | undefined): DeviceRepresentation["policy"] {
  if (found?.policy === undefined) return null;
  const { refresh, policy, pendingSinceMilliseconds } = found;
  return {
    name: policy.name,
    assignedVersion: policy.version,
    appliedVersion: refresh.appliedVersion,
    pendingSince: formatTimeOrNull(pendingSinceMilliseconds),
    lastSyncedAt: formatTimeOrNull(refresh.lastSyncedAtMilliseconds),
  };
}
