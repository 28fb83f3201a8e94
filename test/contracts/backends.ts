import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { Redis } from "ioredis";
import { pino } from "pino";
import type { Stores } from "../../src/domain/stores.ts";
import { openStores } from "../../src/stores/open-stores.ts";
import { RedisServer, startRedisCluster } from "../support/redis-server.ts";

const logger = pino({ level: "silent" });

/** A kind of storage that the contract is tried on. */
export interface Backend {
  readonly name: string;
  readonly needsRedis: boolean;
  /** Makes it ready for {@link RunningBackend.openEmpty}. */
  start(): Promise<RunningBackend>;
}

/** A storage that runs. */
export interface RunningBackend {
  /** Stores on empty storage. */
  openEmpty(): Promise<Stores>;
  /** Stores on the same storage again: of another node where several share it, else after a stop. */
  openAgain(former: Stores): Promise<Stores>;
  /** Whether several nodes may use the storage at the same time. */
  readonly isShared: boolean;
  stop(): Promise<void>;
}

/** What a contract is given: stores on storage that was empty when the test began. */
export interface Subject {
  readonly stores: Stores;
  /** Ends `stores` where storage cannot be shared, and opens others on the same storage. */
  openAgain(): Promise<Stores>;
  /** The stores of every node that may use the storage now; of one where it cannot be shared. */
  nodes(): Promise<readonly Stores[]>;
}

const sqlite: Backend = {
  name: "SQLite",
  needsRedis: false,
  start: async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), "gateway-stores-"));
    let opened = 0;
    const open = () =>
      openStores({ dataDir: path.join(folder, String(opened)), redisUrl: undefined, logger });
    return {
      openEmpty: () => {
        opened++;
        return open();
      },
      openAgain: async (former) => {
        await former.stop();
        return open();
      },
      isShared: false,
      stop: async () => rmSync(folder, { recursive: true, force: true }),
    };
  },
};

const redis: Backend = {
  name: "Redis",
  needsRedis: true,
  start: async () => {
    const server = await RedisServer.start();
    return onRedis(server.url, [server.port], () => server.stop());
  },
};

const redisCluster: Backend = {
  name: "Redis Cluster",
  needsRedis: true,
  start: async () => {
    const cluster = await startRedisCluster();
    return onRedis(cluster.url, cluster.ports, cluster.stop);
  },
};

export const backends: readonly Backend[] = [sqlite, redis, redisCluster];

function onRedis(redisUrl: string, ports: readonly number[], stop: () => Promise<void>) {
  const open = () => openStores({ dataDir: "unused", redisUrl, logger });
  const servers = ports.map((port) => new Redis({ port }));
  return {
    openEmpty: async () => {
      await Promise.all(servers.map((server) => server.flushall()));
      return open();
    },
    openAgain: open,
    isShared: true,
    stop: async () => {
      for (const server of servers) server.disconnect();
      await stop();
    },
  };
}
