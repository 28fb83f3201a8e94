import { GatewayProcess } from "../support/gateway-process.ts";
import { RedisServer } from "../support/redis-server.ts";

/** What a gateway can keep its state in. */
export const storeKinds = ["sqlite", "redis"] as const;

export type StoreKind = (typeof storeKinds)[number];

/** A gateway in laboratory mode, with its own redis-server where it has one. */
export interface GatewayOnStore {
  readonly gateway: GatewayProcess;
  /** Where its state is, for who writes into it while the gateway is stopped. */
  readonly storage: { readonly dataDir: string; readonly redisUrl: string | undefined };
  /** Ends the gateway, and its Redis, as a power cut would (SIGKILL). */
  killAll(): Promise<void>;
  /** Starts both again on what they have on disk. */
  restartAll(): Promise<void>;
  /** Ends both and deletes their data. */
  stop(): Promise<void>;
}

/** Starts a gateway on a fresh store: SQLite, or a Redis with an append-only file. */
export async function startGatewayOn(store: StoreKind): Promise<GatewayOnStore> {
  return store === "sqlite" ? await startOnSqlite() : await startOnRedis();
}

async function startOnSqlite(): Promise<GatewayOnStore> {
  const gateway = await GatewayProcess.start({ environment: { LAB: "true" } });
  return {
    gateway,
    storage: { dataDir: gateway.dataDirectory, redisUrl: undefined },
    killAll: () => gateway.kill(),
    restartAll: () => gateway.restart(),
    stop: () => gateway.stop(),
  };
}

async function startOnRedis(): Promise<GatewayOnStore> {
  const redis = await RedisServer.start({ appendOnly: true });
  const environment = { LAB: "true", REDIS_URL: redis.url };
  const gateway = await GatewayProcess.start({ environment }).catch(async (error: unknown) => {
    await redis.stop();
    throw error;
  });
  return {
    gateway,
    storage: { dataDir: gateway.dataDirectory, redisUrl: redis.url },
    killAll: async () => {
      await gateway.kill();
      await redis.kill();
    },
    restartAll: async () => {
      await redis.launch();
      await gateway.restart();
    },
    stop: async () => {
      await gateway.stop();
      await redis.stop();
    },
  };
}
