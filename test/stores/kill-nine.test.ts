import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { pino } from "pino";
import { afterEach, describe, expect, it } from "vitest";
import type { Stores } from "../../src/domain/stores.ts";
import { openStores } from "../../src/stores/open-stores.ts";
import { mac, newTenantId, now } from "../contracts/sample-data.ts";
import { RedisServer, whyNoRedisServer } from "../support/redis-server.ts";

const kills = 5;
const fewestWritesBeforeKill = 50;
const mostWritesBeforeKill = 1500;
const tenantId = newTenantId();
const logger = pino({ level: "silent" });
const ends: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** Everything that writers were told is written. */
class Acknowledged {
  readonly registered = new Set<number>();
  readonly ended = new Set<number>();
  readonly inserted = new Set<number>();
  readonly codes = new Set<number>();
  readonly enrolled = new Set<number>();
  readonly lastRefresh = new Map<number, number>();
  count = 0;

  note(line: string): void {
    const [what, id, detail] = line.split(" ");
    const number = Number(id);
    this.count++;
    if (what === "refreshed") {
      this.lastRefresh.set(number, Math.max(this.lastRefresh.get(number) ?? 0, Number(detail)));
    } else if (what === "registered") this.registered.add(number);
    else if (what === "ended") this.ended.add(number);
    else if (what === "inserted") this.inserted.add(number);
    else if (what === "code") this.codes.add(number);
    else if (what === "enrolled") this.enrolled.add(number);
    else throw new Error(`The writer said "${line}".`);
  }
}

/** Runs a writer until a random number of writes was acknowledged; then `kill` is called on it. */
async function writeUntilKilled(
  store: { readonly dataDir: string; readonly redisUrl: string | undefined },
  run: number,
  acknowledged: Acknowledged,
  kill: (writer: ChildProcess) => Promise<void>,
): Promise<void> {
  const program = path.join(import.meta.dirname, "acknowledging-writer.ts");
  const values = [store.dataDir, store.redisUrl ?? "-", String(run), tenantId];
  const writer = spawn(process.execPath, [program, ...values], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const range = mostWritesBeforeKill - fewestWritesBeforeKill;
  const killAt = acknowledged.count + fewestWritesBeforeKill + Math.floor(Math.random() * range);
  const closed = once(writer, "close");
  let killing: Promise<void> | undefined;
  for await (const line of createInterface({ input: writer.stdout })) {
    acknowledged.note(line);
    if (acknowledged.count >= killAt) killing ??= kill(writer);
  }
  await killing;
  await closed;
  expect(acknowledged.count).toBeGreaterThanOrEqual(killAt);
}

async function expectAllThere(stores: Stores, acknowledged: Acknowledged): Promise<void> {
  const aorOf = (id: number | string) => `sip:${id}@contoso.example`;
  for (const id of acknowledged.registered) {
    expect(await stores.bindings.find(tenantId, aorOf(id), now)).toMatchObject([{ cseq: id }]);
  }
  for (const id of acknowledged.ended) {
    expect(await stores.bindings.find(tenantId, aorOf(id), now)).toEqual([]);
  }
  for (const [name, cseq] of acknowledged.lastRefresh) {
    const found = await stores.bindings.find(tenantId, aorOf(`refreshed-${name}`), now);
    expect(found[0]?.cseq).toBeGreaterThanOrEqual(cseq);
  }
  for (const id of acknowledged.inserted) {
    expect(await stores.devices.find(tenantId, mac(id))).toBeDefined();
  }
  for (const id of acknowledged.codes) {
    expect(await stores.codes.find(tenantId, mac(id))).toBeDefined();
  }
  for (const id of acknowledged.enrolled) {
    const device = await stores.devices.find(tenantId, mac(id));
    expect(device?.value.state).toBe("waiting-for-sign-in");
    expect(await stores.codes.find(tenantId, mac(id))).toBeUndefined();
  }
  await expectConsistent(stores);
}

/** A code is taken and its device enrolled in one step: never one without the other. */
async function expectConsistent(stores: Stores): Promise<void> {
  let cursor: string | null = null;
  do {
    const page = await stores.devices.list(tenantId, {
      state: "waiting-for-sign-in",
      limit: 500,
      nowMilliseconds: now,
      ...(cursor === null ? {} : { cursor }),
    });
    const macAddresses = page.items.map((item) => item.macAddress);
    const codes = await stores.codes.findMany(tenantId, macAddresses);
    expect(codes.every((code) => code === undefined)).toBe(true);
    cursor = page.nextCursor;
  } while (cursor !== null);
}

describe("kill -9", () => {
  it("loses nothing that SQLite acknowledged when the gateway is killed", async () => {
    const dataDir = mkdtempSync(path.join(os.tmpdir(), "gateway-kill-"));
    ends.push(async () => rmSync(dataDir, { recursive: true, force: true }));
    const acknowledged = new Acknowledged();
    for (let run = 1; run <= kills; run++) {
      await writeUntilKilled(
        { dataDir, redisUrl: undefined },
        run,
        acknowledged,
        async (writer) => {
          writer.kill("SIGKILL");
        },
      );
      const stores = await openStores({ dataDir, redisUrl: undefined, logger });
      await expectAllThere(stores, acknowledged);
      await stores.stop();
    }
  }, 60_000);

  const noRedisServer = whyNoRedisServer();
  it.skipIf(noRedisServer !== undefined && process.env.CI === undefined)(
    `loses nothing that Redis acknowledged when it and the gateway are killed ${noRedisServer ?? ""}`,
    async () => {
      const server = await RedisServer.start({ appendOnly: true });
      ends.push(() => server.stop());
      const acknowledged = new Acknowledged();
      for (let run = 1; run <= kills; run++) {
        const store = { dataDir: "unused", redisUrl: server.url };
        await writeUntilKilled(store, run, acknowledged, async (writer) => {
          await server.kill();
          writer.kill("SIGKILL");
        });
        await server.launch();
        const stores = await openStores({ ...store, logger });
        await expectAllThere(stores, acknowledged);
        await stores.stop();
      }
    },
    60_000,
  );
});
