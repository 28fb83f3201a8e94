import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { addDevice, longestLocation } from "../../src/domain/add-device.ts";
import { changeDevice } from "../../src/domain/change-device.ts";
import { collectStale } from "../../src/domain/collect-stale.ts";
import { type Device, newDevice } from "../../src/domain/device.ts";
import { generateCodes } from "../../src/domain/generate-codes.ts";
import { importDevices } from "../../src/domain/import-devices.ts";
import type { LiveEvent } from "../../src/domain/live-events.ts";
import { deleteDevice, resetDevice } from "../../src/domain/retire-device.ts";
import { makeSampleUsers } from "../../src/domain/sample-users.ts";
import {
  codeLifetimeMilliseconds,
  expiredCodeRetentionMilliseconds,
} from "../../src/domain/verification-code.ts";
import { bindingOf } from "../admin-api/admin-fixture.ts";
import { type DomainFixture, mac, openDomainFixture, tenant } from "./domain-fixture.ts";

let fixture: DomainFixture;
beforeEach(async () => {
  fixture = await openDomainFixture();
});
afterEach(() => fixture.end());

const phone = mac("805ec0000001");
const upn = "adele@contoso.example";

function add(macAddress: string, location = "") {
  return addDevice(fixture, tenant.id, { macAddress, location }, "admin");
}

async function stored(macAddress = phone): Promise<Device | undefined> {
  return (await fixture.devices.find(tenant.id, macAddress))?.value;
}

function change(change: Partial<Device>, macAddress = phone) {
  return changeDevice(fixture.devices, tenant.id, macAddress, (device) => ({
    ...device,
    ...change,
  }));
}

describe("adding a device", () => {
  test("it waits on activation, and open pages hear of it", async () => {
    const events: LiveEvent[] = [];
    fixture.liveEvents.subscribe((event) => void events.push(event));
    expect(await add("80:5E:C0:00:00:01", "Lobby")).toMatchObject({
      outcome: "added",
      device: { macAddress: phone, state: "waiting-on-activation", location: "Lobby" },
    });
    expect(events).toEqual([
      {
        type: "device",
        tenantId: tenant.id,
        atMilliseconds: fixture.clock.nowMilliseconds(),
        subject: phone,
        change: "added",
      },
    ]);
  });

  test("one that was added before stays as it is", async () => {
    await add(phone, "Lobby");
    await change({ state: "signed-in", upn });
    expect((await add(phone, "Elsewhere")).outcome).toBe("exists");
    expect(await stored()).toMatchObject({ location: "Lobby", state: "signed-in" });
  });

  test("of many who add the same at once, one has added it", async () => {
    const results = await Promise.all(Array.from({ length: 6 }, () => add(phone)));
    expect(results.filter(({ outcome }) => outcome === "added")).toHaveLength(1);
    expect(await fixture.kindsOf(phone)).toEqual(["added"]);
  });

  test("of many who claim a phone that was seen, one has added it", async () => {
    await fixture.devices.insert({
      ...newDevice(tenant.id, phone, "seen", "", fixture.clock.nowMilliseconds()),
      model: "T54W",
    });
    const results = await Promise.all(Array.from({ length: 6 }, () => add(phone, "Lobby")));
    expect(results.filter(({ outcome }) => outcome === "added")).toHaveLength(1);
    expect(await stored()).toMatchObject({ model: "T54W", state: "waiting-on-activation" });
  });

  test.each([
    ["ten digits", "805ec00000", "macAddress"],
    ["eleven digits", "805ec000000", "macAddress"],
    ["thirteen digits", "805ec00000011", "macAddress"],
    ["nothing", " ", "macAddress"],
    ["all zeros", "000000000000", "macAddress"],
    ["a multicast address", "01:00:5e:00:00:01", "macAddress"],
    ["much text", "8".repeat(100_000), "macAddress"],
  ])("a MAC address of %s is refused with the reason", async (_case, text, field) => {
    expect(await add(text)).toEqual({
      outcome: "invalid",
      field,
      reason: expect.stringMatching(/\.$/),
    });
  });

  test("a location is bounded and has no control characters", async () => {
    expect((await add(phone, "x".repeat(longestLocation + 1))).outcome).toBe("invalid");
    expect((await add(phone, "a\u0007b")).outcome).toBe("invalid");
    expect((await add(phone, `  ${"x".repeat(longestLocation)}  `)).outcome).toBe("added");
  });
});

describe("changing a device", () => {
  test("changes that come at once all take effect", async () => {
    await add(phone, "0");
    await Promise.all(
      Array.from({ length: 10 }, () =>
        changeDevice(fixture.devices, tenant.id, phone, (device) => ({
          ...device,
          location: String(Number(device.location) + 1),
        })),
      ),
    );
    expect((await stored())?.location).toBe("10");
  });

  test("a device that is not there is not made", async () => {
    expect(await change({ location: "x" })).toBeUndefined();
    expect(await stored()).toBeUndefined();
  });
});

/** A signed-in device with a code, an account and a binding. */
async function signedInDevice(): Promise<void> {
  const now = fixture.clock.nowMilliseconds();
  const aor = "sip:+14255550100@contoso.example";
  await add(phone, "Lobby");
  await generateCodes(fixture, tenant.id, [phone], "admin");
  await change({
    state: "signed-in",
    upn,
    enrolledAuthenticationName: "805ec0000001-abc-00000001",
    issuedAccount: { authenticationName: "805ec0000001-abc-00000001", address: "192.0.2.1" },
  });
  await fixture.accounts.putMany([
    {
      tenantId: tenant.id,
      authenticationName: "adele-phone",
      realm: tenant.domain,
      aor,
      upn,
      macAddress: phone,
      ha1: { md5: "0".repeat(32), sha256: "0".repeat(64) },
    },
  ]);
  const bindings = [bindingOf(phone, aor, now)];
  await fixture.bindings.update(tenant.id, aor, now, () => ({ bindings }));
}

async function expectNoAccess(): Promise<void> {
  const now = fixture.clock.nowMilliseconds();
  expect(await fixture.codes.find(tenant.id, phone)).toBeUndefined();
  expect(await fixture.accounts.findByAuthenticationName("adele-phone")).toBeUndefined();
  expect(await fixture.bindings.registrationsOf(tenant.id, [phone], now)).toEqual([undefined]);
}

describe("resetting and deleting a device", () => {
  test("a reset voids all it was ever given, and it waits on activation again", async () => {
    await signedInDevice();
    fixture.clock.advance(1000);
    expect(await resetDevice(fixture, tenant.id, phone, "admin")).toMatchObject({
      state: "waiting-on-activation",
      location: "Lobby",
      issuedAccount: null,
      enrolledAuthenticationName: null,
      accountsValidFromMilliseconds: fixture.clock.nowMilliseconds(),
      upn: null,
    });
    await expectNoAccess();
    expect((await fixture.kindsOf(phone))[0]).toBe("reset");
  });

  test("a phone that was only seen is not entered by a reset", async () => {
    const now = fixture.clock.nowMilliseconds();
    await fixture.devices.insert(newDevice(tenant.id, phone, "seen", "", now));
    expect((await resetDevice(fixture, tenant.id, phone, "admin"))?.state).toBe("seen");
  });

  test("deleting ends its access and leaves its history", async () => {
    await signedInDevice();
    expect(await deleteDevice(fixture, tenant.id, phone, "admin")).toBe(true);
    expect(await stored()).toBeUndefined();
    await expectNoAccess();
    expect((await fixture.kindsOf(phone))[0]).toBe("deleted");
  });

  test("what is not there is neither reset nor deleted, and leaves no history", async () => {
    expect(await resetDevice(fixture, tenant.id, phone, "admin")).toBeUndefined();
    expect(await deleteDevice(fixture, tenant.id, phone, "admin")).toBe(false);
    expect(await fixture.kindsOf(phone)).toEqual([]);
  });

  test("a device that is entered anew honours none of its former accounts", async () => {
    await signedInDevice();
    await deleteDevice(fixture, tenant.id, phone, "admin");
    fixture.clock.advance(5);
    await add(phone);
    expect((await stored())?.accountsValidFromMilliseconds).toBe(fixture.clock.nowMilliseconds());
  });
});

describe("codes for many devices", () => {
  test("all: goes through more devices than one page has", async () => {
    const lines = Array.from({ length: 450 }, (_, index) => `0200000${String(10_000 + index)},`);
    await importDevices(fixture, tenant.id, `MAC id,Location\n${lines.join("\n")}`, "admin");
    const { items, refused } = await generateCodes(fixture, tenant.id, "all", "admin");
    expect(new Set(items.map(({ device }) => device.macAddress)).size).toBe(450);
    expect(refused).toEqual([]);
    for (const { code } of items) expect(code.code).toMatch(/^[0-9]{6}$/);
  });
});

test("what has expired is collected after its time, and not before", async () => {
  await signedInDevice();
  fixture.clock.advance(codeLifetimeMilliseconds + expiredCodeRetentionMilliseconds);
  await collectStale(fixture);
  expect(await fixture.codes.find(tenant.id, phone)).toBeDefined();
  fixture.clock.advance(1);
  await collectStale(fixture);
  expect(await fixture.codes.find(tenant.id, phone)).toBeUndefined();
  expect(await fixture.bindings.removeExpired(fixture.clock.nowMilliseconds(), 10)).toBe(0);
});

test("sample users are the same under the same secret, and others under another", async () => {
  const make = (secret: Buffer) =>
    makeSampleUsers({ stores: fixture, clock: fixture.clock, tenant, secret }, 1, 3);
  const first = await make(Buffer.alloc(32, 1));
  expect(await make(Buffer.alloc(32, 1))).toEqual(first);
  const others = await make(Buffer.alloc(32, 2));
  expect(others.map(({ user }) => user)).toEqual(first.map(({ user }) => user));
  expect(new Set([...first, ...others].map(({ password }) => password)).size).toBe(6);
  expect(await fixture.devices.countByState(tenant.id)).toMatchObject({ "signed-in": 3 });
});
