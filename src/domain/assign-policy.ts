import { changePolicyRefresh } from "./change-policy-refresh.ts";
import type { Device } from "./device.ts";
import type { PolicyAssignment, UserArrival } from "./policy-refresh.ts";
import type { Stores } from "./stores.ts";
import type { TenantId } from "./tenant.ts";
import type { TimeSource } from "./time-source.ts";
import type { User } from "./user.ts";

/** What assigning a policy needs. */
export type AssignPolicyDependencies = Pick<Stores, "devices" | "policyRefreshes"> & {
  readonly clock: TimeSource;
};

/**
 * Writes down that a signed-in device's phone is to be brought to this user's details and policy.
 * The same assignment again changes nothing; another one makes the phone behind until it has fetched.
 */
export async function assignPolicy(
  { devices, policyRefreshes, clock }: AssignPolicyDependencies,
  { tenantId, macAddress }: Device,
  user: User,
): Promise<void> {
  const assignment = assignmentOf(user);
  const now = clock.nowMilliseconds();
  await changePolicyRefresh(policyRefreshes, tenantId, macAddress, (current) =>
    current !== undefined && isSameAssignment(current, assignment)
      ? undefined
      : {
          ...assignment,
          tenantId,
          macAddress,
          assignedAtMilliseconds: now,
          arrival: current?.upn === user.upn ? current.arrival : begunAt(now),
          appliedVersion: null,
          fetchedVersion: null,
          fetchedAtMilliseconds: null,
          asked: null,
          lastSyncedAtMilliseconds: current?.lastSyncedAtMilliseconds ?? null,
        },
  );
  // Signed out between the caller's look and the write: what was written would be behind for ever.
  const device = (await devices.find(tenantId, macAddress))?.value;
  if (device?.upn !== user.upn) await policyRefreshes.remove(tenantId, macAddress);
}

/**
 * Assigns a user's present details and policy to every device that the user is signed in on.
 * @returns those devices
 */
export async function assignPolicyToUser(
  dependencies: AssignPolicyDependencies,
  tenantId: TenantId,
  user: User,
): Promise<readonly Device[]> {
  const devices = await dependencies.devices.listByUser(tenantId, user.upn);
  for (const device of devices) await assignPolicy(dependencies, device, user);
  return devices;
}

function begunAt(nowMilliseconds: number): UserArrival {
  return {
    signedInAtMilliseconds: nowMilliseconds,
    fetchedAtMilliseconds: null,
    registeredAtMilliseconds: null,
  };
}

/** What a user's phone is to be brought to. */
export function assignmentOf({ upn, displayName, callingPolicy }: User): PolicyAssignment {
  return { upn, displayName, policyName: callingPolicy };
}

/** Whether versions that count for one count for the other. */
export function isSameAssignment(current: PolicyAssignment, assignment: PolicyAssignment): boolean {
  return (
    current.upn === assignment.upn &&
    current.displayName === assignment.displayName &&
    current.policyName.toLowerCase() === assignment.policyName.toLowerCase()
  );
}
