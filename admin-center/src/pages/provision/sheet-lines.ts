import type { Device } from "../../api/types.ts";
import { macOrder } from "../../parts/mac-order.ts";
import { codeStanding } from "./code-standing.ts";

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

/**
 * The lines of a technician's sheet: devices with a code that can be dialled now, in the order of
 * their locations, as they are walked to.
 * @param wanted their MAC addresses; all when undefined
 */
export function sheetLines(
  devices: ReadonlyMap<string, Device>,
  wanted: ReadonlySet<string> | undefined,
  nowMilliseconds: number,
): readonly Device[] {
  return [...devices.values()]
    .filter(
      (device) =>
        device.state === "waiting-on-activation" &&
        (wanted === undefined || wanted.has(device.macAddress)) &&
        codeStanding(device, nowMilliseconds).kind === "usable",
    )
    .sort(
      (one, other) =>
        collator.compare(one.location, other.location) ||
        macOrder(one.macAddress) - macOrder(other.macAddress),
    );
}
