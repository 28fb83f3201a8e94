import type { CallingPolicy } from "../domain/calling-policy.ts";
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

/** How far the signed-in ones of these devices have come with their policies; of the others, nothing. */
export async function presentPolicies(
  { stores, tenant }: DevicePoliciesDependencies,
  devices: readonly Device[],
): Promise<ReadonlyMap<MacAddress, DeviceRepresentation["policy"]>> {
  const signedIn = devices.flatMap((device) => (device.upn === null ? [] : [device.macAddress]));
  if (signedIn.length === 0) return new Map();
  const [refreshes, policies] = await Promise.all([
    stores.policyRefreshes.find(tenant.id, signedIn),
    stores.callingPolicies.list(tenant.id),
  ]);
  const byName = new Map(policies.map((policy) => [policy.name.toLowerCase(), policy]));
  const presented = [...refreshes].map(async ([macAddress, { value: refresh }]) => {
    const policy = byName.get(refresh.policyName.toLowerCase());
    const told = policy === undefined ? null : await present(stores, refresh, policy);
    return [macAddress, told] as const;
  });
  return new Map(await Promise.all(presented));
}

async function present(
  stores: DevicePoliciesDependencies["stores"],
  refresh: PolicyRefresh,
  policy: CallingPolicy,
): Promise<DeviceRepresentation["policy"]> {
  return {
    name: policy.name,
    assignedVersion: policy.version,
    appliedVersion: refresh.appliedVersion,
    pendingSince: formatTimeOrNull(await pendingSince(stores, refresh, policy)),
    lastSyncedAt: formatTimeOrNull(refresh.lastSyncedAtMilliseconds),
  };
}
