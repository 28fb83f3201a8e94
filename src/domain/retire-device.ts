import { changeDevice } from "./change-device.ts";
import type { Device } from "./device.ts";
import type { MacAddress } from "./mac-address.ts";
import { type Recording, recordDeviceEvent } from "./record-device-event.ts";
import { endAccount } from "./sign-out-device.ts";
import type { Stores } from "./stores.ts";
import type { TellPhone } from "./tell-phone.ts";
import type { TenantId } from "./tenant.ts";

/** What deleting and resetting a device needs. */
export type RetireDeviceDependencies = Recording &
  Pick<
    Stores,
    "devices" | "codes" | "accounts" | "bindings" | "signIns" | "commands" | "policyRefreshes"
  >;

/**
 * Takes a device out of the inventory and ends its accounts, bindings, code, sign-in and commands.
 * @returns false when there is no such device.
 */
export async function deleteDevice(
  dependencies: RetireDeviceDependencies,
  tenantId: TenantId,
  macAddress: MacAddress,
  actor: string,
): Promise<boolean> {
  await dependencies.policyRefreshes.remove(tenantId, macAddress);
  const removed = await dependencies.devices.remove(tenantId, macAddress);
  await endAccess(dependencies, tenantId, macAddress);
  await dependencies.commands.removeByDevice(tenantId, macAddress);
  if (removed) {
    const text = "Deleted; its accounts and registrations ended.";
    await recordDeviceEvent(dependencies, { tenantId, macAddress, kind: "deleted", text, actor });
  }
  return removed;
}

/**
 * Sends a device back to the start: it waits on activation again, every account it was ever given
 * is void, and its plain provisioning URL answers again. The phone is told to fetch on the binding
 * that it has, before that ends.
 * @returns the device, or undefined when there is none.
 */
export async function resetDevice(
  dependencies: RetireDeviceDependencies,
  tenantId: TenantId,
  macAddress: MacAddress,
  actor: string,
  tellPhone: TellPhone = tellNobody,
): Promise<Device | undefined> {
  const text = "Reset; it waits on activation again and needs a new verification code.";
  const event = { kind: "reset", text, actor, isMeant: () => true } as const;
  return takeBackDevice(dependencies, tenantId, macAddress, event, tellPhone);
}

/** Why a device is sent back to the start. */
export interface TakingBack {
  readonly kind: "reset" | "off-boarded";
  /** A sentence for the history. */
  readonly text: string;
  readonly actor: string;
  /** Whether the device as it stands by then is still to be sent back. */
  readonly isMeant: (current: Device) => boolean;
}

/**
 * Ends a device's enrolment, as `resetDevice` describes it. The user's account ends first: once the
 * device is changed nobody does this again, and a crash must leave no account to go on with.
 * @returns the device, or undefined when there is none that is meant.
 */
export async function takeBackDevice(
  dependencies: RetireDeviceDependencies,
  tenantId: TenantId,
  macAddress: MacAddress,
  { kind, text, actor, isMeant }: TakingBack,
  tellPhone: TellPhone = tellNobody,
): Promise<Device | undefined> {
  const found = await dependencies.devices.find(tenantId, macAddress);
  if (found === undefined || !isMeant(found.value)) return undefined;
  if (found.value.state === "signed-in") await endAccount(dependencies, found.value);
  const now = dependencies.clock.nowMilliseconds();
  let former: Device | undefined;
  const device = await changeDevice(dependencies.devices, tenantId, macAddress, (current) => {
    former = isMeant(current) ? current : undefined;
    if (former === undefined) return undefined;
    return {
      ...current,
      state: current.state === "seen" ? "seen" : "waiting-on-activation",
      issuedAccount: null,
      enrolledAuthenticationName: null,
      accountsValidFromMilliseconds: now,
      upn: null,
      userAuthenticationName: null,
      enrolledAtMilliseconds: null,
      signedOutAtMilliseconds: null,
      offlineSinceMilliseconds: null,
      offBoardingNoticeAtMilliseconds: null,
    };
  });
  if (device === undefined || former === undefined) return undefined;
  await tellPhone(former);
  await endAccess(dependencies, tenantId, macAddress);
  await recordDeviceEvent(dependencies, { tenantId, macAddress, kind, text, actor });
  return device;
}

const tellNobody: TellPhone = async () => {};

async function endAccess(
  dependencies: RetireDeviceDependencies,
  tenantId: TenantId,
  macAddress: MacAddress,
): Promise<void> {
  await dependencies.codes.remove(tenantId, macAddress);
  await dependencies.signIns.remove(tenantId, macAddress);
  await dependencies.accounts.removeByDevice(tenantId, macAddress);
  await dependencies.policyRefreshes.remove(tenantId, macAddress);
  await dependencies.bindings.removeByDevice(tenantId, macAddress);
}
