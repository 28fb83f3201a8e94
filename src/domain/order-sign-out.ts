import { doneCommand } from "./command.ts";
import type { MacAddress } from "./mac-address.ts";
import {
  publishCommand,
  type QueueCommandDependencies,
  type QueueCommandOutcome,
  queueCommand,
} from "./queue-command.ts";
import { type SignOutDependencies, signOutDevice } from "./sign-out-device.ts";
import type { TellPhone } from "./tell-phone.ts";
import type { TenantId } from "./tenant.ts";

/** What ordering a sign-out needs. */
export type OrderSignOutDependencies = QueueCommandDependencies &
  SignOutDependencies & { readonly tellPhone: TellPhone };

/**
 * Has a device signed out. Where its phone is registered that is a command as any other, which keeps
 * what the phone answers. Where the phone is away it is done at once: it must not wait, behind what
 * is queued, for a phone that may be lost.
 */
export async function orderSignOut(
  dependencies: OrderSignOutDependencies,
  tenantId: TenantId,
  macAddress: MacAddress,
  actor: string,
): Promise<QueueCommandOutcome> {
  const { bindings, devices, commands, clock, tellPhone } = dependencies;
  const now = clock.nowMilliseconds();
  const [registration] = await bindings.registrationsOf(tenantId, [macAddress], now);
  if (registration !== undefined) {
    return queueCommand(dependencies, tenantId, macAddress, "sign-out", actor);
  }
  const text = "Signed out; the phone is away and finds out when it next fetches.";
  const signOut = { tenantId, macAddress, actor, text };
  const result = await signOutDevice(dependencies, signOut, tellPhone);
  if (result.outcome === "no-device") return result;
  if (result.outcome === "not-signed-in") {
    const device = (await devices.find(tenantId, macAddress))?.value;
    return device === undefined
      ? { outcome: "no-device" }
      : { outcome: "not-signed-in", state: device.state };
  }
  const command = doneCommand({ tenantId, macAddress, kind: "sign-out", actor }, now);
  await commands.append(command);
  publishCommand(dependencies, command, now);
  return { outcome: "done", command };
}
