import { pino } from "pino";
import { afterEach, describe, expect, it } from "vitest";
import { type Stores, StoreUnavailableError } from "../../src/domain/stores.ts";
import { openStores } from "../../src/stores/open-stores.ts";
import { account, binding, newTenantId, now } from "../contracts/sample-data.ts";
import { RedisServer, startRedisCluster, whyNoRedisServer } from "../support/redis-server.ts";
import { waitUntil } from "../support/wait-until.ts";

const tenantId = newTenantId();
const aor = "sip:adele@contoso.example";
/** The 2 s after which silence counts as an outage, and room for a busy machine. */
const boundMilliseconds = 6000;
const ends: (() => Promise<void>)[] = [];
const noRedisServer = whyNoRedisServer();

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function openOn(redisUrl: string, lines: string[] = []): Promise<Stores> {
  const logger = pino({ level: "info" }, { write: (line: string) => void lines.push(line) });
  const stores = await openStores({ dataDir: "unused", redisUrl, logger });
  ends.push(() => stores.stop());
  return stores;
}

function register(stores: Stores, cseq: number): Promise<unknown> {
  return stores.bindings.update(tenantId, aor, now, () => ({
    bindings: [binding(tenantId, aor, { cseq })],
  }));
}

/** Many operations at once, so that some are in each pipeline when the outage comes. */
async function expectAllUnavailable(stores: Stores): Promise<void> {
  const before = Date.now();
  const calls = Array.from({ length: 20 }, (_, number) => [
    register(stores, number),
    stores.accounts.findByAuthenticationName("adele"),
    stores.accounts.putMany([account(tenantId, "adele")]),
    stores.ping(),
  ]).flat();
  for (const result of await Promise.allSettled(calls)) {
    expect(result).toMatchObject({ status: "rejected" });
    expect(result.status === "rejected" && result.reason).toBeInstanceOf(StoreUnavailableError);
  }
  expect(Date.now() - before).toBeLessThan(boundMilliseconds);
}

async function untilItAnswers(stores: Stores): Promise<void> {
  await waitUntil(() => stores.ping().then(() => true), { what: "the stores answer again" });
}

describe.skipIf(noRedisServer !== undefined && process.env.CI === undefined)(
  `when Redis does not answer ${noRedisServer ?? ""}`,
  () => {
    it("rejects while the server is gone, and goes on when it is back", async () => {
      const server = await RedisServer.start({ appendOnly: true });
      ends.push(() => server.stop());
      const lines: string[] = [];
      const stores = await openOn(server.url, lines);
      await register(stores, 1);
      for (let outage = 1; outage <= 3; outage++) {
        const inFlight = Promise.allSettled([register(stores, outage), stores.ping()]);
        await server.kill();
        await inFlight;
        await expectAllUnavailable(stores);
        await server.launch();
        await untilItAnswers(stores);
        expect(await stores.bindings.find(tenantId, aor, now)).toHaveLength(1);
        await register(stores, 100 + outage);
      }
      const [found] = await stores.bindings.find(tenantId, aor, now);
      expect(found?.cseq).toBe(103);
      expect(lines.some((line) => line.includes("Redis answers again"))).toBe(true);
    }, 60_000);

    it("rejects within a bounded time while the server hangs, and goes on afterwards", async () => {
      const server = await RedisServer.start();
      ends.push(() => server.stop());
      const stores = await openOn(server.url);
      await register(stores, 1);
      server.signal("SIGSTOP");
      await expectAllUnavailable(stores);
      await expectAllUnavailable(stores);
      server.signal("SIGCONT");
      await untilItAnswers(stores);
      await register(stores, 2);
    }, 60_000);

    it("does the same on a cluster", async () => {
      const cluster = await startRedisCluster();
      ends.push(cluster.stop);
      const stores = await openOn(cluster.url);
      await register(stores, 1);
      await cluster.kill();
      await expectAllUnavailable(stores);
      await expectAllUnavailable(stores);
    }, 60_000);

    it("carries live events again after an outage", async () => {
      const server = await RedisServer.start();
      ends.push(() => server.stop());
      const stores = await openOn(server.url);
      let heard = 0;
      stores.liveEvents.subscribe(() => heard++);
      await server.kill();
      await server.launch();
      await waitUntil(
        async () => {
          stores.liveEvents.publish({
            type: "call",
            tenantId,
            atMilliseconds: now,
            subject: "1",
            change: "ended",
          });
          return heard > 0 || undefined;
        },
        { what: "a live event is heard" },
      );
    }, 60_000);

    it("says at the start which Redis does not answer, and never its password", async () => {
      const server = await RedisServer.start();
      await server.stop();
      const redisUrl = `redis://user:geheim@127.0.0.1:${server.port}`;
      const logger = pino({ level: "silent" });
      const opening = openStores({ dataDir: "unused", redisUrl, logger });
      const error: unknown = await opening.catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: "REDIS_UNREACHABLE" });
      expect(String(error)).toContain(`redis://127.0.0.1:${server.port} does not answer`);
      expect(String(error)).not.toContain("geheim");
    });

    it("never logs the password or what was being written", async () => {
      const server = await RedisServer.start();
      ends.push(() => server.stop());
      const lines: string[] = [];
      const logger = pino({ level: "info" }, { write: (line: string) => void lines.push(line) });
      const redisUrl = `redis://:geheim@127.0.0.1:${server.port}`;
      const error = await openStores({ dataDir: "unused", redisUrl, logger }).then(
        async (stores) => {
          ends.push(() => stores.stop());
          return undefined;
        },
        (reason: unknown) => reason,
      );
      logger.error({ err: error }, "the start failed");
      expect(lines.join("")).not.toContain("geheim");
    });
  },
);
