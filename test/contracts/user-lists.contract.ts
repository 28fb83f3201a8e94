import { expect, it } from "vitest";
import type { TenantId } from "../../src/domain/tenant.ts";
import type { Subject } from "./backends.ts";
import { device, hostileTexts, mac, newTenantId, prepareRedemption, user } from "./sample-data.ts";

/** What UserStore and DeviceStore promise on lists of users, and of the devices of one. */
export function describeUserLists(subject: Subject): void {
  const walk = async (tenantId: TenantId, limit: number, search?: string) => {
    const pages: string[][] = [];
    let cursor: string | null = null;
    do {
      const query = { limit, ...(search === undefined ? {} : { search }) };
      const page = await subject.stores.users.list(tenantId, {
        ...query,
        ...(cursor === null ? {} : { cursor }),
      });
      pages.push(page.items.map(({ upn }) => upn));
      cursor = page.nextCursor;
    } while (cursor !== null);
    return pages;
  };
  const devicesOf = async (tenantId: TenantId, upn: string) =>
    (await subject.stores.devices.listByUser(tenantId, upn)).map(({ macAddress }) => macAddress);

  it("lists users by UPN, a page at a time, and those of no other tenant", async () => {
    const tenantId = newTenantId();
    const upns = ["a@x", "b@x", "c@x", "d@x", "e@x"];
    await subject.stores.users.putMany(upns.toReversed().map((upn) => user(tenantId, upn)));
    await subject.stores.users.putMany([user(newTenantId(), "elsewhere@x")]);
    for (const limit of [1, 2, 4, 5, 6]) {
      const pages = await walk(tenantId, limit);
      expect(pages.flat()).toEqual(upns);
      expect(pages).toHaveLength(Math.ceil(upns.length / limit));
    }
    const whole = await subject.stores.users.list(tenantId, { limit: 1 });
    expect(whole).toEqual({ items: [user(tenantId, "a@x")], nextCursor: "a@x" });
    expect(await walk(newTenantId(), 5)).toEqual([[]]);
  });

  it("lists all of many users", async () => {
    const tenantId = newTenantId();
    const upns = Array.from(
      { length: 1234 },
      (_, number) => `${String(number).padStart(4, "0")}@x`,
    );
    await subject.stores.users.putMany(upns.map((upn) => user(tenantId, upn)));
    expect((await walk(tenantId, 1000)).flat()).toEqual(upns);
    expect((await walk(tenantId, 100, "7@X")).flat()).toEqual(
      upns.filter((upn) => upn.includes("7@x")),
    );
    expect(await walk(tenantId, 5, "1233@")).toEqual([["1233@x"]]);
  });

  it("goes on after the cursor though its user has gone and others have come", async () => {
    const tenantId = newTenantId();
    const { users } = subject.stores;
    await users.putMany(["a@x", "b@x", "d@x"].map((upn) => user(tenantId, upn)));
    const { nextCursor } = await users.list(tenantId, { limit: 2 });
    expect(nextCursor).toBe("b@x");
    await users.remove(tenantId, "b@x");
    await users.putMany([user(tenantId, "c@x"), user(tenantId, "aa@x")]);
    const { items } = await users.list(tenantId, { limit: 5, cursor: "b@x" });
    expect(items.map(({ upn }) => upn)).toEqual(["c@x", "d@x"]);
  });

  it("finds users by part of UPN, name or number, in any case, and as they now are", async () => {
    const tenantId = newTenantId();
    const { users } = subject.stores;
    const adele = { ...user(tenantId, "adele@x", "+14255550100"), displayName: "Adèle VÂNCE" };
    await users.putMany([adele, { ...user(tenantId, "alex@x"), displayName: "Alex" }]);
    for (const search of ["DELE@", "dèle", "vÂnce", "255550", "+1425", "ADE\u0300LE"]) {
      expect(await walk(tenantId, 5, search)).toEqual([["adele@x"]]);
    }
    expect(await walk(tenantId, 5, "@x")).toEqual([["adele@x", "alex@x"]]);
    expect(await walk(tenantId, 5, "")).toEqual([["adele@x", "alex@x"]]);
    for (const search of ["null", "adele@x+1", "a%e"]) {
      expect(await walk(tenantId, 5, search)).toEqual([[]]);
    }
    await users.putMany([{ ...adele, displayName: "Renamed", phoneNumber: null }]);
    expect(await walk(tenantId, 5, "vance")).toEqual([[]]);
    expect(await walk(tenantId, 5, "255550")).toEqual([[]]);
    expect(await walk(tenantId, 5, "renamed")).toEqual([["adele@x"]]);
  });

  it("removes a user from every list, and says whether there was one", async () => {
    const tenantId = newTenantId();
    const { users } = subject.stores;
    await users.putMany([user(tenantId, "adele@x", "+1"), user(tenantId, "alex@x", "+1")]);
    expect(await users.remove(newTenantId(), "adele@x")).toBe(false);
    expect(await users.remove(tenantId, "adele@x")).toBe(true);
    expect(await users.remove(tenantId, "adele@x")).toBe(false);
    expect(await users.find(tenantId, "adele@x")).toBeUndefined();
    expect((await users.findByPhoneNumber(tenantId, "+1"))?.upn).toBe("alex@x");
    expect(await walk(tenantId, 5)).toEqual([["alex@x"]]);
    expect(await users.remove(tenantId, "alex@x")).toBe(true);
    expect(await users.findByPhoneNumber(tenantId, "+1")).toBeUndefined();
  });

  it("keeps every field of a user", async () => {
    const tenantId = newTenantId();
    const full = {
      ...user(tenantId, "adele@x", "+1"),
      callingPolicy: "Lobby",
      forwarding: { when: "no-answer", to: "+2" },
      doNotDisturb: true,
      passwordHash: "hash",
    } as const;
    await subject.stores.users.putMany([full]);
    expect(await subject.stores.users.find(tenantId, "adele@x")).toEqual(full);
    expect(await subject.stores.users.findByPhoneNumber(tenantId, "+1")).toEqual(full);
    const { items } = await subject.stores.users.list(tenantId, { limit: 1, search: "adele" });
    expect(items).toEqual([full]);
  });

  it("writes half a surrogate pair in a user as U+FFFD", async () => {
    const tenantId = newTenantId();
    const { users } = subject.stores;
    await users.putMany([{ ...user(tenantId, "adele@x", "+1"), displayName: "A\ud800" }]);
    expect((await users.find(tenantId, "adele@x"))?.displayName).toBe("A\ufffd");
    expect(await walk(tenantId, 5, "A\ufffd")).toEqual([["adele@x"]]);
    expect(await users.remove(tenantId, "adele@x")).toBe(true);
  });

  it.each(hostileTexts)("takes %j in a list of users literally", async (text) => {
    const tenantId = newTenantId();
    const hostile = { ...user(tenantId, text, text), displayName: text };
    await subject.stores.users.putMany([hostile, user(tenantId, "zzz@x")]);
    expect((await walk(tenantId, 1)).flat().sort()).toEqual([text, "zzz@x"].sort());
    expect((await walk(tenantId, 5, text)).flat()).toContain(text);
    const cursor = { limit: 5, cursor: text };
    await expect(subject.stores.users.list(tenantId, cursor)).resolves.toBeDefined();
    expect(await subject.stores.users.remove(tenantId, text)).toBe(true);
    expect(await walk(tenantId, 5)).toEqual([["zzz@x"]]);
  });

  it("lists the devices on which a user is signed in, by MAC address", async () => {
    const tenantId = newTenantId();
    const { devices } = subject.stores;
    const adele = { upn: "adele@x", state: "signed-in" } as const;
    const [second, first] = [device(tenantId, 2, adele), device(tenantId, 1, adele)];
    await devices.insert(second);
    await devices.insert(first);
    await devices.insert(device(tenantId, 3, { ...adele, upn: "alex@x" }));
    await devices.insert(device(tenantId, 4));
    await devices.insert(device(newTenantId(), 5, adele));
    expect(await devices.listByUser(tenantId, "adele@x")).toEqual([first, second]);
    expect(await devicesOf(tenantId, "adele@")).toEqual([]);
    expect(await devicesOf(tenantId, "adele@x ")).toEqual([]);
    expect(await devicesOf(tenantId, "")).toEqual([]);
  });

  it("lists a device under its present user, from sign-in over changes to its removal", async () => {
    const tenantId = newTenantId();
    const { devices } = subject.stores;
    await devices.insert(device(tenantId, 1));
    const change = async (upn: string | null) => {
      const found = await devices.find(tenantId, mac(1));
      if (found === undefined) throw new Error("The device is gone.");
      expect(await devices.replace({ ...found.value, upn }, found.revision + 1)).toBe(false);
      expect(await devices.replace({ ...found.value, upn }, found.revision)).toBe(true);
    };
    await change("adele@x");
    await change("adele@x");
    expect(await devicesOf(tenantId, "adele@x")).toEqual([mac(1)]);
    await change("alex@x");
    expect(await devicesOf(tenantId, "adele@x")).toEqual([]);
    expect(await devicesOf(tenantId, "alex@x")).toEqual([mac(1)]);
    await change(null);
    expect(await devicesOf(tenantId, "alex@x")).toEqual([]);
    await change("alex@x");
    await devices.remove(tenantId, mac(1));
    expect(await devicesOf(tenantId, "alex@x")).toEqual([]);
    await devices.insert(device(tenantId, 1));
    expect(await devicesOf(tenantId, "alex@x")).toEqual([]);
  });

  it("lists a device under the user that an enrolment writes", async () => {
    const tenantId = newTenantId();
    const attempt = await prepareRedemption(subject.stores, tenantId, 1);
    const enrolledDevice = { ...attempt().enrolledDevice, upn: "adele@x" };
    const outcome = await subject.stores.codes.redeem(attempt({ enrolledDevice }));
    expect(outcome).toEqual({ outcome: "enrolled" });
    expect(await devicesOf(tenantId, "adele@x")).toEqual([mac(1)]);
  });

  it.each(hostileTexts)("takes %j for a device's user literally", async (upn) => {
    const tenantId = newTenantId();
    await subject.stores.devices.insert(device(tenantId, 1, { upn }));
    await subject.stores.devices.insert(device(tenantId, 2, { upn: `${upn} x` }));
    expect(await devicesOf(tenantId, upn)).toEqual([mac(1)]);
  });
}
