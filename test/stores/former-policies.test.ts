import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Redis } from "ioredis";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { initialGlobalPolicy } from "../../src/domain/calling-policy.ts";
import type { Stores } from "../../src/domain/stores.ts";
import type { TenantId } from "../../src/domain/tenant.ts";
import { openStores } from "../../src/stores/open-stores.ts";
import { now } from "../contracts/sample-data.ts";
import { RedisServer, whyNoRedisServer } from "../support/redis-server.ts";

const logger = pino({ level: "silent" });
const tenantId = "11111111-2222-4333-8444-555555555555" as TenantId;

/** The second version of `Lobby Ä`, made 5 ms after the first, which nobody noted. */
const changed = { ...initialGlobalPolicy, busyOnBusy: true };

/** What holds for policies that were written before there was a log of their versions. */
async function expectToGoOn({ callingPolicies }: Stores): Promise<void> {
  expect(await callingPolicies.find(tenantId, "lobby ä")).toMatchObject({
    ...changed,
    name: "Lobby Ä",
    version: 2,
    changedAtMilliseconds: now + 5,
  });
  expect(await callingPolicies.changedAfter(tenantId, "Lobby Ä", 1)).toBe(now + 5);
  expect(await callingPolicies.changedAfter(tenantId, "Lobby Ä", 2)).toBeUndefined();
  expect(await callingPolicies.changedAfter(tenantId, "Global", 0)).toBe(now);
  const third = await callingPolicies.put(tenantId, "Lobby Ä", initialGlobalPolicy, now + 9);
  expect(third.version).toBe(3);
  expect(await callingPolicies.changedAfter(tenantId, "Lobby Ä", 1)).toBe(now + 5);
  expect(await callingPolicies.changedAfter(tenantId, "Lobby Ä", 2)).toBe(now + 9);
  expect(await callingPolicies.remove(tenantId, "Global")).toBe(true);
  const again = await callingPolicies.put(tenantId, "Global", initialGlobalPolicy, now + 9);
  expect(again.version).toBe(2);
}

describe("policies in a data file of schema version 3", () => {
  let dataDir: string;
  let stores: Stores | undefined;

  beforeEach(() => {
    dataDir = path.join(mkdtempSync(path.join(os.tmpdir(), "gateway-former-")), "data");
    mkdirSync(dataDir);
    const database = new DatabaseSync(path.join(dataDir, "gateway.sqlite"));
    const dump = path.join(import.meta.dirname, "data-file-version-3.sql");
    database.exec(readFileSync(dump, "utf8"));
    database.close();
  });
  afterEach(async () => {
    await stores?.stop();
    rmSync(path.dirname(dataDir), { recursive: true, force: true });
  });

  it("go on counting from the version that stands, and tell when they moved on", async () => {
    stores = await openStores({ dataDir, redisUrl: undefined, logger });
    await expectToGoOn(stores);
  });
});

const noRedisServer = whyNoRedisServer();

describe.skipIf(noRedisServer !== undefined)("policies in Redis' data of version 2", () => {
  const policiesKey = `gw:{${tenantId}}:calling-policies`;
  const versionsKey = `gw:{${tenantId}}:calling-policy-versions:lobby ä`;
  let server: RedisServer;
  let redis: Redis;
  let stores: Stores | undefined;

  beforeEach(async () => {
    server = await RedisServer.start();
    redis = new Redis(server.url);
    const tenant = { id: tenantId, name: "Contoso", domain: "contoso.example" };
    await redis
      .pipeline()
      .rpush("gw:{gateway}:tenants", JSON.stringify(tenant))
      .set("gw:{gateway}:data-version", "2")
      .hset(policiesKey, "global", `1 ${now} ${JSON.stringify(initialGlobalPolicy)} Global`)
      .hset(policiesKey, "lobby ä", `2 ${now + 5} ${JSON.stringify(changed)} Lobby Ä`)
      .exec();
  });
  afterEach(async () => {
    await stores?.stop();
    redis.disconnect();
    await server.stop();
  });

  const open = async () => {
    stores = await openStores({ dataDir: "unused", redisUrl: server.url, logger });
    return stores;
  };

  it("go on counting from the version that stands, and tell when they moved on", async () => {
    await expectToGoOn(await open());
  });

  it("are logged once, however often the upgrade is cut off and begun again", async () => {
    await (await open()).stop();
    await redis.set("gw:{gateway}:data-version", "2");
    await open();
    expect(await redis.zrange(versionsKey, "0", "-1")).toEqual([`2 ${now + 5}`]);
  });

  it("count above a version that a node of the former release has written since", async () => {
    const { callingPolicies } = await open();
    const text = `7 ${now + 6} ${JSON.stringify(changed)} Lobby Ä`;
    await redis.hset(policiesKey, "lobby ä", text);
    const put = await callingPolicies.put(tenantId, "Lobby Ä", initialGlobalPolicy, now + 9);
    expect(put.version).toBe(8);
  });
});
