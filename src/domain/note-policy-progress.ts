import { assignmentOf, isSameAssignment } from "./assign-policy.ts";
import type { CallingPolicy } from "./calling-policy.ts";
import { changePolicyRefresh } from "./change-policy-refresh.ts";
import type { MacAddress } from "./mac-address.ts";
import type { PolicyRefresh } from "./policy-refresh.ts";
import { phoneActor, type Recording, recordDeviceEvent } from "./record-device-event.ts";
import type { Stores } from "./stores.ts";
import type { TenantId } from "./tenant.ts";
import type { User } from "./user.ts";

/** What writing down a phone's progress needs. */
export type PolicyProgressDependencies = Recording & Pick<Stores, "policyRefreshes">;

/** A device, by its address. */
export interface DeviceAddress {
  readonly tenantId: TenantId;
  readonly macAddress: MacAddress;
}

/** Writes down that a phone was told to fetch this version; one that has done so meanwhile stays as it is. */
export async function noteAsked(
  { policyRefreshes, clock }: PolicyProgressDependencies,
  { tenantId, macAddress }: DeviceAddress,
  version: number,
): Promise<void> {
  const atMilliseconds = clock.nowMilliseconds();
  await changePolicyRefresh(policyRefreshes, tenantId, macAddress, (current) => {
    if (current === undefined || hasGot(current, version)) return undefined;
    const times = current.asked?.version === version ? current.asked.times + 1 : 1;
    return { ...current, asked: { version, atMilliseconds, times } };
  });
}

/** Writes down that a phone has fetched a configuration made of this user and this version. */
export async function noteFetched(
  { policyRefreshes, clock }: Pick<PolicyProgressDependencies, "policyRefreshes" | "clock">,
  { tenantId, macAddress }: DeviceAddress,
  user: User,
  version: number,
): Promise<void> {
  const assignment = assignmentOf(user);
  const now = clock.nowMilliseconds();
  await changePolicyRefresh(policyRefreshes, tenantId, macAddress, (current) => {
    if (current === undefined || !isSameAssignment(current, assignment)) return undefined;
    const isFirst = current.arrival.fetchedAtMilliseconds === null;
    if (hasGot(current, version) && !isFirst) return undefined;
    const arrival = isFirst ? { ...current.arrival, fetchedAtMilliseconds: now } : current.arrival;
    if (current.fetchedVersion === version) return { ...current, arrival };
    return { ...current, arrival, fetchedVersion: version, fetchedAtMilliseconds: now };
  });
}

/** Writes down that a phone has registered with its user's account for the first time. */
export async function noteRegistered(
  { policyRefreshes, clock }: Pick<PolicyProgressDependencies, "policyRefreshes" | "clock">,
  { tenantId, macAddress, upn }: PolicyRefresh,
): Promise<void> {
  const registeredAtMilliseconds = clock.nowMilliseconds();
  await changePolicyRefresh(policyRefreshes, tenantId, macAddress, (current) =>
    current?.upn !== upn || current.arrival.registeredAtMilliseconds !== null
      ? undefined
      : { ...current, arrival: { ...current.arrival, registeredAtMilliseconds } },
  );
}

/** Writes down that a phone has registered again since it fetched this version, once, with a line of its history. */
export async function noteApplied(
  dependencies: PolicyProgressDependencies,
  judged: PolicyRefresh,
  { name, version }: CallingPolicy,
): Promise<void> {
  const { tenantId, macAddress } = judged;
  const now = dependencies.clock.nowMilliseconds();
  const { policyRefreshes } = dependencies;
  const written = await changePolicyRefresh(policyRefreshes, tenantId, macAddress, (current) =>
    current === undefined ||
    !isSameAssignment(current, judged) ||
    current.fetchedVersion !== version ||
    current.appliedVersion === version
      ? undefined
      : { ...current, appliedVersion: version, asked: null, lastSyncedAtMilliseconds: now },
  );
  if (written === undefined) return;
  const text = `The phone fetched version ${version} of calling policy ${name} and registered again.`;
  const event = { tenantId, macAddress, kind: "policy-synced", text, actor: phoneActor } as const;
  await recordDeviceEvent(dependencies, event);
}

function hasGot({ fetchedVersion, appliedVersion }: PolicyRefresh, version: number): boolean {
  return fetchedVersion === version || appliedVersion === version;
}
