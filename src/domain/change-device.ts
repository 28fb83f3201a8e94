import type { Device, DeviceStore } from "./device.ts";
import type { MacAddress } from "./mac-address.ts";
import type { TenantId } from "./tenant.ts";

const mostTries = 20;

/**
 * Applies `change` to the stored device and writes the result, again when another change came
 * between. `change` is pure and may be called several times; it returns undefined to leave the
 * device as it is.
 * @returns the device as it now stands, or undefined when there is none.
 */
export async function changeDevice(
  devices: DeviceStore,
  tenantId: TenantId,
  macAddress: MacAddress,
  change: (device: Device) => Device | undefined,
): Promise<Device | undefined> {
  for (let tries = 0; tries < mostTries; tries++) {
    const found = await devices.find(tenantId, macAddress);
    if (found === undefined) return undefined;
    const changed = change(found.value);
    if (changed === undefined) return found.value;
    if (await devices.replace(changed, found.revision)) return changed;
  }
  throw new DeviceContentionError(macAddress);
}

/** A device was changed by others so often that this change never got its turn. */
export class DeviceContentionError extends Error {
  readonly code = "DEVICE_CONTENTION";

  constructor(macAddress: MacAddress) {
    super(`Device ${macAddress} is being changed too often; try again.`);
    this.name = "DeviceContentionError";
  }
}
