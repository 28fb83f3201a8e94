import { expect, it } from "vitest";
import type { Device, DeviceQuery } from "../../src/domain/device.ts";
import type { TenantId } from "../../src/domain/tenant.ts";
import type { Subject } from "./backends.ts";
import { binding, device, hostileTexts, mac, newTenantId, now } from "./sample-data.ts";

/** What DeviceStore promises. */
export function describeDevices(subject: Subject): void {
  const insert = async (...devices: readonly Device[]) => {
    await Promise.all(devices.map((one) => subject.stores.devices.insert(one)));
  };
  const listAll = async (tenantId: TenantId, query: Partial<DeviceQuery> = {}) => {
    const items: Device[] = [];
    let cursor: string | null = null;
    do {
      const page = await subject.stores.devices.list(tenantId, {
        limit: 1000,
        nowMilliseconds: now,
        ...query,
        ...(cursor === null ? {} : { cursor }),
      });
      items.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null);
    return items.map((item) => item.macAddress);
  };

  it("finds a device as it was inserted, and none that was not", async () => {
    const tenantId = newTenantId();
    const full = device(tenantId, 1, {
      vendor: "Yealink",
      supported: true,
      region: "emea",
      lastRequest: { atMilliseconds: now, path: "/", userAgent: "", status: 200, note: "" },
    });
    expect(await subject.stores.devices.insert(full)).toBe(true);
    expect((await subject.stores.devices.find(tenantId, mac(1)))?.value).toEqual(full);
    expect(await subject.stores.devices.find(tenantId, mac(2))).toBeUndefined();
    expect(await subject.stores.devices.find(newTenantId(), mac(1))).toBeUndefined();
  });

  it("inserts a device once, whoever else tries at the same time", async () => {
    const tenantId = newTenantId();
    const tries = hostileTexts.map((location) =>
      subject.stores.devices.insert(device(tenantId, 1, { location })),
    );
    const inserted = await Promise.all(tries);
    expect(inserted.filter(Boolean)).toHaveLength(1);
    const found = await subject.stores.devices.find(tenantId, mac(1));
    expect(found?.value.location).toBe(hostileTexts[inserted.indexOf(true)]);
  });

  it("keeps the same device of two tenants apart", async () => {
    const [one, other] = [newTenantId(), newTenantId()];
    await insert(device(one, 1, { location: "one" }), device(other, 1, { location: "other" }));
    expect(await subject.stores.devices.remove(one, mac(1))).toBe(true);
    expect((await subject.stores.devices.find(other, mac(1)))?.value.location).toBe("other");
    expect(await listAll(one)).toEqual([]);
    expect(await listAll(other)).toEqual([mac(1)]);
  });

  it("replaces a device only from the revision that is stored", async () => {
    const tenantId = newTenantId();
    const { devices } = subject.stores;
    await insert(device(tenantId, 1));
    const first = (await devices.find(tenantId, mac(1)))?.revision ?? 0;
    expect(await devices.replace(device(tenantId, 1, { location: "A" }), first)).toBe(true);
    expect(await devices.replace(device(tenantId, 1, { location: "B" }), first)).toBe(false);
    const second = await devices.find(tenantId, mac(1));
    expect(second?.value.location).toBe("A");
    expect(second?.revision).not.toBe(first);
    expect(await devices.replace(device(tenantId, 2), first)).toBe(false);
    expect(await devices.find(tenantId, mac(2))).toBeUndefined();
  });

  it("lets one of many concurrent replacements through", async () => {
    const tenantId = newTenantId();
    await insert(device(tenantId, 1));
    const revision = (await subject.stores.devices.find(tenantId, mac(1)))?.revision ?? 0;
    const tries = Array.from({ length: 20 }, (_, number) =>
      subject.stores.devices.replace(device(tenantId, 1, { location: String(number) }), revision),
    );
    const replaced = await Promise.all(tries);
    expect(replaced.filter(Boolean)).toHaveLength(1);
    const found = await subject.stores.devices.find(tenantId, mac(1));
    expect(found?.value.location).toBe(String(replaced.indexOf(true)));
  });

  it("does not take a device that was deleted and made anew for the one that was read", async () => {
    const tenantId = newTenantId();
    const { devices } = subject.stores;
    await insert(device(tenantId, 1));
    const revision = (await devices.find(tenantId, mac(1)))?.revision ?? 0;
    await devices.remove(tenantId, mac(1));
    await insert(device(tenantId, 1, { location: "new" }));
    expect(await devices.replace(device(tenantId, 1), revision)).toBe(false);
    expect((await devices.find(tenantId, mac(1)))?.value.location).toBe("new");
  });

  it("removes a device from every list, once", async () => {
    const tenantId = newTenantId();
    await insert(device(tenantId, 1, { state: "signed-in" }), device(tenantId, 2));
    expect(await subject.stores.devices.remove(tenantId, mac(1))).toBe(true);
    expect(await subject.stores.devices.remove(tenantId, mac(1))).toBe(false);
    expect(await listAll(tenantId)).toEqual([mac(2)]);
    expect(await listAll(tenantId, { state: "signed-in" })).toEqual([]);
    expect((await subject.stores.devices.countByState(tenantId))["signed-in"]).toBe(0);
  });

  it("walks all devices in the order of MAC addresses, a page at a time", async () => {
    const tenantId = newTenantId();
    const numbers = Array.from({ length: 1203 }, (_, number) => (number * 7919) % 1203);
    await insert(...numbers.map((number) => device(tenantId, number)));
    const all = Array.from({ length: 1203 }, (_, number) => mac(number));
    expect(await listAll(tenantId, { limit: 100 })).toEqual(all);
    expect(await listAll(tenantId, { limit: 1203 })).toEqual(all);
    expect(await listAll(tenantId, { limit: 401, state: "waiting-on-activation" })).toEqual(all);
    expect(await listAll(tenantId, { limit: 401, online: false })).toEqual(all);
    expect(await listAll(tenantId, { limit: 401, online: true })).toEqual([]);
    const last = await subject.stores.devices.list(tenantId, {
      limit: 3,
      cursor: mac(1199),
      nowMilliseconds: now,
    });
    expect(last).toMatchObject({ items: { length: 3 }, nextCursor: null });
  });

  it("says null for the next cursor when the page ends with the last device", async () => {
    const tenantId = newTenantId();
    await insert(device(tenantId, 1), device(tenantId, 2));
    const query = { limit: 2, nowMilliseconds: now };
    expect((await subject.stores.devices.list(tenantId, query)).nextCursor).toBeNull();
    const first = await subject.stores.devices.list(tenantId, { ...query, limit: 1 });
    expect(first.nextCursor).toBe(mac(1));
    expect(await subject.stores.devices.list(newTenantId(), query)).toEqual({
      items: [],
      nextCursor: null,
    });
  });

  it("takes any text for a cursor", async () => {
    const tenantId = newTenantId();
    await insert(device(tenantId, 1));
    for (const cursor of hostileTexts) {
      const query = { limit: 5, cursor, nowMilliseconds: now };
      await expect(subject.stores.devices.list(tenantId, query)).resolves.toBeDefined();
    }
  });

  it("counts and lists by state as devices change", async () => {
    const tenantId = newTenantId();
    await insert(device(tenantId, 1), device(tenantId, 2), device(tenantId, 3, { state: "seen" }));
    const revision = (await subject.stores.devices.find(tenantId, mac(2)))?.revision ?? 0;
    await subject.stores.devices.replace(device(tenantId, 2, { state: "signed-in" }), revision);
    expect(await subject.stores.devices.countByState(tenantId)).toEqual({
      seen: 1,
      "waiting-on-activation": 1,
      "waiting-for-sign-in": 0,
      "signed-in": 1,
      "signed-out": 0,
    });
    expect(await listAll(tenantId, { state: "signed-in" })).toEqual([mac(2)]);
    expect(await listAll(tenantId, { state: "waiting-on-activation" })).toEqual([mac(1)]);
  });

  it.each([
    ["805ec0", [1, 2]],
    ["80:5E:C0:00:00:02", [2]],
    ["LOBBY", [1]],
    ["straße", [2]],
    ["ÄRZTE", [2]],
    ["yealink", [1]],
    ["ccx 500", [2]],
    ["ADELE@", [1]],
    ["192.0.2.", [1]],
    ["nothing like it", []],
  ])("finds %s in MAC, location, vendor, model, user or address", async (search, numbers) => {
    const tenantId = newTenantId();
    await insert(
      device(tenantId, 1, {
        location: "Lobby",
        vendor: "Yealink",
        upn: "adele@contoso.example",
        ipAddress: "192.0.2.7",
      }),
      device(tenantId, 2, { location: "Straße 5, Ärztehaus", model: "CCX 500" }),
    );
    expect(await listAll(tenantId, { search })).toEqual(numbers.map(mac));
  });

  it.each(hostileTexts.filter((text) => text.trim().length > 1))(
    "takes %j in a location and a search literally",
    async (text) => {
      const tenantId = newTenantId();
      await insert(device(tenantId, 1, { location: `<${text}>` }), device(tenantId, 2));
      expect((await subject.stores.devices.find(tenantId, mac(1)))?.value.location).toBe(
        `<${text}>`,
      );
      expect(await listAll(tenantId, { search: `<${text}>` })).toEqual([mac(1)]);
    },
  );

  it("finds the online ones by the given time, with all filters at once", async () => {
    const tenantId = newTenantId();
    await insert(
      ...[1, 2, 3, 4].map((number) => device(tenantId, number, { location: `desk ${number % 2}` })),
    );
    for (const number of [1, 2, 3]) {
      const aor = `sip:${mac(number)}@contoso.example`;
      const expiresAtMilliseconds = now + number * 1000;
      await subject.stores.bindings.update(tenantId, aor, now, () => ({
        bindings: [binding(tenantId, aor, { macAddress: mac(number), expiresAtMilliseconds })],
      }));
    }
    const at = (seconds: number) => ({ nowMilliseconds: now + seconds * 1000 });
    expect(await listAll(tenantId, { online: true })).toEqual([1, 2, 3].map(mac));
    expect(await listAll(tenantId, { online: true, ...at(1) })).toEqual([2, 3].map(mac));
    expect(await listAll(tenantId, { online: false, ...at(1) })).toEqual([1, 4].map(mac));
    expect(await listAll(tenantId, { online: true, limit: 1, ...at(0) })).toEqual(
      [1, 2, 3].map(mac),
    );
    const all = { online: true, search: "desk 1", state: "waiting-on-activation" } as const;
    expect(await listAll(tenantId, { ...all, ...at(1) })).toEqual([mac(3)]);
  });
}
