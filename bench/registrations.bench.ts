// node bench/registrations.bench.ts: the gateway's CPU time and rate for one authenticated
// registration (REGISTER, 401, REGISTER, 200) over UDP, on SQLite and on Redis, beside the floor
// that a bare socket sets. The phones run in this process, the gateway in another.
import { GatewayProcess } from "../test/support/gateway-process.ts";
import { RedisServer } from "../test/support/redis-server.ts";
import { measureEchoFloor } from "./echo-floor.ts";
import { type BenchAccount, RegisteringPhones } from "./registering-phones.ts";

const accounts = 5_000;
const warmUp = 30_000;
const runs = 10;
const registrationsInRun = 10_000;
/** Registrations under way at once. */
const windowSize = 256;

const floor = await measureEchoFloor();
console.log(`echo on a bare node:dgram socket: ${floor.toFixed(1)} µs CPU a datagram in and out`);
console.log(`floor for a registration (two datagrams in, two out): ${(2 * floor).toFixed(1)} µs`);

await measure("SQLite", {});
const redis = await RedisServer.start({ appendOnly: true });
try {
  await measure("Redis", { REDIS_URL: redis.url });
} finally {
  await redis.stop();
}

async function measure(store: string, environment: Record<string, string>): Promise<void> {
  const gateway = await GatewayProcess.start({ environment: { LAB: "true", ...environment } });
  const phones = new RegisteringPhones(gateway.sipPort, await sampleUsers(gateway), windowSize);
  try {
    await phones.open();
    await phones.run(warmUp);
    const costs: number[] = [];
    const rates: number[] = [];
    let retransmissions = 0;
    for (let index = 0; index < runs; index++) {
      const before = await cpuMicroseconds(gateway);
      const run = await phones.run(registrationsInRun);
      costs.push(((await cpuMicroseconds(gateway)) - before) / run.registrations);
      rates.push(run.registrations / run.seconds);
      retransmissions += run.retransmissions;
    }
    console.log(
      `${store}: µs CPU of the gateway a registration: ${spread(costs)}; ` +
        `registrations/s: ${spread(rates)}; ${retransmissions} retransmissions`,
    );
  } finally {
    phones.close();
    await gateway.stop();
  }
}

/** Least, median and greatest: other work on the machine makes the greatest greater. */
function spread(figures: readonly number[]): string {
  const sorted = figures.toSorted((left, right) => left - right);
  const at = (share: number) => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(1);
  return `least ${at(0)}, median ${at(0.5)}, most ${at(1)}`;
}

async function sampleUsers(gateway: GatewayProcess): Promise<BenchAccount[]> {
  const response = await fetch(`${gateway.adminUrl}/api/v1/lab/sample-users`, {
    method: "POST",
    headers: { authorization: `Bearer ${gateway.token}`, "content-type": "application/json" },
    body: JSON.stringify({ count: accounts }),
  });
  if (!response.ok) throw new Error(`sample users: ${response.status} ${await response.text()}`);
  return ((await response.json()) as { users: BenchAccount[] }).users;
}

async function cpuMicroseconds(gateway: GatewayProcess): Promise<number> {
  const response = await fetch(`${gateway.adminUrl}/metrics`, {
    headers: { authorization: `Bearer ${gateway.token}` },
  });
  const seconds = /^process_cpu_seconds_total ([0-9.e+-]+)/m.exec(await response.text())?.[1];
  if (seconds === undefined) throw new Error("The gateway's metrics name no CPU time.");
  return Number(seconds) * 1e6;
}
