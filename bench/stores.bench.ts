// `npm run bench`: what the stores cost this process, in µs of CPU time and of waiting for each
// operation, for the operations of a registration. Redis' own CPU time is not in it.
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { pino } from "pino";
import type { Account } from "../src/domain/account.ts";
import type { Binding } from "../src/domain/binding.ts";
import type { MacAddress } from "../src/domain/mac-address.ts";
import type { Stores } from "../src/domain/stores.ts";
import type { TenantId } from "../src/domain/tenant.ts";
import { openStores } from "../src/stores/open-stores.ts";
import { RedisServer } from "../test/support/redis-server.ts";

const phones = 50_000;
const operations = 40_000;
const rounds = 3;
/** As many as the kernel hands over in one turn when datagrams queue. */
const atOnce = 32;
const tenantId = "11111111-2222-3333-4444-555555555555" as TenantId;
const now = Date.UTC(2026, 0, 15, 12);
const logger = pino({ level: "silent" });

const dataDir = mkdtempSync(path.join(os.tmpdir(), "gateway-bench-"));
try {
  await measureStore("SQLite", await openStores({ dataDir, redisUrl: undefined, logger }));
} finally {
  rmSync(dataDir, { recursive: true, force: true });
}
const redis = await RedisServer.start({ appendOnly: true });
try {
  const redisUrl = redis.url;
  await measureStore("Redis", await openStores({ dataDir: "unused", redisUrl, logger }));
} finally {
  await redis.stop();
}

async function measureStore(name: string, stores: Stores): Promise<void> {
  console.log(`${name}, ${phones} phones, ${atOnce} operations at once:`);
  await stores.accounts.putMany(Array.from({ length: phones }, (_, number) => account(number)));
  await measure("first registration", (number) => refresh(stores, number), phones);
  const order = shuffled(phones);
  const phone = (number: number) => order[number % phones] ?? 0;
  await measure("update: refresh", (number) => refresh(stores, phone(number)));
  await measure("find bindings", (number) =>
    stores.bindings.find(tenantId, aor(phone(number)), now),
  );
  await measure("find account", (number) => {
    return stores.accounts.findByAuthenticationName(`user-${phone(number)}`);
  });
  await measure("AOR exists", (number) => stores.accounts.aorExists(tenantId, aor(phone(number))));
  await stores.stop();
}

/** Prints the best of several rounds, as the machine does other things too. */
async function measure(
  what: string,
  operation: (number: number) => Promise<unknown>,
  count = operations,
): Promise<void> {
  const figures: { cpu: number; wall: number }[] = [];
  for (let round = 0; round < (count === phones ? 1 : rounds); round++) {
    const cpuBefore = process.cpuUsage();
    const before = process.hrtime.bigint();
    for (let start = 0; start < count; start += atOnce) {
      await Promise.all(Array.from({ length: atOnce }, (_, index) => operation(start + index)));
    }
    const cpu = process.cpuUsage(cpuBefore);
    const wallMicroseconds = Number(process.hrtime.bigint() - before) / 1000;
    figures.push({ cpu: (cpu.user + cpu.system) / count, wall: wallMicroseconds / count });
  }
  const [best] = figures.sort((one, other) => one.cpu - other.cpu);
  const cpu = best?.cpu.toFixed(1).padStart(6);
  console.log(`  ${what.padEnd(20)} ${cpu} µs CPU ${best?.wall.toFixed(1).padStart(7)} µs wall`);
}

function refresh(stores: Stores, number: number): Promise<unknown> {
  return stores.bindings.update(tenantId, aor(number), now, (current) => {
    const [former] = current;
    const cseq = (former?.cseq ?? 0) + 1;
    return {
      bindings: [
        former === undefined
          ? binding(number)
          : { ...former, cseq, expiresAtMilliseconds: now + 3_600_000 + cseq },
      ],
    };
  });
}

function aor(number: number): string {
  return `sip:+1425${5_550_000 + number}@contoso.example`;
}

function account(number: number): Account {
  return {
    tenantId,
    authenticationName: `user-${number}`,
    realm: "contoso.example",
    aor: aor(number),
    upn: `user-${number}@contoso.example`,
    macAddress: null,
    ha1: { md5: "0".repeat(32), sha256: "0".repeat(64) },
  };
}

function binding(number: number): Binding {
  const port = 10_000 + (number % 50_000);
  return {
    tenantId,
    aor: aor(number),
    contact: `sip:user-${number}@192.0.2.1:${port};transport=udp`,
    instanceId: `urn:uuid:00000000-0000-1000-8000-${number.toString(16).padStart(12, "0")}`,
    regId: null,
    callId: `${number}-1234567890@192.0.2.1`,
    cseq: 1,
    q: 1,
    path: [],
    flow: { id: `udp-${number}`, transport: "UDP", remoteAddress: "192.0.2.1", remotePort: port },
    nodeId: "node-1",
    userAgent: "Yealink SIP-T46S 66.86.0.15",
    macAddress: `805ec0${number.toString(16).padStart(6, "0")}` as MacAddress,
    registeredAtMilliseconds: now,
    refreshedAtMilliseconds: now,
    expiresAtMilliseconds: now + 3_600_000,
  };
}

/** The numbers below `count`, in an order that is the same each time and follows no page of a table. */
function shuffled(count: number): number[] {
  return Array.from({ length: count }, (_, number) => (number * 48_271) % count);
}
