import type { DeviceEventKind } from "./history.ts";
import type { MacAddress } from "./mac-address.ts";
import type { Stores } from "./stores.ts";
import type { TenantId } from "./tenant.ts";
import type { TimeSource } from "./time-source.ts";

/** What writing history needs. */
export type Recording = Pick<Stores, "history" | "liveEvents"> & { readonly clock: TimeSource };

/** Who or what a device's history names as the doer when it was no administrator. */
export const phoneActor = "phone";

/** Who it names where the gateway acts by itself: on a change of a policy, or when a code expires. */
export const gatewayActor = "gateway";

/** Writes a line of a device's history and tells the open pages. */
export async function recordDeviceEvent(
  recording: Recording,
  event: {
    readonly tenantId: TenantId;
    readonly macAddress: MacAddress;
    readonly kind: DeviceEventKind;
    readonly text: string;
    readonly actor: string;
  },
): Promise<void> {
  const atMilliseconds = recording.clock.nowMilliseconds();
  await recording.history.append({ ...event, atMilliseconds });
  recording.liveEvents.publish({
    type: "device",
    tenantId: event.tenantId,
    atMilliseconds,
    subject: event.macAddress,
    change: event.kind,
  });
}
