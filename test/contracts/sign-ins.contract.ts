import { randomUUID } from "node:crypto";
import { expect, it } from "vitest";
import type { SignIn } from "../../src/domain/sign-in.ts";
import type { TenantId } from "../../src/domain/tenant.ts";
import type { Subject } from "./backends.ts";
import { hostileTexts, mac, newTenantId, now } from "./sample-data.ts";

/** What SignInStore promises. */
export function describeSignIns(subject: Subject): void {
  it("finds the last sign-in of a device, and none of another device or tenant", async () => {
    const tenantId = newTenantId();
    const { signIns } = subject.stores;
    expect(await signIns.find(tenantId, mac(1))).toBeUndefined();
    const first = signInOf(tenantId, 1);
    await signIns.put(first);
    expect(await signIns.find(tenantId, mac(1))).toEqual(first);
    const second = signInOf(tenantId, 1);
    await signIns.put(second);
    expect(await signIns.find(tenantId, mac(1))).toEqual(second);
    expect(await signIns.find(tenantId, mac(2))).toBeUndefined();
    expect(await signIns.find(newTenantId(), mac(1))).toBeUndefined();
  });

  it("settles a pending sign-in, and says no to all who come later", async () => {
    const tenantId = newTenantId();
    const { signIns } = subject.stores;
    const pending = signInOf(tenantId, 1);
    await signIns.put(pending);
    const completed: SignIn = { ...pending, status: "completed", upn: "adele@x" };
    expect(await signIns.settle(completed)).toBe(true);
    expect(await signIns.find(tenantId, mac(1))).toEqual(completed);
    const failed: SignIn = { ...pending, status: "failed", reason: "Denied." };
    expect(await signIns.settle(failed)).toBe(false);
    expect(await signIns.settle(completed)).toBe(false);
    expect(await signIns.find(tenantId, mac(1))).toEqual(completed);
  });

  it("keeps one pending that was written so again, with the grant that it has now", async () => {
    const tenantId = newTenantId();
    const { signIns } = subject.stores;
    const nodeId = `node ${randomUUID()}`;
    const pending = signInOf(tenantId, 1, { nodeId });
    await signIns.put(pending);
    const granted: SignIn = { ...pending, upn: "adele@x" };
    expect(await signIns.settle(granted)).toBe(true);
    const again = await subject.openAgain();
    expect(await again.signIns.listPending(nodeId)).toEqual([granted]);
    expect(await again.signIns.settle({ ...granted, status: "completed" })).toBe(true);
    expect(await again.signIns.listPending(nodeId)).toEqual([]);
  });

  it("lets exactly one of 50 settle a sign-in, on all nodes", async () => {
    const tenantId = newTenantId();
    const nodes = await subject.nodes();
    const pending = signInOf(tenantId, 1);
    await subject.stores.signIns.put(pending);
    const attempts = Array.from({ length: 50 }, (_, index): SignIn => {
      return { ...pending, status: "completed", upn: `user-${index}@x` };
    });
    const settled = await Promise.all(
      attempts.map((attempt, index) =>
        (nodes[index % nodes.length] ?? subject.stores).signIns.settle(attempt),
      ),
    );
    expect(settled.filter(Boolean)).toHaveLength(1);
    const winner = attempts[settled.indexOf(true)];
    expect(await subject.stores.signIns.find(tenantId, mac(1))).toEqual(winner);
  });

  it("settles only the last sign-in of a device", async () => {
    const tenantId = newTenantId();
    const { signIns } = subject.stores;
    const [former, last] = [signInOf(tenantId, 1), signInOf(tenantId, 1)];
    await signIns.put(former);
    await signIns.put(last);
    expect(await signIns.settle({ ...former, status: "completed", upn: "adele@x" })).toBe(false);
    expect(await signIns.find(tenantId, mac(1))).toEqual(last);
    expect(await signIns.settle({ ...last, status: "expired" })).toBe(true);
  });

  it("settles none that is not there, and writes nothing", async () => {
    const tenantId = newTenantId();
    const { signIns } = subject.stores;
    const gone: SignIn = { ...signInOf(tenantId, 1), status: "expired" };
    expect(await signIns.settle(gone)).toBe(false);
    expect(await signIns.find(tenantId, mac(1))).toBeUndefined();
    await signIns.put(signInOf(tenantId, 1));
    expect(await signIns.settle({ ...gone, macAddress: mac(2) })).toBe(false);
    expect(await signIns.settle({ ...gone, tenantId: newTenantId() })).toBe(false);
  });

  it("lists what is pending on a node, of every tenant, and nothing else", async () => {
    const [tenantId, elsewhere] = [newTenantId(), newTenantId()];
    const { signIns } = subject.stores;
    const nodeId = `node ${randomUUID()}`;
    expect(await signIns.listPending(nodeId)).toEqual([]);
    const pending = [signInOf(tenantId, 1, { nodeId }), signInOf(elsewhere, 1, { nodeId })];
    for (const one of pending) await signIns.put(one);
    const settled = signInOf(tenantId, 2, { nodeId });
    await signIns.put(settled);
    await signIns.settle({ ...settled, status: "failed", reason: "Denied." });
    await signIns.put(signInOf(tenantId, 3, { nodeId }));
    await signIns.put(signInOf(tenantId, 3, { nodeId: "another" }));
    await signIns.put(signInOf(tenantId, 4, { nodeId }));
    await signIns.put(signInOf(tenantId, 4, { nodeId, status: "failed", reason: "No code." }));
    await signIns.put(signInOf(tenantId, 5, { nodeId }));
    await signIns.remove(tenantId, mac(5));
    const again = await subject.openAgain();
    const listed = await again.signIns.listPending(nodeId);
    expect(listed).toHaveLength(2);
    expect(listed).toEqual(expect.arrayContaining(pending));
    expect(await again.signIns.listPending(nodeId.slice(0, -1))).toEqual([]);
  });

  it("lists all of many that are pending", async () => {
    const tenantId = newTenantId();
    const { signIns } = subject.stores;
    const all = Array.from({ length: 1200 }, (_, number) =>
      signInOf(tenantId, number, { nodeId: "busy" }),
    );
    await Promise.all(all.map((one) => signIns.put(one)));
    const ids = (await signIns.listPending("busy")).map(({ id }) => id);
    expect(ids.sort()).toEqual(all.map(({ id }) => id).sort());
  });

  it("lists as abandoned what is pending on nodes that are not alive, and takes it over once", async () => {
    const tenantId = newTenantId();
    const { signIns } = subject.stores;
    const [alive, dead, silent] = [1, 2, 3].map((number) => `${randomUUID()} ${number}`);
    await signIns.keepAlive(alive ?? "", now, now + 60_000);
    await signIns.keepAlive(dead ?? "", now, now + 100);
    const [kept, left, never] = [alive, dead, silent].map((nodeId, index) =>
      signInOf(tenantId, index, { nodeId: nodeId ?? "" }),
    );
    if (kept === undefined || left === undefined || never === undefined) throw new Error("none");
    for (const one of [kept, left, never]) await signIns.put(one);
    const abandoned = async (at: number) =>
      (await signIns.listAbandoned(at)).filter((one) => one.tenantId === tenantId);
    expect(await abandoned(now + 50)).toEqual([never]);
    expect(await abandoned(now + 100)).toEqual(expect.arrayContaining([left, never]));
    const nodes = await subject.nodes();
    const taken = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        (nodes[index % nodes.length] ?? subject.stores).signIns.takeOver(left, `taker ${index}`),
      ),
    );
    expect(taken.filter(Boolean)).toHaveLength(1);
    const taker = `taker ${taken.indexOf(true)}`;
    expect(await signIns.find(tenantId, mac(1))).toEqual({ ...left, nodeId: taker });
    expect(await signIns.listPending(taker)).toContainEqual({ ...left, nodeId: taker });
    expect(await signIns.listPending(dead ?? "")).toEqual([]);
    await signIns.keepAlive(alive ?? "", now, now);
    expect(await abandoned(now + 1)).toContainEqual(kept);
  });

  it("takes over none that went on since it was told, nor one that ended", async () => {
    const tenantId = newTenantId();
    const { signIns } = subject.stores;
    const pending = signInOf(tenantId, 1);
    await signIns.put(pending);
    const granted: SignIn = { ...pending, upn: "adele@x" };
    await signIns.settle(granted);
    expect(await signIns.takeOver(pending, "taker")).toBe(false);
    expect(await signIns.find(tenantId, mac(1))).toEqual(granted);
    const failed: SignIn = { ...granted, status: "failed", reason: "Denied." };
    await signIns.settle(failed);
    expect(await signIns.takeOver(granted, "taker")).toBe(false);
    expect(await signIns.takeOver(failed, "taker")).toBe(false);
    expect(await signIns.find(tenantId, mac(1))).toEqual(failed);
  });

  it("removes the sign-in of one device and of no other", async () => {
    const tenantId = newTenantId();
    const { signIns } = subject.stores;
    const [one, other] = [signInOf(tenantId, 1), signInOf(tenantId, 2)];
    await signIns.put(one);
    await signIns.put(other);
    await signIns.remove(tenantId, mac(1));
    await signIns.remove(tenantId, mac(1));
    expect(await signIns.find(tenantId, mac(1))).toBeUndefined();
    expect(await signIns.settle({ ...one, status: "expired" })).toBe(false);
    expect(await signIns.find(tenantId, mac(2))).toEqual(other);
  });

  // A lone surrogate is what a hostile identity provider's reason may hold.
  it.each([...hostileTexts, "\ud800"])("takes %j in a sign-in literally", async (text) => {
    const tenantId = newTenantId();
    const { signIns } = subject.stores;
    const pending = signInOf(tenantId, 1, {
      deviceCode: text,
      nodeId: text.toWellFormed(),
      authenticationName: text,
    });
    await signIns.put(pending);
    expect(await signIns.listPending(text.toWellFormed())).toEqual([pending]);
    const failed: SignIn = { ...pending, status: "failed", reason: text, upn: text, actor: text };
    expect(await signIns.settle(failed)).toBe(true);
    expect(await signIns.find(tenantId, mac(1))).toEqual(failed);
  });
}

function signInOf(tenantId: TenantId, number: number, changes: Partial<SignIn> = {}): SignIn {
  return {
    id: randomUUID(),
    tenantId,
    macAddress: mac(number),
    deviceCode: "secret",
    userCode: "BDWP-HQPK",
    verificationUri: "http://192.0.2.10:8081/device",
    verificationUriComplete: "http://192.0.2.10:8081/device?user_code=BDWP-HQPK",
    startedAtMilliseconds: now,
    expiresAtMilliseconds: now + 900_000,
    intervalSeconds: 5,
    status: "pending",
    reason: null,
    upn: null,
    nodeId: "node-1",
    actor: "admin",
    ...changes,
  };
}
