import type { Device } from "../../api/types.ts";

/** What of a device the filters and counts judge. */
type Judged = Pick<Device, "state" | "online" | "attention">;

/** The counts above the inventory, each of which is a filter. */
export const deviceFilters = [
  "all",
  "online",
  "offline",
  "waiting",
  "signed-in",
  "attention",
] as const;

export type DeviceFilter = (typeof deviceFilters)[number];

const rules: Readonly<Record<DeviceFilter, (device: Judged) => boolean>> = {
  all: () => true,
  online: ({ online }) => online,
  offline: ({ online }) => !online,
  waiting: ({ state }) => state === "waiting-on-activation" || state === "waiting-for-sign-in",
  "signed-in": ({ state }) => state === "signed-in",
  attention: ({ attention }) => attention.length > 0,
};

/** The filter of this name; all devices where it names none. */
export function readDeviceFilter(name: string | null): DeviceFilter {
  return deviceFilters.find((filter) => filter === name) ?? "all";
}

/** How many devices each filter shows. */
export function countDevices(devices: Iterable<Judged>): Readonly<Record<DeviceFilter, number>> {
  const counts = {
    all: 0,
    online: 0,
    offline: 0,
    waiting: 0,
    "signed-in": 0,
    attention: 0,
  };
  for (const device of devices) {
    for (const filter of deviceFilters) if (rules[filter](device)) counts[filter]++;
  }
  return counts;
}

/** Whether a filter shows a device. */
export function passesFilter(device: Judged, filter: DeviceFilter): boolean {
  return rules[filter](device);
}
