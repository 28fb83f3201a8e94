import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Redis } from "ioredis";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Device, newDevice } from "../../src/domain/device.ts";
import type { MacAddress } from "../../src/domain/mac-address.ts";
import type { Stores } from "../../src/domain/stores.ts";
import type { TenantId } from "../../src/domain/tenant.ts";
import { openStores } from "../../src/stores/open-stores.ts";
import { mac, now } from "../contracts/sample-data.ts";
import { RedisServer, whyNoRedisServer } from "../support/redis-server.ts";

const logger = pino({ level: "silent" });
const tenantId = "11111111-2222-4333-8444-555555555555" as TenantId;

/** What users lacked who were written before there were policies. */
const defaults = {
  callingPolicy: "Global",
  forwarding: null,
  doNotDisturb: false,
  passwordHash: null,
};

const sample = {
  tenantId,
  upn: "sample-000001@contoso.example",
  displayName: "Sample 000001",
  phoneNumber: "+15550000001",
};

describe("a data file of schema version 1", () => {
  let dataDir: string;
  let stores: Stores | undefined;

  beforeEach(() => {
    dataDir = path.join(mkdtempSync(path.join(os.tmpdir(), "gateway-former-")), "data");
    mkdirSync(dataDir);
    const database = new DatabaseSync(path.join(dataDir, "gateway.sqlite"));
    const dump = path.join(import.meta.dirname, "data-file-version-1.sql");
    database.exec(readFileSync(dump, "utf8"));
    database.close();
  });
  afterEach(async () => {
    await stores?.stop();
    rmSync(path.dirname(dataDir), { recursive: true, force: true });
  });

  const open = async () => {
    stores = await openStores({ dataDir, redisUrl: undefined, logger });
    return stores;
  };

  it("opens with its users, whose new fields have their defaults", async () => {
    const { users } = await open();
    const zoe = {
      ...{ tenantId, upn: "zoë@contoso.example", displayName: "Zoë ÅKERSTRÖM", phoneNumber: null },
      ...defaults,
    };
    const completed = { ...sample, ...defaults };
    expect(await users.find(tenantId, sample.upn)).toEqual(completed);
    expect(await users.findByPhoneNumber(tenantId, sample.phoneNumber)).toEqual(completed);
    expect((await users.list(tenantId, { limit: 5 })).items).toEqual([completed, zoe]);
    const { items } = await users.list(tenantId, { limit: 5, search: "åkerström" });
    expect(items).toEqual([zoe]);
    expect(await users.remove(tenantId, zoe.upn)).toBe(true);
  });

  it("opens with its devices, and lists them under their users", async () => {
    const { devices } = await open();
    const signedIn = await devices.listByUser(tenantId, sample.upn);
    expect(signedIn).toMatchObject([
      { macAddress: "020000000001", state: "signed-in", userAuthenticationName: null },
    ]);
    expect((await devices.find(tenantId, mac(1)))?.value).toEqual(
      newDevice(tenantId, mac(1), "waiting-on-activation", "Lobby", now),
    );
    const { items } = await devices.list(tenantId, { limit: 5, nowMilliseconds: now });
    expect(items.map((device) => device.userAuthenticationName)).toEqual([null, null]);
  });

  it("opens with its accounts, codes, bindings, history, tenant and secret", async () => {
    const { accounts, codes, bindings, history, tenants, secrets } = await open();
    const aor = "sip:+15550000001@contoso.example";
    expect(await accounts.aorExists(tenantId, aor)).toBe(true);
    expect((await codes.find(tenantId, mac(1)))?.code).toBe("123456");
    expect(await bindings.find(tenantId, aor, now)).toMatchObject([{ callId: "call-1" }]);
    const ofSample = "020000000001" as MacAddress;
    expect((await history.list(tenantId, ofSample, { limit: 5 })).items).toHaveLength(1);
    expect(await tenants.list()).toMatchObject([{ id: tenantId, name: "Contoso" }]);
    expect(await secrets.ensure("nonce", Buffer.alloc(32, 1))).toEqual(Buffer.alloc(32, 7));
  });

  it("is of the new version from then on, and opens again", async () => {
    await (await open()).stop();
    const { users, commands } = await open();
    expect((await users.find(tenantId, sample.upn))?.displayName).toBe(sample.displayName);
    expect(await commands.takeNext(tenantId, mac(1), now, now)).toBeUndefined();
  });
});

const noRedisServer = whyNoRedisServer();

describe.skipIf(noRedisServer !== undefined)("data of the first version on Redis", () => {
  const samples = 1200;
  let server: RedisServer;
  let redis: Redis;

  beforeEach(async () => {
    server = await RedisServer.start();
    redis = new Redis(server.url);
    await writeAsFirstVersion();
  });
  afterEach(async () => {
    redis.disconnect();
    await server.stop();
  });

  const upnOf = (number: number) => `sample-${String(number).padStart(6, "0")}@contoso.example`;
  const keyOf = (name: string) => `gw:{${tenantId}}:${name}`;

  async function writeAsFirstVersion(): Promise<void> {
    const tenant = { id: tenantId, name: "Contoso", domain: "contoso.example" };
    const batch = redis.pipeline().rpush("gw:{gateway}:tenants", JSON.stringify(tenant));
    for (let number = 0; number < samples; number++) {
      const upn = upnOf(number);
      const phoneNumber = `+1555${String(number).padStart(7, "0")}`;
      const user = { tenantId, upn, displayName: `Sample ${number}`, phoneNumber };
      batch.hset(keyOf("users"), upn, JSON.stringify(user));
      batch.zadd(keyOf("users-by-phone-number"), 0, `12:${phoneNumber} ${upn}`);
      const { userAuthenticationName: _, ...device }: Device = {
        ...newDevice(tenantId, mac(number), "waiting-on-activation", "Sample", now),
        state: "signed-in",
        upn,
      };
      batch.hset(keyOf("devices"), mac(number), `17 ${JSON.stringify(device)}`);
      batch.zadd(keyOf("devices-in-order"), 0, mac(number));
      batch.zadd(keyOf("devices-signed-in"), 0, mac(number));
    }
    await batch.exec();
  }

  it("opens with its users and devices, all of them in the new lists", async () => {
    const stores = await openStores({ dataDir: "unused", redisUrl: server.url, logger });
    const listed = await stores.users.list(tenantId, { limit: samples + 1 });
    expect(listed.items).toHaveLength(samples);
    expect(listed.items[7]).toMatchObject({ upn: upnOf(7), ...defaults });
    for (const number of [0, 499, 500, samples - 1]) {
      const devices = await stores.devices.listByUser(tenantId, upnOf(number));
      expect(devices).toMatchObject([{ macAddress: mac(number), userAuthenticationName: null }]);
    }
    expect(await stores.users.remove(tenantId, upnOf(7))).toBe(true);
    await stores.stop();
  });

  it("brings back nothing that was removed since, when it is opened again", async () => {
    const stores = await openStores({ dataDir: "unused", redisUrl: server.url, logger });
    await stores.devices.remove(tenantId, mac(7));
    await stores.users.remove(tenantId, upnOf(7));
    await stores.stop();
    const again = await openStores({ dataDir: "unused", redisUrl: server.url, logger });
    expect(await again.devices.listByUser(tenantId, upnOf(7))).toEqual([]);
    const { items } = await again.users.list(tenantId, { limit: samples });
    expect(items).toHaveLength(samples - 1);
    await again.stop();
  });
});
