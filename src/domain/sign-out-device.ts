import { changeDevice } from "./change-device.ts";
import type { Device } from "./device.ts";
import { endUserBindings } from "./end-user-bindings.ts";
import type { MacAddress } from "./mac-address.ts";
import { type Recording, recordDeviceEvent } from "./record-device-event.ts";
import type { Stores } from "./stores.ts";
import type { TellPhone } from "./tell-phone.ts";
import type { TenantId } from "./tenant.ts";

/** What signing a device out needs. */
export type SignOutDependencies = Recording &
  Pick<Stores, "devices" | "accounts" | "bindings" | "policyRefreshes">;

/** Which device is signed out, by whom and why. */
export interface SignOut {
  readonly tenantId: TenantId;
  readonly macAddress: MacAddress;
  readonly actor: string;
  /** A sentence for the history. */
  readonly text: string;
  /** Given: only this user is signed out; whoever else is signed in by then stays. */
  readonly upn?: string;
}

/** What became of it. */
export type SignOutOutcome =
  | { readonly outcome: "signed-out"; readonly former: Device }
  | { readonly outcome: "not-signed-in" }
  | { readonly outcome: "no-device" };

/**
 * Signs out who is signed in on a device; it keeps its enrolment. First the account ends, so that
 * the phone cannot register with it again, then the device is changed, the phone is told to fetch on
 * the binding that it has, and that binding ends. Done again after a crash it does what was left.
 * Whoever is signed in by somebody else in the same moment keeps the new account.
 */
export async function signOutDevice(
  dependencies: SignOutDependencies,
  { tenantId, macAddress, actor, text, upn }: SignOut,
  tellPhone: TellPhone,
): Promise<SignOutOutcome> {
  const found = await dependencies.devices.find(tenantId, macAddress);
  if (found === undefined) return { outcome: "no-device" };
  const device = found.value;
  if (!isSignedIn(device, upn)) {
    if (device.state === "signed-out") await endBindings(dependencies, device);
    return { outcome: "not-signed-in" };
  }
  await endAccount(dependencies, device);
  // Before the device: a signed-in device without one gets another, a signed-out one with one would be behind for ever.
  await dependencies.policyRefreshes.remove(tenantId, macAddress);
  const former = await markSignedOut(dependencies, device);
  if (former === undefined) return { outcome: "not-signed-in" };
  await recordDeviceEvent(dependencies, { tenantId, macAddress, kind: "signed-out", text, actor });
  await tellPhone(former);
  await endBindings(dependencies, former);
  return { outcome: "signed-out", former };
}

/** Ends the account that a device bears, and no newer one. */
export function endAccount(
  { accounts }: Pick<Stores, "accounts">,
  { tenantId, macAddress, userAuthenticationName }: Device,
): Promise<void> {
  return userAuthenticationName === null
    ? accounts.removeByDevice(tenantId, macAddress)
    : accounts.remove(tenantId, userAuthenticationName);
}

/** Undefined, with nothing changed, where the device has another account by now, or none. */
async function markSignedOut(
  { devices, clock }: SignOutDependencies,
  { tenantId, macAddress, userAuthenticationName }: Device,
): Promise<Device | undefined> {
  let former: Device | undefined;
  await changeDevice(devices, tenantId, macAddress, (current) => {
    const isSame = current.userAuthenticationName === userAuthenticationName;
    former = isSignedIn(current, undefined) && isSame ? current : undefined;
    if (former === undefined) return undefined;
    return {
      ...current,
      state: "signed-out",
      upn: null,
      userAuthenticationName: null,
      signedOutAtMilliseconds: clock.nowMilliseconds(),
    };
  });
  return former;
}

function isSignedIn(device: Device, upn: string | undefined): boolean {
  return device.state === "signed-in" && (upn === undefined || device.upn === upn);
}

function endBindings({ bindings, clock }: SignOutDependencies, device: Device): Promise<void> {
  return endUserBindings(bindings, device, clock.nowMilliseconds());
}
