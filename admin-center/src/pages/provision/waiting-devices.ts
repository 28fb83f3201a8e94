import type { Device, DeviceState } from "../../api/types.ts";

/** The states that the page's tabs show. */
export type WaitingState = Extract<DeviceState, "waiting-on-activation" | "waiting-for-sign-in">;

/** The devices that wait, by what they wait for. */
export type WaitingDevices = Readonly<Record<WaitingState, readonly Device[]>>;

/** Picks from the inventory the devices that wait. */
export function waitingDevices(devices: Iterable<Device>): WaitingDevices {
  const activation: Device[] = [];
  const signIn: Device[] = [];
  for (const device of devices) {
    if (device.state === "waiting-on-activation") activation.push(device);
    else if (device.state === "waiting-for-sign-in") signIn.push(device);
  }
  return { "waiting-on-activation": activation, "waiting-for-sign-in": signIn };
}

/** The devices in which every word of a search stands: in MAC address (in any usual form), location or model. */
export function searchWaiting(devices: readonly Device[], search: string): readonly Device[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return devices;
  return devices.filter((device) => {
    const { macAddress, location, vendor, model } = device;
    const digits = macAddress.replaceAll(":", "");
    const text = [macAddress, digits, macAddress.replaceAll(":", "-"), location, vendor, model]
      .join("\n")
      .toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** Devices that were waiting on activation before and wait for sign in now. */
export function activatedBetween(
  before: ReadonlyMap<string, Device>,
  now: ReadonlyMap<string, Device>,
): readonly Device[] {
  const activated: Device[] = [];
  for (const [macAddress, device] of now) {
    if (device.state !== "waiting-for-sign-in") continue;
    if (before.get(macAddress)?.state === "waiting-on-activation") activated.push(device);
  }
  return activated;
}
