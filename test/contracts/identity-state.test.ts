import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { IdentityStateRecord, IdentityStateStore } from "../../src/domain/identity-state.ts";
import type { Stores } from "../../src/domain/stores.ts";
import { whyNoRedisServer } from "../support/redis-server.ts";
import { type Backend, backends, type RunningBackend } from "./backends.ts";

const noRedisServer = whyNoRedisServer();
if (noRedisServer !== undefined && process.env.CI !== undefined) throw new Error(noRedisServer);

const now = Date.parse("2026-01-05T08:00:00Z");

function record(changes: Partial<IdentityStateRecord> = {}): IdentityStateRecord {
  return {
    kind: "DeviceCode",
    id: "id-1",
    document: '{"a":1}',
    alias: "PY89F9J3N",
    grantId: null,
    expiresAtMilliseconds: now + 60_000,
    ...changes,
  };
}

describe.each(backends)("the identity provider's state on $name", (backend: Backend) => {
  if (backend.needsRedis && noRedisServer !== undefined) {
    describe.skip(noRedisServer);
    return;
  }
  let running: RunningBackend;
  let stores: Stores;
  let store: IdentityStateStore;

  beforeAll(async () => {
    running = await backend.start();
  });
  beforeEach(async () => {
    stores = await running.openEmpty();
    store = stores.identityState;
  });
  afterEach(() => stores.stop());
  afterAll(() => running.stop());

  test("finds a record by its id and by its alias, within its kind", async () => {
    await store.put(record(), now);
    const found = { document: '{"a":1}', consumedAtMilliseconds: null };
    expect(await store.find("DeviceCode", "id-1")).toEqual(found);
    expect(await store.findByAlias("DeviceCode", "PY89F9J3N")).toEqual(found);
    expect(await store.find("Session", "id-1")).toBeUndefined();
    expect(await store.findByAlias("Session", "PY89F9J3N")).toBeUndefined();
    expect(await store.find("DeviceCode", "id-2")).toBeUndefined();
  });

  test("replaces a record, and the newer owner of an alias is found by it", async () => {
    await store.put(record(), now);
    await store.put(record({ document: '{"a":2}' }), now);
    expect(await store.find("DeviceCode", "id-1")).toMatchObject({ document: '{"a":2}' });
    const later = { id: "id-2", document: '{"a":3}', expiresAtMilliseconds: now + 120_000 };
    await store.put(record(later), now);
    expect(await store.findByAlias("DeviceCode", "PY89F9J3N")).toMatchObject({
      document: '{"a":3}',
    });
  });

  test("lets one of many consume a record, and keeps that through a later write", async () => {
    await store.put(record(), now);
    const tries = Array.from({ length: 10 }, (_, index) =>
      store.consume("DeviceCode", "id-1", now + 1000 + index),
    );
    expect((await Promise.all(tries)).filter(Boolean)).toHaveLength(1);
    await store.put(record({ document: '{"a":2}' }), now);
    const found = await store.find("DeviceCode", "id-1");
    expect(found?.consumedAtMilliseconds).toBeGreaterThanOrEqual(now + 1000);
    expect(await store.consume("DeviceCode", "id-9", now)).toBe(false);
  });

  test("removes a record, and all of a grant", async () => {
    for (const id of ["a", "b", "c"]) {
      await store.put(record({ id, alias: null, grantId: id === "c" ? null : "grant" }), now);
    }
    await store.remove("DeviceCode", "a");
    expect(await store.find("DeviceCode", "a")).toBeUndefined();
    await store.removeByGrant("grant");
    expect(await store.find("DeviceCode", "b")).toBeUndefined();
    expect(await store.find("DeviceCode", "c")).toBeDefined();
    await store.removeByGrant("none");
  });

  // Redis collects by the machine's time, which a test cannot move.
  if (!backend.needsRedis) {
    test("collects what has expired with later writes", async () => {
      await store.put(record({ id: "old" }), now);
      await store.put(record({ id: "new", expiresAtMilliseconds: now + 120_000 }), now + 60_001);
      expect(await store.find("DeviceCode", "old")).toBeUndefined();
      expect(await store.find("DeviceCode", "new")).toBeDefined();
    });
  }

  test("survives a stop", async () => {
    await store.put(record(), now);
    stores = await reopened(running, stores);
    expect(await stores.identityState.find("DeviceCode", "id-1")).toBeDefined();
  });

  test("takes any text for ids and documents", async () => {
    const id = 'ä "quoted": {x}\n%*';
    await store.put(record({ id, alias: id, grantId: id, document: id }), now);
    expect(await store.findByAlias("DeviceCode", id)).toMatchObject({ document: id });
    await store.removeByGrant(id);
    expect(await store.find("DeviceCode", id)).toBeUndefined();
  });
});

async function reopened(running: RunningBackend, former: Stores): Promise<Stores> {
  const again = await running.openAgain(former);
  if (running.isShared) await former.stop();
  return again;
}
