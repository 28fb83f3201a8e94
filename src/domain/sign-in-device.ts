import { assignPolicy } from "./assign-policy.ts";
import { changeDevice } from "./change-device.ts";
import { type Device, isEnrolled } from "./device.ts";
import {
  type AdmittedUser,
  judgeSignIn,
  judgeUser,
  mayBeSignedIn,
  type SignInClaim,
  type SignInRefusal,
} from "./judge-sign-in.ts";
import type { MacAddress } from "./mac-address.ts";
import { gatewayActor, recordDeviceEvent } from "./record-device-event.ts";
import { endOtherSignIn } from "./settle-sign-in.ts";
import { type SignOutDependencies, signOutDevice } from "./sign-out-device.ts";
import type { Stores } from "./stores.ts";
import type { TellPhone } from "./tell-phone.ts";
import type { Tenant, TenantId } from "./tenant.ts";
import type { UserAccounts } from "./user-accounts.ts";

/** What signing a user in on a device needs. */
export type SignInDeviceDependencies = SignOutDependencies &
  Pick<Stores, "codes" | "users" | "callingPolicies" | "conditionalAccess" | "signIns"> & {
    readonly tenant: Tenant;
    readonly userAccounts: UserAccounts;
    /** Tells the phone to fetch its configuration, which holds the user's account now. */
    readonly tellPhone: TellPhone;
  };

/** Who is signed in where, and by whom. */
export interface UserOnDevice {
  readonly tenantId: TenantId;
  readonly macAddress: MacAddress;
  /** In lower case. */
  readonly upn: string;
  /** Whom the device's history names. */
  readonly actor: string;
  /** The onboarding account of the phone that asked for it; absent when an administrator did. */
  readonly authenticationName?: string;
  /** The sign-in with a pairing code that is completed by it; absent when it is none. */
  readonly signInId?: string;
}

/** What became of it. */
export type SignInDeviceOutcome = { readonly ok: true; readonly device: Device } | SignInRefusal;

/**
 * Signs a user in on a device: judged, given an account, and the phone told to fetch it. Whoever
 * calls knows that the user may be, by an identity provider or by an administrator. A device that is
 * not enrolled is enrolled by it, with the account of the phone that asked.
 *
 * After a crash at any point it is done again from its beginning: what the device has by then is
 * recognised, and an account that no device names is replaced.
 */
export async function signInDevice(
  dependencies: SignInDeviceDependencies,
  order: UserOnDevice,
): Promise<SignInDeviceOutcome> {
  const { tenantId, macAddress } = order;
  const device = (await dependencies.devices.find(tenantId, macAddress))?.value;
  if (device === undefined) {
    return { ok: false, code: "device-not-found", reason: "The device was deleted meanwhile." };
  }
  if (isDone(order, device)) return finish(dependencies, order, device);
  const judgment = await judge(dependencies, order, device);
  if (!judgment.ok) return judgment;
  const signedIn = await bind(dependencies, order, judgment, device);
  if (signedIn === undefined) {
    const reason = "The device was deleted, reset or signed in otherwise meanwhile.";
    return { ok: false, code: "device-not-waiting", reason };
  }
  return finish(dependencies, order, signedIn);
}

/** Whether the device is this user's, with an account that its phone can be told. */
export function isSignedInAs(device: Device, upn: string): boolean {
  return (
    device.state === "signed-in" && device.upn === upn && device.userAuthenticationName !== null
  );
}

/** By a crash between the change of the device and the end of the sign-in. */
function isDone({ upn, authenticationName: asker }: UserOnDevice, device: Device): boolean {
  if (!isSignedInAs(device, upn)) return false;
  return asker === undefined || asker === device.enrolledAuthenticationName;
}

/** What a tenant knows of a user who is to be signed in. */
export async function findClaim(
  { users, callingPolicies }: Pick<Stores, "users" | "callingPolicies">,
  tenantId: TenantId,
  upn: string,
): Promise<SignInClaim> {
  const user = await users.find(tenantId, upn);
  const policy =
    user === undefined ? undefined : await callingPolicies.find(tenantId, user.callingPolicy);
  return { upn, user, policy };
}

async function judge(
  dependencies: SignInDeviceDependencies,
  { tenantId, upn, authenticationName }: UserOnDevice,
  device: Device,
) {
  const claim = await findClaim(dependencies, tenantId, upn);
  const rule = await dependencies.conditionalAccess.find(tenantId);
  return judgeSignIn(claim, rule, device, authenticationName);
}

/**
 * Gives the device an account of the user; one that is not enrolled is enrolled in the same change.
 * @returns undefined when the device waits no more
 */
async function bind(
  dependencies: SignInDeviceDependencies,
  { actor, authenticationName: asker }: UserOnDevice,
  { user, phoneNumber }: AdmittedUser,
  device: Device,
): Promise<Device | undefined> {
  const { accounts, devices, userAccounts, tenant, clock } = dependencies;
  const { tenantId, macAddress } = device;
  const account = userAccounts.issue(tenant, user, phoneNumber, device);
  await accounts.putMany([account]);
  let wasEnrolled = true;
  const changed = await changeDevice(devices, tenantId, macAddress, (current) => {
    if (!mayBeSignedIn(current, asker)) return undefined;
    wasEnrolled = isEnrolled(current);
    const { authenticationName } = account;
    return {
      ...current,
      state: "signed-in",
      upn: user.upn,
      userAuthenticationName: authenticationName,
      enrolledAuthenticationName: asker ?? current.enrolledAuthenticationName,
      enrolledAtMilliseconds: wasEnrolled
        ? current.enrolledAtMilliseconds
        : clock.nowMilliseconds(),
      signedOutAtMilliseconds: null,
    };
  });
  // Others may have signed in on this device in the same moment: whose account it names keeps it.
  const named = changed?.userAuthenticationName ?? null;
  await accounts.removeByDevice(tenantId, macAddress, named);
  if (named !== account.authenticationName) return undefined;
  const text = `Enrolled by the sign-in of ${user.upn} from the phone.`;
  const event = { tenantId, macAddress, kind: "enrolled", text, actor } as const;
  if (!wasEnrolled) await recordDeviceEvent(dependencies, event);
  return changed;
}

async function finish(
  dependencies: SignInDeviceDependencies,
  { upn, actor, authenticationName: asker, signInId }: UserOnDevice,
  device: Device,
): Promise<SignInDeviceOutcome> {
  const { tenantId, macAddress } = device;
  await endOtherSignIn(dependencies, device, signInId);
  // Who enforced a change between the judgment and now did not find this device among the user's.
  const judgment = await admitOrSignOut(dependencies, device, upn);
  if (!judgment.ok) return judgment;
  // A code that was still to be dialled enrols nobody any more.
  if (asker !== undefined) await dependencies.codes.remove(tenantId, macAddress);
  await assignPolicy(dependencies, device, judgment.user);
  const text = `${upn} was signed in; the phone is told to fetch its configuration.`;
  await recordDeviceEvent(dependencies, { tenantId, macAddress, kind: "signed-in", text, actor });
  await dependencies.tellPhone(device);
  return { ok: true, device };
}

/** Ends the sign-in of a user who may not be signed in any more. */
async function admitOrSignOut(
  dependencies: SignInDeviceDependencies,
  { tenantId, macAddress }: Device,
  upn: string,
): Promise<AdmittedUser | SignInRefusal> {
  const judgment = judgeUser(await findClaim(dependencies, tenantId, upn));
  if (judgment.ok) return judgment;
  const text = `Signed out: ${judgment.reason}`;
  const signOut = { tenantId, macAddress, actor: gatewayActor, text, upn };
  await signOutDevice(dependencies, signOut, dependencies.tellPhone);
  return judgment;
}
