import type { Logger } from "pino";
import type { Stores } from "../domain/stores.ts";
import { openRedisStores } from "./redis/redis-stores.ts";
import type { MachineTime } from "./sqlite/group-commit.ts";
import { openSqliteStores } from "./sqlite/sqlite-stores.ts";

/** Where the gateway keeps its state. */
export interface StoreSettings {
  /** The data folder (`DATA_DIR`): SQLite's file is in it when no Redis is named. */
  readonly dataDir: string;
  /** `REDIS_URL`: when given, all state is in that Redis and none in SQLite. */
  readonly redisUrl: string | undefined;
  readonly logger: Pick<Logger, "info" | "warn" | "error">;
  /** Spaces SQLite's commits under load; without it each turn of the event loop commits by itself. */
  readonly machineTime?: MachineTime;
}

/**
 * Opens every store, ready for use.
 * @throws on SQLite DataFolderInUseError and SchemaTooNewError; on Redis InvalidRedisUrlError and
 *   RedisUnreachableError. Their messages say what to do.
 */
export async function openStores(settings: StoreSettings): Promise<Stores> {
  const { dataDir, redisUrl, logger, machineTime } = settings;
  return redisUrl === undefined
    ? openSqliteStores(dataDir, logger, machineTime)
    : await openRedisStores(redisUrl, logger);
}
