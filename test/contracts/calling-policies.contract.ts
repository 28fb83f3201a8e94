import { expect, it } from "vitest";
import {
  type CallingPolicySettings,
  globalPolicyName,
  initialGlobalPolicy,
  policyVersionsKept,
} from "../../src/domain/calling-policy.ts";
import { putPolicy } from "../../src/domain/put-policy.ts";
import type { Subject } from "./backends.ts";
import { hostileTexts, newTenantId, now } from "./sample-data.ts";

/** What CallingPolicyStore promises. */
export function describeCallingPolicies(subject: Subject): void {
  const forbidding: CallingPolicySettings = { ...initialGlobalPolicy, allowCallRedirect: false };

  it("writes a new policy as version 1 and says how it stands", async () => {
    const tenantId = newTenantId();
    const { callingPolicies } = subject.stores;
    expect(await callingPolicies.find(tenantId, globalPolicyName)).toBeUndefined();
    const expected = {
      tenantId,
      name: globalPolicyName,
      version: 1,
      changedAtMilliseconds: now,
      ...initialGlobalPolicy,
    };
    const put = await callingPolicies.put(tenantId, globalPolicyName, initialGlobalPolicy, now);
    expect(put).toEqual(expected);
    expect(await callingPolicies.find(tenantId, globalPolicyName)).toEqual(expected);
    expect(await callingPolicies.find(newTenantId(), globalPolicyName)).toBeUndefined();
  });

  it.each(Object.keys(initialGlobalPolicy) as (keyof CallingPolicySettings)[])(
    "counts the version up by one when %s differs, and tells when",
    async (setting) => {
      const tenantId = newTenantId();
      const { callingPolicies } = subject.stores;
      const changed = { ...initialGlobalPolicy, [setting]: !initialGlobalPolicy[setting] };
      await callingPolicies.put(tenantId, "Lobby", initialGlobalPolicy, now);
      const put = await callingPolicies.put(tenantId, "Lobby", changed, now + 5);
      expect(put).toMatchObject({ ...changed, version: 2, changedAtMilliseconds: now + 5 });
      expect(await callingPolicies.find(tenantId, "Lobby")).toEqual(put);
      const back = await callingPolicies.put(tenantId, "Lobby", initialGlobalPolicy, now + 6);
      expect(back).toMatchObject({ ...initialGlobalPolicy, version: 3 });
    },
  );

  it("writes nothing when no setting differs, in whatever order and beside whatever else", async () => {
    const tenantId = newTenantId();
    const { callingPolicies } = subject.stores;
    const first = await callingPolicies.put(tenantId, "Lobby", initialGlobalPolicy, now);
    const reversed = Object.fromEntries(Object.entries(initialGlobalPolicy).toReversed());
    const again = reversed as unknown as CallingPolicySettings;
    expect(await callingPolicies.put(tenantId, "lobby", again, now + 5)).toEqual(first);
    expect(await callingPolicies.put(tenantId, "Lobby", first, now + 6)).toEqual(first);
    expect(await callingPolicies.find(tenantId, "Lobby")).toEqual(first);
  });

  it("counts 50 concurrent changes on all nodes exactly, one version each", async () => {
    const tenantId = newTenantId();
    const nodes = await subject.nodes();
    await subject.stores.callingPolicies.put(tenantId, "Lobby", initialGlobalPolicy, now);
    // All 50 differ from each other and from what stands, so each is a change whatever their order.
    const versions: number[] = [];
    await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        const store = (nodes[index % nodes.length] ?? subject.stores).callingPolicies;
        const settings = { ...initialGlobalPolicy, ...bits(index + 1) };
        const { version } = await store.put(tenantId, "Lobby", settings, now + index);
        versions.push(version);
      }),
    );
    const expected = Array.from({ length: 50 }, (_, index) => index + 2);
    expect(versions.sort((one, other) => one - other)).toEqual(expected);
    const last = await subject.stores.callingPolicies.find(tenantId, "Lobby");
    expect(last?.version).toBe(51);
    const changedAt = await subject.stores.callingPolicies.changedAfter(tenantId, "Lobby", 50);
    expect(changedAt).toBe(last?.changedAtMilliseconds);
  });

  it("replaces a policy only where it stands at the version that is named", async () => {
    const tenantId = newTenantId();
    const { callingPolicies } = subject.stores;
    const replace = (settings: CallingPolicySettings, version: number | null) =>
      callingPolicies.replace(tenantId, "Lobby", settings, now, version);
    expect(await replace(initialGlobalPolicy, 1)).toBeUndefined();
    expect((await replace(initialGlobalPolicy, null))?.version).toBe(1);
    expect(await replace(forbidding, null)).toBeUndefined();
    expect((await replace(initialGlobalPolicy, 1))?.version).toBe(1);
    expect((await replace(forbidding, 1))?.version).toBe(2);
    expect(await replace(initialGlobalPolicy, 1)).toBeUndefined();
    expect(await callingPolicies.find(tenantId, "LOBBY")).toMatchObject(forbidding);
  });

  it("loses no setting of several that are changed at once, each on another node", async () => {
    const tenantId = newTenantId();
    const nodes = await subject.nodes();
    const clock = { nowMilliseconds: () => now };
    const names = Object.keys(initialGlobalPolicy) as (keyof CallingPolicySettings)[];
    const outcomes = await Promise.all(
      names.map((name, index) => {
        const { callingPolicies } = nodes[index % nodes.length] ?? subject.stores;
        const settings = { [name]: !initialGlobalPolicy[name] };
        return putPolicy({ callingPolicies, clock }, tenantId, { name: "Lobby", settings });
      }),
    );
    expect(outcomes.filter(({ outcome }) => outcome === "created")).toHaveLength(1);
    const written = await subject.stores.callingPolicies.find(tenantId, "Lobby");
    for (const name of names)
      expect([name, written?.[name]]).toEqual([name, !initialGlobalPolicy[name]]);
    expect(written?.version).toBe(names.length);
  });

  it("counts no version for 50 concurrent writes of what stands", async () => {
    const tenantId = newTenantId();
    const nodes = await subject.nodes();
    const put = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        (nodes[index % nodes.length] ?? subject.stores).callingPolicies.put(
          tenantId,
          "Lobby",
          forbidding,
          now,
        ),
      ),
    );
    for (const one of put) expect(one.version).toBe(1);
  });

  it("matches names without regard to case and keeps the first spelling", async () => {
    const tenantId = newTenantId();
    const { callingPolicies } = subject.stores;
    await callingPolicies.put(tenantId, "Ünder Stairs", initialGlobalPolicy, now);
    const put = await callingPolicies.put(tenantId, "üNDER STAIRS", forbidding, now);
    expect(put).toMatchObject({ name: "Ünder Stairs", version: 2 });
    expect(await callingPolicies.find(tenantId, "ünder stairs")).toEqual(put);
    expect(await callingPolicies.list(tenantId)).toEqual([put]);
    expect(await callingPolicies.remove(tenantId, "ÜNDER stairs")).toBe(true);
    expect(await callingPolicies.list(tenantId)).toEqual([]);
  });

  it("lists all of a tenant, by name whatever its case, and none of another", async () => {
    const tenantId = newTenantId();
    const { callingPolicies } = subject.stores;
    for (const name of ["b", "C", "a", "\u{1f600}", "\uff5a", "B2"]) {
      await callingPolicies.put(tenantId, name, initialGlobalPolicy, now);
    }
    await callingPolicies.put(newTenantId(), "elsewhere", initialGlobalPolicy, now);
    const names = (await callingPolicies.list(tenantId)).map(({ name }) => name);
    expect(names).toEqual(["a", "b", "B2", "C", "\uff5a", "\u{1f600}"]);
    expect(await callingPolicies.list(newTenantId())).toEqual([]);
  });

  it("removes a policy and says whether it was there; a new one of its name counts on", async () => {
    const tenantId = newTenantId();
    const { callingPolicies } = subject.stores;
    await callingPolicies.put(tenantId, "Lobby", initialGlobalPolicy, now);
    await callingPolicies.put(tenantId, "Lobby", forbidding, now);
    expect(await callingPolicies.remove(newTenantId(), "Lobby")).toBe(false);
    expect(await callingPolicies.remove(tenantId, "Lobby")).toBe(true);
    expect(await callingPolicies.remove(tenantId, "Lobby")).toBe(false);
    expect(await callingPolicies.find(tenantId, "Lobby")).toBeUndefined();
    const again = await callingPolicies.put(tenantId, "LOBBY", forbidding, now);
    expect(again).toMatchObject({ name: "LOBBY", version: 3 });
    expect(await callingPolicies.remove(tenantId, "Lobby")).toBe(true);
    const { version } = await callingPolicies.put(tenantId, "Lobby", initialGlobalPolicy, now);
    expect(version).toBe(4);
    const other = await callingPolicies.put(tenantId, "Boardroom", forbidding, now);
    expect(other.version).toBe(1);
  });

  it("tells when a policy moved on from a version", async () => {
    const tenantId = newTenantId();
    const { callingPolicies } = subject.stores;
    expect(await callingPolicies.changedAfter(tenantId, "Lobby", 0)).toBeUndefined();
    for (const version of [1, 2, 3]) {
      await callingPolicies.put(tenantId, "Lobby", alternating(version), now + version);
      await callingPolicies.put(tenantId, "Lobby", alternating(version), now + version + 60);
    }
    await callingPolicies.put(tenantId, "Elsewhere", initialGlobalPolicy, now);
    expect(await callingPolicies.changedAfter(tenantId, "Lobby", 0)).toBe(now + 1);
    expect(await callingPolicies.changedAfter(tenantId, "Lobby", 1)).toBe(now + 2);
    expect(await callingPolicies.changedAfter(tenantId, "lOBBY", 2)).toBe(now + 3);
    expect(await callingPolicies.changedAfter(tenantId, "Lobby", 3)).toBeUndefined();
    expect(await callingPolicies.changedAfter(tenantId, "Lobby", 99)).toBeUndefined();
    expect(await callingPolicies.changedAfter(newTenantId(), "Lobby", 1)).toBeUndefined();
  });

  it("remembers the last hundred versions, and answers for an older one with the oldest", async () => {
    const tenantId = newTenantId();
    const { callingPolicies } = subject.stores;
    for (let version = 1; version <= policyVersionsKept + 10; version++) {
      await callingPolicies.put(tenantId, "Lobby", alternating(version), now + version);
    }
    expect(await callingPolicies.changedAfter(tenantId, "Lobby", 0)).toBe(now + 11);
    expect(await callingPolicies.changedAfter(tenantId, "Lobby", 10)).toBe(now + 11);
    expect(await callingPolicies.changedAfter(tenantId, "Lobby", 11)).toBe(now + 12);
    expect(await callingPolicies.changedAfter(tenantId, "Lobby", 109)).toBe(now + 110);
  });

  it("remembers of a removed policy its last version, and goes on from there", async () => {
    const tenantId = newTenantId();
    const { callingPolicies } = subject.stores;
    for (const version of [1, 2, 3]) {
      await callingPolicies.put(tenantId, "Lobby", alternating(version), now + version);
    }
    expect(await callingPolicies.remove(tenantId, "lobby")).toBe(true);
    expect(await callingPolicies.changedAfter(tenantId, "Lobby", 1)).toBe(now + 3);
    await callingPolicies.put(tenantId, "LOBBY", alternating(3), now + 9);
    expect(await callingPolicies.changedAfter(tenantId, "Lobby", 2)).toBe(now + 3);
    expect(await callingPolicies.changedAfter(tenantId, "Lobby", 3)).toBe(now + 9);
    expect(await callingPolicies.changedAfter(tenantId, "Lobby", 4)).toBeUndefined();
  });

  it.each(hostileTexts)("takes %j for a name literally", async (name) => {
    const tenantId = newTenantId();
    const { callingPolicies } = subject.stores;
    await callingPolicies.put(tenantId, name, initialGlobalPolicy, now);
    const put = await callingPolicies.put(tenantId, name, forbidding, now);
    expect(put).toMatchObject({ name, version: 2 });
    expect(await callingPolicies.find(tenantId, name)).toEqual(put);
    expect(await callingPolicies.find(tenantId, `${name}x`)).toBeUndefined();
    expect(await callingPolicies.list(tenantId)).toEqual([put]);
    expect(await callingPolicies.changedAfter(tenantId, name, 1)).toBe(now);
    expect(await callingPolicies.changedAfter(tenantId, `${name}x`, 0)).toBeUndefined();
    expect(await callingPolicies.remove(tenantId, name)).toBe(true);
  });
}

/** Settings that differ from those of the version before. */
function alternating(version: number): CallingPolicySettings {
  return { ...initialGlobalPolicy, busyOnBusy: version % 2 === 0 };
}

/** Six settings that together spell a number from 0 to 63, so that no two numbers' are the same. */
function bits(number: number): Partial<CallingPolicySettings> {
  const bit = (place: number) => ((number >> place) & 1) === 1;
  return {
    allowSipDevicesCalling: !bit(0),
    allowPrivateCalling: !bit(1),
    allowCallForwardingToUser: !bit(2),
    allowCallForwardingToPhone: !bit(3),
    allowVoicemail: !bit(4),
    allowCallRedirect: !bit(5),
  };
}
