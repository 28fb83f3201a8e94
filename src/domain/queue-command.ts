import { randomUUID } from "node:crypto";
import type { Command, CommandKind } from "./command.ts";
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

/** What became of it. */
export type QueueCommandOutcome =
  | { readonly outcome: "queued"; readonly command: Command }
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
  const command = newCommand({ tenantId, macAddress, kind, actor }, now);
  await dependencies.commands.append(command);
  dependencies.liveEvents.publish({
    type: "command",
    tenantId,
    atMilliseconds: now,
    subject: command.id,
    change: "queued",
  });
  dependencies.deliver(tenantId, macAddress);
  return { outcome: "queued", command };
}

/** A queued command of a fresh id. */
export function newCommand(
  order: Pick<Command, "tenantId" | "macAddress" | "kind" | "actor">,
  nowMilliseconds: number,
): Command {
  return {
    ...order,
    id: randomUUID(),
    status: "queued",
    createdAtMilliseconds: nowMilliseconds,
    sentAtMilliseconds: null,
    settledAtMilliseconds: null,
    answer: null,
  };
}
