import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { BulkSignIn } from "../../src/domain/bulk-sign-in.ts";
import {
  BulkSignInRunner,
  type BulkSignInRunnerDependencies,
} from "../../src/domain/bulk-sign-in-runner.ts";
import { nodeBeatMilliseconds, nodeLeaseMilliseconds } from "../../src/domain/sign-in-takeover.ts";
import { StoreUnavailableError } from "../../src/domain/stores.ts";
import { mac, tenant } from "./domain-fixture.ts";
import {
  bind,
  openSignInFixture,
  phoneNumber,
  type SignInFixture,
  upn,
} from "./sign-in-fixture.ts";

let rig: SignInFixture;
let needs: BulkSignInRunnerDependencies;
let runner: BulkSignInRunner;
const phones = [mac("805ec0000001"), mac("805ec0000002")];
const csv = ["Username,HardwareId", ...phones.map((phone) => `${upn},${phone}`)].join("\n");

beforeEach(async () => {
  rig = await openSignInFixture();
  needs = { ...rig.fixture, ...rig.needs };
  await rig.addUser();
  const { sipDevicesConfiguration, conditionalAccess } = rig.fixture;
  await sipDevicesConfiguration.put({ tenantId: tenant.id, bulkSignIn: "enabled" });
  const trustedRanges = ["198.51.100.0/24"];
  const rule = { tenantId: tenant.id, enabled: false, trustedRanges, excludedAddresses: [] };
  await conditionalAccess.put(rule);
  for (const phone of phones) {
    await rig.addWaiting(phone);
    await bind(rig.fixture, phone, `sip:${phone}@onboarding.emea.invalid`);
  }
  runner = new BulkSignInRunner(needs);
});
afterEach(async () => {
  await runner.stop();
  await rig.end();
});

async function begin(): Promise<BulkSignIn> {
  const result = await runner.begin(tenant.id, csv, "admin");
  if (result.outcome !== "begun") throw new Error(result.outcome);
  return result.batch;
}

async function pass(milliseconds: number): Promise<void> {
  rig.fixture.clock.advance(milliseconds);
  await runner.idle();
}

async function statuses({ id }: BulkSignIn): Promise<readonly string[] | undefined> {
  const batch = await rig.fixture.bulkSignIns.find(tenant.id, id);
  return batch?.items.map(({ status }) => status);
}

async function saysAlive(nodeId: string): Promise<void> {
  const now = rig.fixture.clock.nowMilliseconds();
  await rig.fixture.signIns.keepAlive(nodeId, now, now + nodeLeaseMilliseconds);
}

async function registerAll(): Promise<void> {
  for (const phone of phones) await bind(rig.fixture, phone, `sip:${phoneNumber}@contoso.example`);
}

/** The store with one call that fails, as if it were away or the gateway had died there. */
function failing<Store extends object>(store: Store, name: keyof Store, times = 1): Store {
  let left = times;
  return new Proxy(store, {
    get: (target, key) => {
      const value = Reflect.get(target, key);
      if (typeof value !== "function") return value;
      if (key !== name) return value.bind(target);
      return (...values: unknown[]) =>
        left-- > 0
          ? Promise.reject(new StoreUnavailableError(new Error("away")))
          : value.apply(target, values);
    },
  });
}

describe("a gateway that was started again", () => {
  test("goes on with the batches that it took, and leaves another node's to it", async () => {
    const batch = await begin();
    await runner.stop();
    await saysAlive(needs.nodeId);
    const other = new BulkSignInRunner({ ...needs, nodeId: "node-2" });
    await other.start();
    await pass(5000);
    await other.idle();
    expect(await statuses(batch)).toEqual(["queued", "queued"]);

    runner = new BulkSignInRunner(needs);
    await runner.start();
    await pass(0);
    expect(await statuses(batch)).toEqual(["in-progress", "in-progress"]);
    await runner.stop();

    runner = new BulkSignInRunner(needs);
    await runner.start();
    await registerAll();
    await pass(0);
    expect(await statuses(batch)).toEqual(["completed", "completed"]);
    expect(rig.told).toHaveLength(2);
    await other.stop();
  });

  test("recognises what it did just before it ended, and tells the phone once more", async () => {
    const { bulkSignIns } = rig.fixture;
    runner = new BulkSignInRunner({ ...needs, bulkSignIns: failing(bulkSignIns, "save", 99) });
    const batch = await begin();
    await pass(0);
    await runner.stop();
    expect(await statuses(batch)).toEqual(["queued", "queued"]);
    const before = await rig.device(phones[0] ?? mac(""));
    expect(before.state).toBe("signed-in");

    runner = new BulkSignInRunner(needs);
    await runner.start();
    await pass(0);
    expect(await statuses(batch)).toEqual(["in-progress", "in-progress"]);
    expect(await rig.device(before.macAddress)).toEqual(before);
    expect(rig.told.filter(({ macAddress }) => macAddress === before.macAddress)).toHaveLength(2);
    rig.faults.length = 0;
  });

  test("does not carry out what is older than an hour", async () => {
    const batch = await begin();
    await runner.stop();
    rig.fixture.clock.advance(3_600_000);
    runner = new BulkSignInRunner(needs);
    await runner.start();
    await pass(0);
    expect(await statuses(batch)).toEqual(["failed", "failed"]);
    expect(await rig.fixture.bulkSignIns.listAtWork("node-1")).toEqual([]);
    expect((await rig.device(phones[0] ?? mac(""))).state).toBe("waiting-for-sign-in");
  });
});

describe("a node that does not come back", () => {
  let other: BulkSignInRunner;
  beforeEach(async () => {
    await saysAlive(needs.nodeId);
    other = new BulkSignInRunner({ ...needs, nodeId: "node-2" });
    await other.start();
  });
  afterEach(() => other.stop());

  /** Until the first node counts as dead, and the other has looked. */
  async function outlive(): Promise<void> {
    for (let beats = 0; beats * nodeBeatMilliseconds <= nodeLeaseMilliseconds; beats++) {
      rig.fixture.clock.advance(nodeBeatMilliseconds);
      await other.idle();
    }
    await pass(0);
    await other.idle();
  }

  test("leaves its batches to another, which completes them", async () => {
    const batch = await begin();
    await runner.stop();
    await outlive();
    expect(await statuses(batch)).toEqual(["in-progress", "in-progress"]);
    await registerAll();
    await pass(1000);
    await other.idle();
    expect(await statuses(batch)).toEqual(["completed", "completed"]);
    expect((await rig.fixture.bulkSignIns.find(tenant.id, batch.id))?.nodeId).toBe("node-2");
    expect(rig.told).toHaveLength(2);
  });

  test("lets go of a batch that was taken over when it was only slow", async () => {
    const batch = await begin();
    await pass(0);
    const { bulkSignIns } = rig.fixture;
    const standing = await bulkSignIns.find(tenant.id, batch.id);
    if (standing === undefined) throw new Error("no batch");
    await bulkSignIns.takeOver(standing, "node-3");
    await saysAlive("node-3");
    await registerAll();
    await pass(1000);
    await pass(1000);
    expect(await bulkSignIns.find(tenant.id, batch.id)).toEqual({ ...standing, nodeId: "node-3" });
    // The other node's next look.
    expect(rig.fixture.clock.pendingTimers).toBe(1);
    expect(rig.faults).toEqual([]);
  });

  test("has its batches looked for again after a fault of the storage", async () => {
    await other.stop();
    const bulkSignIns = failing(rig.fixture.bulkSignIns, "listAbandoned");
    other = new BulkSignInRunner({ ...needs, bulkSignIns, nodeId: "node-2" });
    await other.start();
    expect(rig.faults.splice(0)).toHaveLength(1);
    const batch = await begin();
    await runner.stop();
    await outlive();
    expect(await statuses(batch)).toEqual(["in-progress", "in-progress"]);
  });
});

describe("a pairing code that is waited for on a device of the file", () => {
  test("ends with the reason, and its user is told nothing good by a late grant", async () => {
    const [phone = mac("")] = phones;
    const signIn = await rig.begin(phone);
    rig.provider.willSay(signIn.deviceCode, { outcome: "granted", upn: "megan@contoso.example" });
    await begin();
    await pass(0);
    const reason = `${upn} was signed in on the device otherwise meanwhile.`;
    const ended = { ...signIn, status: "failed", reason };
    expect(await rig.fixture.signIns.find(tenant.id, phone)).toEqual(ended);
    expect(await rig.fixture.kindsOf(phone)).toContain("sign-in-failed");
    await rig.pass(5000);
    expect(await rig.fixture.signIns.find(tenant.id, phone)).toEqual(ended);
    expect((await rig.device(phone)).upn).toBe(upn);
    expect(rig.poller.pending).toBe(0);
  });

  test("ends also when a crash cut that short and the phone has registered by then", async () => {
    const [phone = mac("")] = phones;
    await rig.begin(phone);
    runner = new BulkSignInRunner({ ...needs, signIns: failing(rig.fixture.signIns, "find", 1) });
    const batch = await begin();
    await pass(0);
    await registerAll();
    await pass(5000);
    expect(await statuses(batch)).toEqual(["completed", "completed"]);
    expect(await rig.fixture.signIns.find(tenant.id, phone)).toMatchObject({ status: "failed" });
    expect(rig.faults.splice(0)).toHaveLength(1);
  });
});

describe("storage that is away for a moment", () => {
  test.each(["accounts", "users", "history"] as const)(
    "costs no line: a fault of %s is told, and tried again",
    async (store) => {
      const call = { accounts: "putMany", users: "find", history: "append" }[store];
      const flaky = failing(rig.fixture[store] as object, call as never);
      runner = new BulkSignInRunner({ ...needs, [store]: flaky });
      const batch = await begin();
      await pass(0);
      expect(rig.faults).toHaveLength(1);
      expect((await statuses(batch))?.toSorted()).toEqual(["in-progress", "queued"]);
      await pass(5000);
      expect(await statuses(batch)).toEqual(["in-progress", "in-progress"]);
      await registerAll();
      await pass(1000);
      expect(await statuses(batch)).toEqual(["completed", "completed"]);
      expect(rig.fixture.clock.pendingTimers).toBe(0);
    },
  );
});
