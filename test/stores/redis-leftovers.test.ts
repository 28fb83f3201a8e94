import { randomUUID } from "node:crypto";
import { Redis } from "ioredis";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Command } from "../../src/domain/command.ts";
import type { SignIn } from "../../src/domain/sign-in.ts";
import type { Stores } from "../../src/domain/stores.ts";
import { openStores } from "../../src/stores/open-stores.ts";
import { device, mac, newTenantId, now, user } from "../contracts/sample-data.ts";
import { RedisServer, whyNoRedisServer } from "../support/redis-server.ts";

const logger = pino({ level: "silent" });
const noRedisServer = whyNoRedisServer();

describe.skipIf(noRedisServer !== undefined)("Redis, of what has been removed,", () => {
  const tenantId = newTenantId();
  let server: RedisServer;
  let redis: Redis;
  let stores: Stores;

  beforeEach(async () => {
    server = await RedisServer.start();
    redis = new Redis(server.url);
    stores = await openStores({ dataDir: "unused", redisUrl: server.url, logger });
  });
  afterEach(async () => {
    redis.disconnect();
    await stores.stop();
    await server.stop();
  });

  /** Redis drops a hash, set or order with its last member, so that a key shows each that is left. */
  const keysOfTenant = () => redis.keys(`gw:{${tenantId}}:*`);

  it("keeps no user, number or place in a list", async () => {
    await stores.users.putMany([user(tenantId, "adele@x", "+1"), user(tenantId, "alex@x")]);
    await stores.users.putMany([user(tenantId, "adele@x", "+2"), user(tenantId, "alex@x", "+1")]);
    for (const upn of ["adele@x", "alex@x"]) await stores.users.remove(tenantId, upn);
    expect(await keysOfTenant()).toEqual([]);
  });

  it("keeps no device and no word of who was signed in on it", async () => {
    await stores.devices.insert(device(tenantId, 1, { upn: "adele@x" }));
    for (const upn of ["alex@x", null, "adele@x"]) {
      const found = await stores.devices.find(tenantId, mac(1));
      await stores.devices.replace(device(tenantId, 1, { upn }), found?.revision ?? 0);
      const listed = await redis.zcard(`gw:{${tenantId}}:devices-by-user`);
      expect(listed).toBe(upn === null ? 0 : 1);
    }
    await stores.devices.remove(tenantId, mac(1));
    expect(await keysOfTenant()).toEqual([]);
  });

  it("keeps no note that a sign-in was pending", async () => {
    const pending: SignIn = {
      id: randomUUID(),
      tenantId,
      macAddress: mac(1),
      deviceCode: "secret",
      userCode: "BDWP-HQPK",
      verificationUri: "http://192.0.2.10:8081/device",
      verificationUriComplete: "http://192.0.2.10:8081/device?user_code=BDWP-HQPK",
      startedAtMilliseconds: now,
      expiresAtMilliseconds: now + 900_000,
      intervalSeconds: 5,
      status: "pending",
      reason: null,
      upn: null,
      nodeId: "node-1",
      actor: "admin",
    };
    const expired: SignIn = { ...pending, status: "expired" };
    const notes = () => redis.exists(`gw:{${tenantId}}:sign-ins-pending`);
    await stores.signIns.put(pending);
    expect(await notes()).toBe(1);
    await stores.signIns.settle(expired);
    expect(await notes()).toBe(0);
    await stores.signIns.put(pending);
    await stores.signIns.put(expired);
    expect(await notes()).toBe(0);
    await stores.signIns.put(pending);
    await stores.signIns.remove(tenantId, mac(1));
    expect(await keysOfTenant()).toEqual([]);
  });

  it("keeps no command and no place in a queue, and no more places than commands", async () => {
    const command: Command = {
      id: randomUUID(),
      tenantId,
      macAddress: mac(1),
      kind: "restart",
      status: "queued",
      createdAtMilliseconds: now,
      sentAtMilliseconds: null,
      settledAtMilliseconds: null,
      answer: null,
      actor: "admin",
    };
    for (let count = 0; count < 60; count++) {
      await stores.commands.append({ ...command, id: randomUUID() });
    }
    const places = `gw:{${tenantId}}:commands-in-order:${mac(1)}`;
    expect(await redis.zcard(places)).toBe(50);
    await stores.commands.removeByDevice(tenantId, mac(1));
    expect(await keysOfTenant()).toEqual([]);
  });
});
