import type { Device } from "../../api/types.ts";

/** Devices by the UPN of who is signed in on them. */
export function devicesByUser(devices: Iterable<Device>): ReadonlyMap<string, readonly Device[]> {
  const byUser = new Map<string, Device[]>();
  for (const device of devices) {
    if (device.user === null) continue;
    const ofUser = byUser.get(device.user.upn);
    if (ofUser === undefined) byUser.set(device.user.upn, [device]);
    else ofUser.push(device);
  }
  return byUser;
}

/** A device as people know it: its location, and its MAC address, by which it is told from others. */
export function deviceName({ location, macAddress }: Device): string {
  return location === "" ? macAddress : `${location} (${macAddress})`;
}
