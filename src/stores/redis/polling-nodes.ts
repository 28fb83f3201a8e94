import type { RedisConnection } from "./redis-connection.ts";
import { gatewayKey } from "./redis-keys.ts";

/** Sorted set of the nodes that poll for sign-ins, by the time until which they are alive. */
export const pollingNodesKey = gatewayKey("polling-nodes");

/** The nodes that have said that they are alive at this time. @throws StoreUnavailableError */
export async function findPollingNodes(
  connection: RedisConnection,
  nowMilliseconds: number,
): Promise<ReadonlySet<string>> {
  const alive = await connection.run((redis) =>
    redis.zrangebyscore(pollingNodesKey, `(${nowMilliseconds}`, "+inf"),
  );
  return new Set(alive);
}
