import { type AssignPolicyDependencies, assignPolicy } from "./assign-policy.ts";
import type { CallingPolicy } from "./calling-policy.ts";
import type { Device } from "./device.ts";
import { type EnforceDependencies, enforceUser } from "./enforce-user.ts";
import { judgePolicyRefresh, type PolicyRefreshStep } from "./judge-policy-refresh.ts";
import type { MacAddress } from "./mac-address.ts";
import { noteApplied, noteRegistered } from "./note-policy-progress.ts";
import type { PolicyRefresh } from "./policy-refresh.ts";
import type { TenantId } from "./tenant.ts";

/** What following a policy needs. */
export type RefreshPolicyDependencies = EnforceDependencies & AssignPolicyDependencies;

/** A phone that registered with its user's account. */
export interface RegisteredPhone {
  readonly tenantId: TenantId;
  readonly macAddress: MacAddress;
  readonly authenticationName: string;
  readonly registeredAtMilliseconds: number;
}

/** Looks up a policy as it stands, or stood a moment ago. */
export type FindPolicy = (tenantId: TenantId, name: string) => Promise<CallingPolicy | undefined>;

/**
 * Compares what a registering phone holds with what it is assigned, and writes down what it has
 * applied. Where a change has not reached the phone, the user is judged by it first: who may not use
 * SIP devices any more is signed out, even where the change itself was cut short by a crash.
 * @param refresh what is stored of the device; undefined: nothing, as after an upgrade of old data
 * @returns the device whose phone is to be asked to fetch, and for which version; undefined: nobody
 */
export async function refreshPolicy(
  dependencies: RefreshPolicyDependencies,
  phone: RegisteredPhone,
  refresh: PolicyRefresh | undefined,
  findPolicy: FindPolicy,
): Promise<{ readonly device: Device; readonly version: number } | undefined> {
  const { tenantId, macAddress } = phone;
  const current = refresh ?? (await assignAnew(dependencies, phone));
  if (current === undefined) return undefined;
  if (current.arrival.registeredAtMilliseconds === null) {
    await noteRegistered(dependencies, current);
  }
  const policy = await findPolicy(tenantId, current.policyName);
  const step = stepOf(dependencies, phone, current, policy);
  if (step === "up-to-date" || step === "wait") return undefined;
  if (step === "applied" && policy !== undefined) {
    await noteApplied(dependencies, current, policy);
    return undefined;
  }
  await enforceUser(dependencies, tenantId, current.upn);
  const device = await deviceOf(dependencies, phone);
  if (device === undefined) {
    // Signed out: now, or by somebody whose removal of this was cut short.
    await dependencies.policyRefreshes.remove(tenantId, macAddress);
    return undefined;
  }
  return policy === undefined ? undefined : { device, version: policy.version };
}

/** A policy that is gone is asked for by nobody; its users are judged, which signs them out. */
function stepOf(
  { clock }: RefreshPolicyDependencies,
  { registeredAtMilliseconds }: RegisteredPhone,
  refresh: PolicyRefresh,
  policy: CallingPolicy | undefined,
): PolicyRefreshStep {
  if (policy === undefined) return "ask";
  const now = clock.nowMilliseconds();
  return judgePolicyRefresh(refresh, policy.version, now, registeredAtMilliseconds);
}

async function assignAnew(
  dependencies: RefreshPolicyDependencies,
  phone: RegisteredPhone,
): Promise<PolicyRefresh | undefined> {
  const { users, policyRefreshes } = dependencies;
  const { tenantId, macAddress } = phone;
  const device = await deviceOf(dependencies, phone);
  if (device === undefined || device.upn === null) return undefined;
  const user = await users.find(tenantId, device.upn);
  if (user === undefined) return undefined;
  await assignPolicy(dependencies, device, user);
  return (await policyRefreshes.find(tenantId, [macAddress])).get(macAddress)?.value;
}

/** The device, while the account that its phone registered with is the one it is meant to have. */
async function deviceOf(
  { devices }: RefreshPolicyDependencies,
  { tenantId, macAddress, authenticationName }: RegisteredPhone,
): Promise<Device | undefined> {
  const device = (await devices.find(tenantId, macAddress))?.value;
  return device?.userAuthenticationName === authenticationName ? device : undefined;
}
