import { randomUUID } from "node:crypto";
import { expect, it } from "vitest";
import {
  type BulkSignIn,
  type BulkSignInItem,
  bulkSignInLimits,
} from "../../src/domain/bulk-sign-in.ts";
import type { TenantId } from "../../src/domain/tenant.ts";
import type { Subject } from "./backends.ts";
import { hostileTexts, mac, newTenantId, now } from "./sample-data.ts";

const { batchesAtOncePerRegion, batchesKept, lifetimeMilliseconds } = bulkSignInLimits;

/** What BulkSignInStore promises. */
export function describeBulkSignIns(subject: Subject): void {
  it("finds a batch by its id, as it was last saved, and no other tenant's", async () => {
    const tenantId = newTenantId();
    const { bulkSignIns } = subject.stores;
    const batch = batchOf(tenantId);
    expect(await bulkSignIns.find(tenantId, batch.id)).toBeUndefined();
    expect(await bulkSignIns.begin(batch, now)).toEqual({ outcome: "begun" });
    expect(await bulkSignIns.find(tenantId, batch.id)).toEqual(batch);
    expect(await bulkSignIns.find(newTenantId(), batch.id)).toBeUndefined();
    const begun = { ...batch, items: [item({ status: "in-progress" })] };
    await bulkSignIns.save(begun);
    const again = await subject.openAgain();
    expect(await again.bulkSignIns.find(tenantId, batch.id)).toEqual(begun);
  });

  it("does not bring back a batch that has gone", async () => {
    const tenantId = newTenantId();
    const batch = batchOf(tenantId);
    expect(await subject.stores.bulkSignIns.save(batch)).toBe(false);
    expect(await subject.stores.bulkSignIns.find(tenantId, batch.id)).toBeUndefined();
    expect(await subject.stores.bulkSignIns.listAtWork(batch.nodeId)).toEqual([]);
  });

  it("lists the batches of a tenant newest first, in pages", async () => {
    const tenantId = newTenantId();
    const { bulkSignIns } = subject.stores;
    const all = Array.from({ length: 5 }, () => batchOf(tenantId, ended));
    for (const batch of all) await bulkSignIns.begin(batch, now);
    await bulkSignIns.begin(batchOf(newTenantId(), ended), now);
    for (const limit of [1, 2, 4, 5, 6]) {
      expect(await walk(subject, tenantId, limit)).toEqual(all.toReversed());
    }
    const first = await bulkSignIns.list(tenantId, { limit: 2 });
    await bulkSignIns.begin(batchOf(tenantId, ended), now);
    const cursor = first.nextCursor ?? "";
    const second = await bulkSignIns.list(tenantId, { limit: 2, cursor });
    expect(second.items).toEqual([all[2], all[1]]);
    expect(await bulkSignIns.list(newTenantId(), { limit: 2 })).toEqual({
      items: [],
      nextCursor: null,
    });
  });

  it("keeps the last batches of a tenant, and those at work however old", async () => {
    const tenantId = newTenantId();
    const { bulkSignIns } = subject.stores;
    const atWork = batchOf(tenantId);
    await bulkSignIns.begin(atWork, now);
    const others = Array.from({ length: batchesKept + 2 }, () => batchOf(tenantId, ended));
    for (const batch of others) await bulkSignIns.begin(batch, now);
    const kept = await walk(subject, tenantId, 100);
    expect(kept).toEqual([...others.slice(3).toReversed(), atWork]);
    expect(await bulkSignIns.find(tenantId, others[2]?.id ?? "")).toBeUndefined();

    const late = batchOf(tenantId, ended);
    await bulkSignIns.begin(late, now + lifetimeMilliseconds);
    expect(await bulkSignIns.find(tenantId, atWork.id)).toBeUndefined();
    expect(await bulkSignIns.listAtWork(atWork.nodeId)).toEqual([]);
  });

  it("begins no more in a region than may be at work there, and names those that are", async () => {
    const tenantId = newTenantId();
    const { bulkSignIns } = subject.stores;
    const running = Array.from({ length: batchesAtOncePerRegion }, () => batchOf(tenantId));
    for (const batch of running) await bulkSignIns.begin(batch, now);
    const ids = running.map(({ id }) => id);
    const refused = batchOf(tenantId, { nodeId: "refused", regions: ["apac", "emea"] });
    const busy = { outcome: "busy", region: "emea", ids };
    expect(await bulkSignIns.begin(refused, now)).toEqual(busy);
    expect(await bulkSignIns.find(tenantId, refused.id)).toBeUndefined();
    expect(await bulkSignIns.listAtWork(refused.nodeId)).toEqual([]);

    const begun = { outcome: "begun" };
    expect(await bulkSignIns.begin(batchOf(tenantId, { regions: ["noam"] }), now)).toEqual(begun);
    expect(await bulkSignIns.begin(batchOf(tenantId, { regions: [] }), now)).toEqual(begun);
    expect(await bulkSignIns.begin(batchOf(newTenantId()), now)).toEqual(begun);
    await bulkSignIns.save({ ...(running[1] as BulkSignIn), ...ended });
    expect(await bulkSignIns.begin(batchOf(tenantId), now)).toEqual(begun);
  });

  it("does not count a batch that is older than it may be", async () => {
    const tenantId = newTenantId();
    const { bulkSignIns } = subject.stores;
    for (let count = 0; count < batchesAtOncePerRegion; count++) {
      await bulkSignIns.begin(batchOf(tenantId), now);
    }
    const late = now + lifetimeMilliseconds;
    expect((await bulkSignIns.begin(batchOf(tenantId), late - 1)).outcome).toBe("busy");
    expect((await bulkSignIns.begin(batchOf(tenantId), late)).outcome).toBe("begun");
  });

  it("lets no more begin than may, of 30 at once on all nodes", async () => {
    const tenantId = newTenantId();
    const nodes = await subject.nodes();
    const outcomes = await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        (nodes[index % nodes.length] ?? subject.stores).bulkSignIns.begin(batchOf(tenantId), now),
      ),
    );
    const begun = outcomes.filter(({ outcome }) => outcome === "begun");
    expect(begun).toHaveLength(batchesAtOncePerRegion);
  });

  it("lists what is at work on a node, of every tenant, and nothing else", async () => {
    const [tenantId, elsewhere] = [newTenantId(), newTenantId()];
    const { bulkSignIns } = subject.stores;
    const nodeId = `node ${randomUUID()}`;
    const mine = [batchOf(tenantId, { nodeId }), batchOf(elsewhere, { nodeId, regions: [] })];
    for (const batch of mine) await bulkSignIns.begin(batch, now);
    const over = batchOf(tenantId, { nodeId });
    await bulkSignIns.begin(over, now);
    await bulkSignIns.save({ ...over, ...ended });
    await bulkSignIns.begin(batchOf(tenantId, { nodeId, ...ended }), now);
    await bulkSignIns.begin(batchOf(tenantId, { nodeId: "another" }), now);
    const again = await subject.openAgain();
    const listed = await again.bulkSignIns.listAtWork(nodeId);
    expect(listed).toHaveLength(2);
    expect(listed).toEqual(expect.arrayContaining(mine));
    expect(await again.bulkSignIns.listAtWork(nodeId.slice(0, -1))).toEqual([]);
  });

  it("lists as abandoned what is at work on nodes that are not alive, and gives it to one node", async () => {
    const tenantId = newTenantId();
    const { bulkSignIns, signIns } = subject.stores;
    const [alive = "", dead = ""] = [randomUUID(), randomUUID()];
    await signIns.keepAlive(alive, now, now + 60_000);
    await signIns.keepAlive(dead, now, now + 100);
    const kept = batchOf(tenantId, { nodeId: alive });
    const left = batchOf(tenantId, { nodeId: dead });
    for (const one of [kept, left, batchOf(tenantId, { nodeId: dead, ...ended })]) {
      await bulkSignIns.begin(one, now);
    }
    const abandoned = async (at: number) =>
      (await bulkSignIns.listAbandoned(at)).filter((one) => one.tenantId === tenantId);
    expect(await abandoned(now + 50)).toEqual([]);
    expect(await abandoned(now + 100)).toEqual([left]);
    const nodes = await subject.nodes();
    const taken = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        (nodes[index % nodes.length] ?? subject.stores).bulkSignIns.takeOver(
          left,
          `taker ${index}`,
        ),
      ),
    );
    expect(taken.filter(Boolean)).toHaveLength(1);
    const taker = `taker ${taken.indexOf(true)}`;
    expect(await bulkSignIns.find(tenantId, left.id)).toEqual({ ...left, nodeId: taker });
    expect(await bulkSignIns.listAtWork(taker)).toContainEqual({ ...left, nodeId: taker });
    expect(await bulkSignIns.listAtWork(dead)).toEqual([]);
  });

  it("keeps a node that was silent from writing over a batch that another took over or ended", async () => {
    const tenantId = newTenantId();
    const { bulkSignIns } = subject.stores;
    const batch = batchOf(tenantId);
    await bulkSignIns.begin(batch, now);
    const taken = { ...batch, nodeId: "taker" };
    expect(await bulkSignIns.takeOver(batch, "taker")).toBe(true);
    expect(await bulkSignIns.save({ ...batch, items: [item({ status: "in-progress" })] })).toBe(
      false,
    );
    expect(await bulkSignIns.find(tenantId, batch.id)).toEqual(taken);
    const done = { ...taken, ...ended };
    expect(await bulkSignIns.save(done)).toBe(true);
    expect(await bulkSignIns.save(taken)).toBe(false);
    expect(await bulkSignIns.save({ ...batch, ...ended })).toBe(false);
    expect(await bulkSignIns.takeOver(taken, "late")).toBe(false);
    expect(await bulkSignIns.takeOver(done, "late")).toBe(false);
    expect(await bulkSignIns.find(tenantId, batch.id)).toEqual(done);
  });

  it.each(hostileTexts)("takes %j in a batch and for a cursor literally", async (text) => {
    const tenantId = newTenantId();
    const { bulkSignIns } = subject.stores;
    const items = [item({ username: text, hardwareId: text, reason: text })];
    const batch = batchOf(tenantId, { id: text, createdBy: text, nodeId: text, items });
    await bulkSignIns.begin(batch, now);
    expect(await bulkSignIns.find(tenantId, text)).toEqual(batch);
    expect(await bulkSignIns.listAtWork(text)).toEqual([batch]);
    await bulkSignIns.save({ ...batch, ...ended });
    expect(await bulkSignIns.listAtWork(text)).toEqual([]);
    const page = { limit: 5, cursor: text };
    await expect(bulkSignIns.list(tenantId, page)).resolves.toBeDefined();
  });
}

/** What SipDevicesConfigurationStore promises. */
export function describeSipDevicesConfiguration(subject: Subject): void {
  it("allows no bulk sign-in to a tenant that never wrote a configuration", async () => {
    const tenantId = newTenantId();
    const { sipDevicesConfiguration } = subject.stores;
    expect(await sipDevicesConfiguration.find(tenantId)).toEqual({
      tenantId,
      bulkSignIn: "disabled",
    });
  });

  it("finds a tenant's configuration as it was last written, and no other's", async () => {
    const [tenantId, elsewhere] = [newTenantId(), newTenantId()];
    const { sipDevicesConfiguration } = subject.stores;
    await sipDevicesConfiguration.put({ tenantId, bulkSignIn: "enabled" });
    expect((await sipDevicesConfiguration.find(elsewhere)).bulkSignIn).toBe("disabled");
    const again = await subject.openAgain();
    const written = await again.sipDevicesConfiguration.find(tenantId);
    expect(written).toEqual({ tenantId, bulkSignIn: "enabled" });
    await again.sipDevicesConfiguration.put({ tenantId, bulkSignIn: "disabled" });
    expect((await again.sipDevicesConfiguration.find(tenantId)).bulkSignIn).toBe("disabled");
  });
}

const ended: Partial<BulkSignIn> = { items: [item({ status: "completed" })] };

function item(changes: Partial<BulkSignInItem> = {}): BulkSignInItem {
  return {
    line: 2,
    username: "adele@contoso.example",
    hardwareId: "80-5E-C0-00-00-01",
    macAddress: mac(1),
    status: "queued",
    code: null,
    reason: null,
    signedInAtMilliseconds: null,
    ...changes,
  };
}

function batchOf(tenantId: TenantId, changes: Partial<BulkSignIn> = {}): BulkSignIn {
  return {
    id: randomUUID(),
    tenantId,
    createdAtMilliseconds: now,
    createdBy: "admin",
    nodeId: "node-1",
    regions: ["emea"],
    items: [item()],
    ...changes,
  };
}

async function walk(
  { stores }: Subject,
  tenantId: TenantId,
  limit: number,
): Promise<readonly BulkSignIn[]> {
  const found: BulkSignIn[] = [];
  let cursor: string | null = null;
  do {
    const page = { limit, ...(cursor === null ? {} : { cursor }) };
    const listed: Awaited<ReturnType<typeof stores.bulkSignIns.list>> =
      await stores.bulkSignIns.list(tenantId, page);
    found.push(...listed.items);
    cursor = listed.nextCursor;
  } while (cursor !== null);
  return found;
}
