import { type Command, longestDeliveryMilliseconds } from "./command.ts";
import type { MacAddress } from "./mac-address.ts";
import type { QueueCommandDependencies } from "./queue-command.ts";
import type { TenantId } from "./tenant.ts";

/** What reading commands needs. */
export type FindCommandDependencies = Pick<
  QueueCommandDependencies,
  "commands" | "clock" | "deliver"
>;

/**
 * How a command stands. One that a node was sending when it died is put back into the queue by
 * whoever asks first, and sent again.
 */
export async function findCommand(
  dependencies: FindCommandDependencies,
  tenantId: TenantId,
  macAddress: MacAddress,
  id: string,
): Promise<Command | undefined> {
  const found = await readReclaimed(dependencies, tenantId, macAddress, async () => {
    const command = await dependencies.commands.find(tenantId, macAddress, id);
    return command === undefined ? [] : [command];
  });
  return found[0];
}

/** The device's last commands, newest first; those whose sender died are sent again likewise. */
export function listCommands(
  dependencies: FindCommandDependencies,
  tenantId: TenantId,
  macAddress: MacAddress,
): Promise<readonly Command[]> {
  return readReclaimed(dependencies, tenantId, macAddress, () =>
    dependencies.commands.list(tenantId, macAddress),
  );
}

async function readReclaimed(
  { commands, clock, deliver }: FindCommandDependencies,
  tenantId: TenantId,
  macAddress: MacAddress,
  read: () => Promise<readonly Command[]>,
): Promise<readonly Command[]> {
  const found = await read();
  const sentBefore = clock.nowMilliseconds() - longestDeliveryMilliseconds;
  if (!found.some((command) => isSentBefore(command, sentBefore))) return found;
  await commands.reclaim(tenantId, macAddress, sentBefore);
  const reclaimed = await read();
  deliver(tenantId, macAddress);
  return reclaimed;
}

function isSentBefore({ status, sentAtMilliseconds }: Command, timeMilliseconds: number): boolean {
  return status === "sent" && (sentAtMilliseconds ?? 0) < timeMilliseconds;
}
