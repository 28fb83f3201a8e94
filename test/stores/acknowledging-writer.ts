// A process of its own, to be killed: writes without end, and says on standard output what was
// acknowledged, a line each, as soon as it was. Arguments: data folder, Redis URL or "-", run number.
import { pino } from "pino";
import type { Stores } from "../../src/domain/stores.ts";
import type { TenantId } from "../../src/domain/tenant.ts";
import { openStores } from "../../src/stores/open-stores.ts";
import { binding, code, device, mac, now } from "../contracts/sample-data.ts";

const [dataDir = "", redisUrl = "-", run = "0", tenant = ""] = process.argv.slice(2);
const tenantId = tenant as TenantId;
const writesAtOnce = 16;
/** Few enough that each is refreshed often. */
const refreshedAors = 40;

const stores = await openStores({
  dataDir,
  redisUrl: redisUrl === "-" ? undefined : redisUrl,
  logger: pino({ level: "silent" }),
});
for (let lane = 0; lane < writesAtOnce; lane++) void write(lane);

async function write(lane: number): Promise<void> {
  for (let number = lane; ; number += writesAtOnce) {
    const id = Number(run) * 1_000_000 + number;
    await register(stores, id);
    await refresh(stores, id);
    if (number % 8 === 0) await enrol(stores, id);
  }
}

/** A binding of its own, ended again for every third. */
async function register(on: Stores, id: number): Promise<void> {
  const aor = `sip:${id}@contoso.example`;
  await on.bindings.update(tenantId, aor, now, () => ({
    bindings: [binding(tenantId, aor, { cseq: id, macAddress: mac(id) })],
  }));
  if (id % 3 !== 0) return acknowledge("registered", id);
  await on.bindings.update(tenantId, aor, now, () => ({ bindings: [] }));
  acknowledge("ended", id);
}

/** One more CSeq for an AOR that others refresh too. */
async function refresh(on: Stores, id: number): Promise<void> {
  const name = id % refreshedAors;
  const aor = `sip:refreshed-${name}@contoso.example`;
  const { bindings } = await on.bindings.update(tenantId, aor, now, (current) => ({
    bindings: [binding(tenantId, aor, { cseq: (current[0]?.cseq ?? 0) + 1 })],
  }));
  acknowledge("refreshed", name, bindings[0]?.cseq ?? 0);
}

/** A device with its code, which is then redeemed for every second. */
async function enrol(on: Stores, id: number): Promise<void> {
  await on.devices.insert(device(tenantId, id));
  acknowledge("inserted", id);
  await on.codes.put(code(tenantId, id));
  if (id % 16 !== 0) return acknowledge("code", id);
  const found = await on.devices.find(tenantId, mac(id));
  if (found === undefined) throw new Error("An acknowledged device is not there.");
  const { outcome } = await on.codes.redeem({
    tenantId,
    macAddress: mac(id),
    address: "192.0.2.1",
    code: "123456",
    nowMilliseconds: now,
    enrolledDevice: { ...found.value, state: "waiting-for-sign-in" },
    expectedRevision: found.revision,
  });
  acknowledge(outcome, id);
}

/** A write to a pipe is done when it returns, so that a kill cannot take it back. */
function acknowledge(what: string, id: number, detail = 0): void {
  process.stdout.write(`${what} ${id} ${detail}\n`);
}
