import { type Command, longestDeliveryMilliseconds } from "./command.ts";
import type { MacAddress } from "./mac-address.ts";
import type { QueueCommandDependencies } from "./queue-command.ts";
import type { TenantId } from "./tenant.ts";

/**
 * How a command stands. One that a node was sending when it died is put back into the queue by
 * whoever asks first, and sent again.
 */
export async function findCommand(
  { commands, clock, deliver }: Pick<QueueCommandDependencies, "commands" | "clock" | "deliver">,
  tenantId: TenantId,
  macAddress: MacAddress,
  id: string,
): Promise<Command | undefined> {
  const found = await commands.find(tenantId, macAddress, id);
  const sentBefore = clock.nowMilliseconds() - longestDeliveryMilliseconds;
  if (found === undefined || !isSentBefore(found, sentBefore)) return found;
  await commands.reclaim(tenantId, macAddress, sentBefore);
  const reclaimed = await commands.find(tenantId, macAddress, id);
  deliver(tenantId, macAddress);
  return reclaimed;
}

function isSentBefore({ status, sentAtMilliseconds }: Command, timeMilliseconds: number): boolean {
  return status === "sent" && (sentAtMilliseconds ?? 0) < timeMilliseconds;
}
