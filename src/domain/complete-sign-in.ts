import { changeDevice } from "./change-device.ts";
import type { Device } from "./device.ts";
import {
  type AdmittedUser,
  isWaitingForSignIn,
  judgeSignIn,
  judgeUser,
  type SignInClaim,
} from "./judge-sign-in.ts";
import { gatewayActor, recordDeviceEvent } from "./record-device-event.ts";
import { type SettleSignInDependencies, settleUnsuccessful } from "./settle-sign-in.ts";
import type { SignIn } from "./sign-in.ts";
import { type SignOutDependencies, signOutDevice } from "./sign-out-device.ts";
import type { Stores } from "./stores.ts";
import type { TellPhone } from "./tell-phone.ts";
import type { Tenant, TenantId } from "./tenant.ts";
import type { UserAccounts } from "./user-accounts.ts";

/** What completing a sign-in needs. */
export type CompleteSignInDependencies = SettleSignInDependencies &
  SignOutDependencies &
  Pick<Stores, "users" | "callingPolicies" | "conditionalAccess"> & {
    readonly tenant: Tenant;
    readonly userAccounts: UserAccounts;
    /** Tells the phone to fetch its configuration, which holds the user's account now. */
    readonly tellPhone: TellPhone;
  };

/**
 * Signs in the user that the identity provider named, or ends the sign-in with the reason why not.
 *
 * The identity provider grants once, so the grant is kept before anything is done on it; the sign-in
 * stays pending until all is done. After a crash at any point it is done again from its beginning:
 * what the device has by then is recognised, and an account that no device names is replaced.
 * @param upn in lower case
 */
export async function completeSignIn(
  dependencies: CompleteSignInDependencies,
  signIn: SignIn,
  upn: string,
): Promise<void> {
  const granted: SignIn = { ...signIn, upn };
  // False: ended, or replaced by a newer sign-in of the device, which is the one that counts.
  if (signIn.upn === null && !(await dependencies.signIns.settle(granted))) return;
  const { tenantId, macAddress } = signIn;
  const device = (await dependencies.devices.find(tenantId, macAddress))?.value;
  if (device === undefined) {
    await settleUnsuccessful(dependencies, granted, "failed", "The device was deleted meanwhile.");
    return;
  }
  if (isSignedInAs(device, upn)) {
    await finish(dependencies, granted, device);
    return;
  }
  const judgment = await judge(dependencies, upn, device);
  if (!judgment.ok) {
    await settleUnsuccessful(dependencies, granted, "failed", judgment.reason);
    return;
  }
  const signedIn = await bind(dependencies, judgment, device);
  if (signedIn === undefined) {
    const reason = "The device was deleted, reset or signed in otherwise meanwhile.";
    await settleUnsuccessful(dependencies, granted, "failed", reason);
    return;
  }
  await finish(dependencies, granted, signedIn);
}

/** By a crash between the change of the device and the end of the sign-in. */
function isSignedInAs(device: Device, upn: string): boolean {
  return (
    device.state === "signed-in" && device.upn === upn && device.userAuthenticationName !== null
  );
}

async function judge(dependencies: CompleteSignInDependencies, upn: string, device: Device) {
  const claim = await findClaim(dependencies, device.tenantId, upn);
  return judgeSignIn(claim, await dependencies.conditionalAccess.find(device.tenantId), device);
}

async function findClaim(
  { users, callingPolicies }: CompleteSignInDependencies,
  tenantId: TenantId,
  upn: string,
): Promise<SignInClaim> {
  const user = await users.find(tenantId, upn);
  const policy =
    user === undefined ? undefined : await callingPolicies.find(tenantId, user.callingPolicy);
  return { upn, user, policy };
}

/** Ends the sign-in of a user who may not be signed in any more. @returns whether that was so */
async function signOutIfLost(
  dependencies: CompleteSignInDependencies,
  signIn: SignIn,
  { tenantId, macAddress, upn }: Device,
): Promise<boolean> {
  if (upn === null) return false;
  const judgment = judgeUser(await findClaim(dependencies, tenantId, upn));
  if (judgment.ok) return false;
  const text = `Signed out: ${judgment.reason}`;
  const signOut = { tenantId, macAddress, actor: gatewayActor, text, upn };
  await signOutDevice(dependencies, signOut, dependencies.tellPhone);
  await settleUnsuccessful(dependencies, signIn, "failed", judgment.reason);
  return true;
}

/** Gives the device an account of the user. @returns undefined when the device waits no more */
async function bind(
  { accounts, devices, userAccounts, tenant }: CompleteSignInDependencies,
  { user, phoneNumber }: AdmittedUser,
  device: Device,
): Promise<Device | undefined> {
  const { tenantId, macAddress } = device;
  const account = userAccounts.issue(tenant, user, phoneNumber, device);
  await accounts.removeByDevice(tenantId, macAddress);
  await accounts.putMany([account]);
  let isBound = false;
  const changed = await changeDevice(devices, tenantId, macAddress, (current) => {
    isBound = isWaitingForSignIn(current);
    if (!isBound) return undefined;
    const { authenticationName } = account;
    return {
      ...current,
      state: "signed-in",
      upn: user.upn,
      userAuthenticationName: authenticationName,
    };
  });
  if (isBound) return changed;
  // The device named no account of a user when it was read: this one is all it has.
  await accounts.removeByDevice(tenantId, macAddress);
  return undefined;
}

async function finish(
  dependencies: CompleteSignInDependencies,
  signIn: SignIn,
  device: Device,
): Promise<void> {
  const { tenantId, macAddress } = device;
  // Who enforced a change between the judgment and now did not find this device among the user's.
  if (await signOutIfLost(dependencies, signIn, device)) return;
  const text = `${device.upn} was signed in; the phone is told to fetch its configuration.`;
  const { actor } = signIn;
  await recordDeviceEvent(dependencies, { tenantId, macAddress, kind: "signed-in", text, actor });
  await dependencies.tellPhone(device);
  await dependencies.signIns.settle({ ...signIn, status: "completed" });
}
