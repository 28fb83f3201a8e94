import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Binding } from "../../src/domain/binding.ts";
import { collectRepeatedly } from "../../src/domain/collect-stale.ts";
import type { MacAddress } from "../../src/domain/mac-address.ts";
import type { Stores } from "../../src/domain/stores.ts";
import type { TenantId } from "../../src/domain/tenant.ts";
import { expiredCodeRetentionMilliseconds } from "../../src/domain/verification-code.ts";
import { openStores } from "../../src/stores/open-stores.ts";
import { FakeClock } from "../support/fake-clock.ts";

const tenantId = "11111111-2222-4333-8444-555555555555" as TenantId;
const macAddress = "805ec0aabbcc" as MacAddress;
const minute = 60_000;

let dataDir: string;
let stores: Stores;
let clock: FakeClock;
let failures: unknown[];
let stop: () => void;

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "sip-gateway-collect-"));
  const logger = pino({ level: "silent" });
  stores = await openStores({ dataDir, redisUrl: undefined, logger });
  clock = new FakeClock();
  failures = [];
  stop = collectRepeatedly({ ...stores, clock }, (error) => failures.push(error));
});

afterEach(async () => {
  stop();
  await stores.stop();
  rmSync(dataDir, { recursive: true });
});

/** Moves time, and waits until the collection that it set off has written. */
async function passMinutes(minutes: number): Promise<void> {
  for (let count = 0; count < minutes; count++) {
    await clock.advanceAsync(minute);
    await expect.poll(() => clock.pendingTimers).toBe(1);
  }
}

function bindingUntil(expiresAtMilliseconds: number): Binding {
  const now = clock.nowMilliseconds();
  return {
    tenantId,
    aor: "sip:+15550000001@contoso.example",
    contact: "sip:+15550000001@192.0.2.7:5060",
    instanceId: null,
    regId: null,
    callId: "a",
    cseq: 1,
    q: 1,
    path: [],
    flow: { id: "udp:1", transport: "UDP", remoteAddress: "192.0.2.7", remotePort: 5060 },
    nodeId: "node",
    userAgent: "",
    macAddress,
    registeredAtMilliseconds: now,
    refreshedAtMilliseconds: now,
    expiresAtMilliseconds,
  };
}

describe("collecting what expired", () => {
  it("deletes bindings within a minute of their end, and no others", async () => {
    const bindings = [bindingUntil(clock.nowMilliseconds() + 30_000)];
    const aor = bindings[0]?.aor ?? "";
    await stores.bindings.update(tenantId, aor, clock.nowMilliseconds(), () => ({ bindings }));
    await passMinutes(1);
    expect(await stores.bindings.removeExpired(clock.nowMilliseconds(), 10)).toBe(0);
    expect(failures).toEqual([]);
  });

  it("forgets a code that nobody dialled, long after it expired", async () => {
    const now = clock.nowMilliseconds();
    const code = { tenantId, macAddress, code: "123456", createdAtMilliseconds: now };
    await stores.codes.put({ ...code, expiresAtMilliseconds: now });
    await passMinutes(1);
    expect(await stores.codes.find(tenantId, macAddress)).toBeDefined();
    await clock.advanceAsync(0);
    clock.advance(expiredCodeRetentionMilliseconds);
    await passMinutes(2);
    expect(await stores.codes.find(tenantId, macAddress)).toBeUndefined();
  });

  it("tells why it failed, and tries again", async () => {
    await stores.stop();
    await passMinutes(2);
    expect(failures).toHaveLength(2);
  });

  it("leaves no timer behind when it is stopped", () => {
    stop();
    expect(clock.pendingTimers).toBe(0);
  });
});
