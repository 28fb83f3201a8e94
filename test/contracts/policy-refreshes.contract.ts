import { expect, it } from "vitest";
import type { MacAddress } from "../../src/domain/mac-address.ts";
import type { PolicyRefresh } from "../../src/domain/policy-refresh.ts";
import type { TenantId } from "../../src/domain/tenant.ts";
import type { Subject } from "./backends.ts";
import { hostileTexts, mac, newTenantId, now } from "./sample-data.ts";

const nothingBehind = {
  devices: 0,
  earliestUnappliedMilliseconds: null,
  lowestAppliedVersion: null,
};

/** What PolicyRefreshStore promises. */
export function describePolicyRefreshes(subject: Subject): void {
  const find = async (tenantId: TenantId, number: number) =>
    (await subject.stores.policyRefreshes.find(tenantId, [mac(number)])).get(mac(number));
  const add = async (...refreshes: readonly PolicyRefresh[]) => {
    const { policyRefreshes } = subject.stores;
    const added = await Promise.all(refreshes.map((one) => policyRefreshes.put(one, null)));
    expect(added).not.toContain(false);
  };
  /** Writes over what stands. */
  const change = async (changed: PolicyRefresh) => {
    const { tenantId, macAddress } = changed;
    const { policyRefreshes } = subject.stores;
    const revision = (await policyRefreshes.find(tenantId, [macAddress])).get(macAddress)?.revision;
    expect(await policyRefreshes.put(changed, revision ?? null)).toBe(true);
  };
  const backlog = (tenantId: TenantId, policyName: string, version: number) =>
    subject.stores.policyRefreshes.backlog(tenantId, policyName, version);

  it("finds those of many devices that have one, as they were written", async () => {
    const tenantId = newTenantId();
    const full = refresh(tenantId, 1, {
      displayName: "Zoë \u{1f600}",
      appliedVersion: 3,
      fetchedVersion: 4,
      fetchedAtMilliseconds: now + 7,
      asked: { version: 4, atMilliseconds: now + 5, times: 1 },
      lastSyncedAtMilliseconds: now + 1,
    });
    await add(full, refresh(tenantId, 2));
    await add(refresh(newTenantId(), 3));
    const { policyRefreshes } = subject.stores;
    const found = await policyRefreshes.find(tenantId, [mac(3), mac(2), mac(1), mac(2)]);
    expect(new Map([...found].map(([macAddress, { value }]) => [macAddress, value]))).toEqual(
      new Map([
        [mac(1), full],
        [mac(2), refresh(tenantId, 2)],
      ]),
    );
    expect(await policyRefreshes.find(tenantId, [])).toEqual(new Map());
  });

  it("finds more than a thousand at once", async () => {
    const tenantId = newTenantId();
    const numbers = Array.from({ length: 1203 }, (_, number) => number);
    await add(...numbers.map((number) => refresh(tenantId, number)));
    const asked: MacAddress[] = numbers.map((number) => mac(number * 2));
    const found = await subject.stores.policyRefreshes.find(tenantId, asked);
    expect([...found.keys()]).toEqual(asked.slice(0, 602));
    expect(found.get(mac(1202))?.value).toEqual(refresh(tenantId, 1202));
  });

  it("writes a new one once, whoever else tries at the same time", async () => {
    const tenantId = newTenantId();
    const nodes = await subject.nodes();
    const written = await Promise.all(
      hostileTexts.map((displayName, index) =>
        (nodes[index % nodes.length] ?? subject.stores).policyRefreshes.put(
          refresh(tenantId, 1, { displayName, policyName: displayName }),
          null,
        ),
      ),
    );
    expect(written.filter(Boolean)).toHaveLength(1);
    const winner = hostileTexts[written.indexOf(true)] ?? "";
    expect((await find(tenantId, 1))?.value.displayName).toBe(winner);
    for (const name of hostileTexts) {
      const { devices } = await backlog(tenantId, name, 1);
      expect(devices).toBe(name === winner ? 1 : 0);
    }
  });

  it("writes over the revision that is stored, and over no other", async () => {
    const tenantId = newTenantId();
    const { policyRefreshes } = subject.stores;
    await add(refresh(tenantId, 1));
    const first = (await find(tenantId, 1))?.revision ?? 0;
    expect(await policyRefreshes.put(refresh(tenantId, 1, { fetchedVersion: 1 }), first)).toBe(
      true,
    );
    expect(await policyRefreshes.put(refresh(tenantId, 1, { fetchedVersion: 2 }), first)).toBe(
      false,
    );
    const second = await find(tenantId, 1);
    expect(second?.value.fetchedVersion).toBe(1);
    expect(second?.revision).not.toBe(first);
    expect(await policyRefreshes.put(refresh(tenantId, 2), first)).toBe(false);
    expect(await find(tenantId, 2)).toBeUndefined();
  });

  it("lets one of many concurrent writes on all nodes through", async () => {
    const tenantId = newTenantId();
    const nodes = await subject.nodes();
    await add(refresh(tenantId, 1));
    const revision = (await find(tenantId, 1))?.revision ?? 0;
    const written = await Promise.all(
      Array.from({ length: 20 }, (_, version) =>
        (nodes[version % nodes.length] ?? subject.stores).policyRefreshes.put(
          refresh(tenantId, 1, { appliedVersion: version + 1, policyName: `Policy ${version}` }),
          revision,
        ),
      ),
    );
    expect(written.filter(Boolean)).toHaveLength(1);
    const winner = written.indexOf(true);
    expect((await find(tenantId, 1))?.value.appliedVersion).toBe(winner + 1);
    expect(await backlog(tenantId, "Lobby", 99)).toEqual(nothingBehind);
    for (const [version, isWinner] of written.entries()) {
      const { devices } = await backlog(tenantId, `Policy ${version}`, 99);
      expect(devices).toBe(isWinner ? 1 : 0);
    }
  });

  it("removes one once, and takes none made anew for it", async () => {
    const tenantId = newTenantId();
    const { policyRefreshes } = subject.stores;
    await add(refresh(tenantId, 1));
    const revision = (await find(tenantId, 1))?.revision ?? 0;
    expect(await policyRefreshes.remove(newTenantId(), mac(1))).toBe(false);
    expect(await policyRefreshes.remove(tenantId, mac(1))).toBe(true);
    expect(await policyRefreshes.remove(tenantId, mac(1))).toBe(false);
    expect(await find(tenantId, 1)).toBeUndefined();
    expect(await backlog(tenantId, "Lobby", 1)).toEqual(nothingBehind);
    expect(await policyRefreshes.put(refresh(tenantId, 1), revision)).toBe(false);
    await add(refresh(tenantId, 1));
    expect(await policyRefreshes.put(refresh(tenantId, 1, { upn: "x@y" }), revision)).toBe(false);
  });

  it("counts those behind a version: with none, with an older and with a newer one", async () => {
    const tenantId = newTenantId();
    expect(await backlog(tenantId, "Lobby", 1)).toEqual(nothingBehind);
    await add(
      refresh(tenantId, 1, { appliedVersion: 9, assignedAtMilliseconds: now - 50 }),
      refresh(tenantId, 2, { appliedVersion: 10 }),
      refresh(tenantId, 3, { appliedVersion: 10 }),
      refresh(tenantId, 4, { appliedVersion: 100 }),
    );
    const older = { ...nothingBehind, devices: 2, lowestAppliedVersion: 9 };
    expect(await backlog(tenantId, "Lobby", 10)).toEqual(older);
    await add(
      refresh(tenantId, 5, { assignedAtMilliseconds: now + 7 }),
      refresh(tenantId, 6, { assignedAtMilliseconds: now + 3 }),
    );
    const withUnapplied = { ...older, devices: 4, earliestUnappliedMilliseconds: now + 3 };
    expect(await backlog(tenantId, "Lobby", 10)).toEqual(withUnapplied);
    expect(await backlog(tenantId, "Lobby", 9)).toMatchObject({
      devices: 5,
      lowestAppliedVersion: 10,
    });
    expect(await backlog(tenantId, "Lobby", 101)).toMatchObject({
      devices: 6,
      lowestAppliedVersion: 9,
    });
  });

  it("counts down as devices apply the version and sign out", async () => {
    const tenantId = newTenantId();
    await add(refresh(tenantId, 1), refresh(tenantId, 2), refresh(tenantId, 3));
    await change(refresh(tenantId, 1, { appliedVersion: 1 }));
    await change(refresh(tenantId, 2, { appliedVersion: 1 }));
    const last = { devices: 1, earliestUnappliedMilliseconds: now, lowestAppliedVersion: null };
    expect(await backlog(tenantId, "Lobby", 1)).toEqual(last);
    await change(refresh(tenantId, 1, { appliedVersion: 2 }));
    const one = { devices: 2, earliestUnappliedMilliseconds: now, lowestAppliedVersion: 1 };
    expect(await backlog(tenantId, "Lobby", 2)).toEqual(one);
    await subject.stores.policyRefreshes.remove(tenantId, mac(3));
    await change(refresh(tenantId, 2, { appliedVersion: 2 }));
    expect(await backlog(tenantId, "Lobby", 2)).toEqual(nothingBehind);
  });

  it("counts a device of another policy under that one alone", async () => {
    const tenantId = newTenantId();
    await add(refresh(tenantId, 1, { appliedVersion: 1 }), refresh(tenantId, 2));
    const assignedAtMilliseconds = now + 9;
    await change(refresh(tenantId, 1, { policyName: "Boardroom", assignedAtMilliseconds }));
    const unapplied = { ...nothingBehind, devices: 1, earliestUnappliedMilliseconds: now };
    expect(await backlog(tenantId, "Lobby", 2)).toEqual(unapplied);
    const there = { ...unapplied, earliestUnappliedMilliseconds: assignedAtMilliseconds };
    expect(await backlog(tenantId, "Boardroom", 1)).toEqual(there);
    await change(refresh(tenantId, 1, { policyName: "Lobby", appliedVersion: 2 }));
    expect(await backlog(tenantId, "Boardroom", 1)).toEqual(nothingBehind);
    expect(await backlog(tenantId, "Lobby", 2)).toEqual(unapplied);
  });

  it("counts by the policy's name without regard to case", async () => {
    const tenantId = newTenantId();
    await add(
      refresh(tenantId, 1, { policyName: "Ünder Stairs" }),
      refresh(tenantId, 2, { policyName: "üNDER STAIRS", appliedVersion: 4 }),
    );
    expect(await backlog(tenantId, "ÜNDER stairs", 5)).toEqual({
      devices: 2,
      earliestUnappliedMilliseconds: now,
      lowestAppliedVersion: 4,
    });
    expect((await find(tenantId, 2))?.value.policyName).toBe("üNDER STAIRS");
  });

  it("keeps the same device and policy of two tenants apart", async () => {
    const [one, other] = [newTenantId(), newTenantId()];
    await add(refresh(one, 1), refresh(other, 1, { appliedVersion: 1 }));
    expect(await backlog(one, "Lobby", 1)).toMatchObject({ devices: 1 });
    expect(await backlog(other, "Lobby", 1)).toEqual(nothingBehind);
    expect(await subject.stores.policyRefreshes.remove(one, mac(1))).toBe(true);
    expect((await find(other, 1))?.value.appliedVersion).toBe(1);
  });

  it.each([...hostileTexts, "Lobby a0000000000000001 805ec0000001"])(
    "takes %j for a policy's name literally",
    async (policyName) => {
      const tenantId = newTenantId();
      await add(
        refresh(tenantId, 1, { policyName, appliedVersion: 7 }),
        refresh(tenantId, 2, { policyName }),
        refresh(tenantId, 3, { policyName: `${policyName}x` }),
        refresh(tenantId, 4, { policyName: `${policyName} ` }),
        refresh(tenantId, 5, { policyName: policyName.slice(0, -1) }),
        refresh(tenantId, 6),
      );
      expect(await backlog(tenantId, policyName, 8)).toEqual({
        devices: 2,
        earliestUnappliedMilliseconds: now,
        lowestAppliedVersion: 7,
      });
      expect((await find(tenantId, 1))?.value.policyName).toBe(policyName);
    },
  );

  it("is there after a restart", async () => {
    const tenantId = newTenantId();
    await add(refresh(tenantId, 1, { appliedVersion: 1 }), refresh(tenantId, 2));
    const before = await find(tenantId, 1);
    const { policyRefreshes } = await subject.openAgain();
    expect((await policyRefreshes.find(tenantId, [mac(1)])).get(mac(1))).toEqual(before);
    expect(await policyRefreshes.backlog(tenantId, "Lobby", 1)).toMatchObject({ devices: 1 });
  });
}

/** A refresh of the policy `Lobby` that has come nowhere yet. */
function refresh(
  tenantId: TenantId,
  number: number,
  changes: Partial<PolicyRefresh> = {},
): PolicyRefresh {
  return {
    tenantId,
    macAddress: mac(number),
    upn: `user-${number}@contoso.example`,
    displayName: `User ${number}`,
    policyName: "Lobby",
    assignedAtMilliseconds: now,
    arrival: {
      signedInAtMilliseconds: now,
      fetchedAtMilliseconds: null,
      registeredAtMilliseconds: null,
    },
    appliedVersion: null,
    fetchedVersion: null,
    fetchedAtMilliseconds: null,
    asked: null,
    lastSyncedAtMilliseconds: null,
    ...changes,
  };
}
