import { changeDevice } from "./change-device.ts";
import { type Device, newDevice } from "./device.ts";
import { type MacAddress, readMacAddress } from "./mac-address.ts";
import { type Recording, recordDeviceEvent } from "./record-device-event.ts";
import type { Stores } from "./stores.ts";
import type { TenantId } from "./tenant.ts";

/** Longest text that tells a technician where a device stands, in characters. */
export const longestLocation = 200;

/** What adding a device needs. */
export type AddDeviceDependencies = Recording & Pick<Stores, "devices">;

/** A device to add, as an administrator wrote it. */
export interface DeviceEntry {
  readonly macAddress: string;
  readonly location: string;
}

/** What became of an entry. */
export type AddDeviceOutcome =
  | { readonly outcome: "added"; readonly device: Device }
  | { readonly outcome: "exists"; readonly device: Device }
  | {
      readonly outcome: "invalid";
      readonly field: "macAddress" | "location";
      readonly reason: string;
    };

/**
 * Enters a device: it then waits on activation. A phone that was already seen keeps what its
 * requests told; one that an administrator has entered before stays as it is.
 */
export async function addDevice(
  dependencies: AddDeviceDependencies,
  tenantId: TenantId,
  entry: DeviceEntry,
  actor: string,
): Promise<AddDeviceOutcome> {
  const reading = readMacAddress(entry.macAddress);
  if (!reading.ok) return { outcome: "invalid", field: "macAddress", reason: reading.reason };
  const location = readLocation(entry.location);
  if (!location.ok) return { outcome: "invalid", field: "location", reason: location.reason };

  const { macAddress } = reading;
  const now = dependencies.clock.nowMilliseconds();
  const device = newDevice(tenantId, macAddress, "waiting-on-activation", location.text, now);
  if (await dependencies.devices.insert(device)) {
    await recordAddition(dependencies, device, actor);
    return { outcome: "added", device };
  }
  return claimSeenDevice(dependencies, tenantId, macAddress, location.text, actor);
}

async function claimSeenDevice(
  dependencies: AddDeviceDependencies,
  tenantId: TenantId,
  macAddress: MacAddress,
  location: string,
  actor: string,
): Promise<AddDeviceOutcome> {
  let claimed = false;
  const device = await changeDevice(dependencies.devices, tenantId, macAddress, (current) => {
    claimed = current.state === "seen";
    return claimed ? { ...current, state: "waiting-on-activation", location } : undefined;
  });
  if (device === undefined) {
    return addDevice(dependencies, tenantId, { macAddress, location }, actor);
  }
  if (!claimed) return { outcome: "exists", device };
  await recordAddition(dependencies, device, actor);
  return { outcome: "added", device };
}

function recordAddition(recording: Recording, device: Device, actor: string): Promise<void> {
  const where = device.location === "" ? "" : ` Location: ${device.location}.`;
  return recordDeviceEvent(recording, {
    tenantId: device.tenantId,
    macAddress: device.macAddress,
    kind: "added",
    text: `Added; it waits on activation.${where}`,
    actor,
  });
}

/** Reads a location: trimmed, bounded, without control characters. */
export function readLocation(
  text: string,
): { readonly ok: true; readonly text: string } | { readonly ok: false; readonly reason: string } {
  const trimmed = text.trim();
  if (trimmed.length > longestLocation) {
    return { ok: false, reason: `A location has ${longestLocation} characters at most.` };
  }
  if (/\p{Cc}/u.test(trimmed)) {
    return { ok: false, reason: "A location has no line breaks or control characters." };
  }
  return { ok: true, text: trimmed };
}
