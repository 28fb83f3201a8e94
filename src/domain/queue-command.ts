import { type Command, type CommandKind, newCommand } from "./command.ts";
import type { DeviceState } from "./device.ts";
import type { MacAddress } from "./mac-address.ts";
import type { Recording } from "./record-device-event.ts";
import type { Stores } from "./stores.ts";
import type { TenantId } from "./tenant.ts";

/** What queueing a command needs. */
export type QueueCommandDependencies = Omit<Recording, "history"> &
  Pick<Stores, "devices" | "commands"> & {
    /** Brings what is queued to a device's phone, now if it is there. Returns at once, never throws. */
    readonly deliver: (tenantId: TenantId, macAddress: MacAddress) => void;
  };

/** What became of it; `done`: the gateway has done it without the phone. */
export type QueueCommandOutcome =
  | { readonly outcome: "queued" | "done"; readonly command: Command }
  | { readonly outcome: "no-device" }
  /** A sign-out where nobody is signed in. */
  | { readonly outcome: "not-signed-in"; readonly state: DeviceState };

/** Queues a command for a device and has it delivered: now, or when its phone next registers. */
export async function queueCommand(
  dependencies: QueueCommandDependencies,
  tenantId: TenantId,
  macAddress: MacAddress,
  kind: Exclude<CommandKind, "reset">,
  actor: string,
): Promise<QueueCommandOutcome> {
  const device = (await dependencies.devices.find(tenantId, macAddress))?.value;
  if (device === undefined) return { outcome: "no-device" };
  if (kind === "sign-out" && device.state !== "signed-in") {
    return { outcome: "not-signed-in", state: device.state };
  }
  const now = dependencies.clock.nowMilliseconds();
  const upn = kind === "sign-out" ? device.upn : null;
  const command = newCommand({ tenantId, macAddress, kind, upn, actor }, now);
  await dependencies.commands.append(command);
  publishCommand(dependencies, command, now);
  dependencies.deliver(tenantId, macAddress);
  return { outcome: "queued", command };
}

/** Tells the open pages how a command stands. */
export function publishCommand(
  { liveEvents }: Pick<Stores, "liveEvents">,
  { tenantId, id, status }: Command,
  atMilliseconds: number,
): void {
  liveEvents.publish({ type: "command", tenantId, atMilliseconds, subject: id, change: status });
}
