import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { presentDevice } from "../../src/admin-api/device-representation.ts";
import type { Binding } from "../../src/domain/binding.ts";
import { changeDevice } from "../../src/domain/change-device.ts";
import { collectRepeatedly } from "../../src/domain/collect-stale.ts";
import { type Device, newDevice } from "../../src/domain/device.ts";
import { offBoardDevices } from "../../src/domain/off-board-devices.ts";
import { recordDeviceEvent } from "../../src/domain/record-device-event.ts";
import { type DomainFixture, mac, openDomainFixture, tenant } from "./domain-fixture.ts";

const macAddress = mac("805ec0aabbcc");
const hour = 3_600_000;
const day = 24 * hour;
const aor = "sip:+14255550100@contoso.example";
const upn = "adele@contoso.example";

let fixture: DomainFixture;
let failures: unknown[];

beforeEach(async () => {
  fixture = await openDomainFixture();
  failures = [];
});

afterEach(async () => {
  expect(failures).toEqual([]);
  await fixture.end();
});

async function add(state: Device["state"]): Promise<void> {
  const now = fixture.clock.nowMilliseconds();
  await fixture.devices.insert({
    ...newDevice(tenant.id, macAddress, "waiting-on-activation", "Lobby", now),
    state,
    upn: state === "signed-in" ? upn : null,
    userAuthenticationName: state === "signed-in" ? "adele-1" : null,
    enrolledAuthenticationName: "onboarding-1",
  });
  await fixture.accounts.putMany([
    {
      ...{ tenantId: tenant.id, authenticationName: "adele-1", realm: tenant.domain },
      ...{ aor, upn, macAddress, ha1: { md5: "", sha256: "" } },
    },
  ]);
}

async function register(forMilliseconds: number): Promise<void> {
  const now = fixture.clock.nowMilliseconds();
  const binding: Binding = {
    ...{ tenantId: tenant.id, aor, contact: "sip:a@192.0.2.7:5060", callId: "a", cseq: 1, q: 1 },
    ...{ instanceId: null, regId: null, path: [], nodeId: "node", userAgent: "", macAddress },
    flow: { id: "udp:1", transport: "UDP", remoteAddress: "192.0.2.7", remotePort: 5060 },
    registeredAtMilliseconds: now,
    refreshedAtMilliseconds: now,
    expiresAtMilliseconds: now + forMilliseconds,
  };
  await fixture.bindings.update(tenant.id, aor, now, () => ({ bindings: [binding] }));
}

/** Moves time and has the hourly walk done once. */
async function walkAfter(milliseconds: number): Promise<Device> {
  fixture.clock.advance(milliseconds);
  const onFailure = (error: unknown) => void failures.push(error);
  await offBoardDevices({ ...fixture, onFailure, isStopped: () => false });
  return device();
}

async function device(): Promise<Device> {
  const found = await fixture.devices.find(tenant.id, macAddress);
  if (found === undefined) throw new Error("no device");
  return found.value;
}

async function offBoardsAt(): Promise<string | null> {
  return (await presentDevice({ stores: fixture, clock: fixture.clock, tenant }, await device()))
    .offBoardsAt;
}

describe("a device that stays away", () => {
  it.each([
    ["signed-in", 30],
    ["signed-out", 14],
    ["waiting-for-sign-in", 14],
  ] as const)(
    "%s is off-boarded after %i days, warned once three days before",
    async (state, days) => {
      await add(state);
      await walkAfter(0);
      const due = new Date(fixture.clock.nowMilliseconds() + days * day).toISOString();
      expect(await offBoardsAt()).toBe(due);
      await walkAfter((days - 3) * day - hour);
      expect(await fixture.kindsOf(macAddress)).toEqual([]);
      await walkAfter(hour);
      await walkAfter(hour);
      expect(await fixture.kindsOf(macAddress)).toEqual(["off-boarding-near"]);
      expect(await offBoardsAt()).toBe(due);
      expect((await walkAfter(3 * day - 2 * hour)).state).toBe(state);
      expect(await walkAfter(hour)).toMatchObject({
        state: "waiting-on-activation",
        upn: null,
        userAuthenticationName: null,
        enrolledAuthenticationName: null,
        offlineSinceMilliseconds: null,
        accountsValidFromMilliseconds: fixture.clock.nowMilliseconds(),
      });
      expect(await fixture.accounts.findByAuthenticationName("adele-1")).toBeUndefined();
      expect(await fixture.kindsOf(macAddress)).toEqual(["off-boarded", "off-boarding-near"]);
      expect(await offBoardsAt()).toBeNull();
    },
  );

  it("counts from the end of its registration, and not while that stands", async () => {
    await add("signed-in");
    await register(40 * day);
    expect((await walkAfter(39 * day)).offlineSinceMilliseconds).toBeNull();
    expect(await offBoardsAt()).toBeNull();
    const noted = await walkAfter(day);
    expect(noted.offlineSinceMilliseconds).toBe(fixture.clock.nowMilliseconds());
  });

  it("counts anew when it came back in time", async () => {
    await add("signed-in");
    await walkAfter(0);
    await walkAfter(28 * day);
    await register(hour);
    expect(await walkAfter(hour / 2)).toMatchObject({
      offlineSinceMilliseconds: null,
      offBoardingNoticeAtMilliseconds: null,
    });
    await walkAfter(hour);
    expect((await walkAfter(26 * day)).state).toBe("signed-in");
    expect(await fixture.kindsOf(macAddress)).toEqual(["off-boarding-near"]);
  });

  it("counts anew when it came and went between two walks", async () => {
    await add("signed-in");
    await walkAfter(0);
    fixture.clock.advance(20 * day);
    const event = { tenantId: tenant.id, macAddress, actor: "phone", text: "" };
    await recordDeviceEvent(fixture, { ...event, kind: "registered" });
    const registeredAt = fixture.clock.nowMilliseconds();
    const later = await walkAfter(15 * day);
    expect(later).toMatchObject({ state: "signed-in", offlineSinceMilliseconds: registeredAt });
  });

  it("has three days from the warning after the gateway was down", async () => {
    await add("signed-in");
    await walkAfter(0);
    expect((await walkAfter(90 * day)).state).toBe("signed-in");
    expect(await fixture.kindsOf(macAddress)).toEqual(["off-boarding-near"]);
    expect(await offBoardsAt()).toBe(
      new Date(fixture.clock.nowMilliseconds() + 3 * day).toISOString(),
    );
    expect((await walkAfter(3 * day)).state).toBe("waiting-on-activation");
  });

  it("does not count the time that the gateway was down before it was noted", async () => {
    await add("signed-in");
    await register(hour);
    const noted = await walkAfter(60 * day);
    expect(noted.offlineSinceMilliseconds).toBe(fixture.clock.nowMilliseconds());
  });

  it("has the shorter time, and three days from the warning, once it is signed out", async () => {
    await add("signed-in");
    await walkAfter(0);
    fixture.clock.advance(20 * day);
    await changeDevice(fixture.devices, tenant.id, macAddress, (current) => ({
      ...current,
      state: "signed-out",
      upn: null,
    }));
    expect((await walkAfter(hour)).state).toBe("signed-out");
    expect((await walkAfter(3 * day)).state).toBe("waiting-on-activation");
  });

  it("is left alone while nobody has enrolled it", async () => {
    await add("waiting-on-activation");
    await walkAfter(0);
    await walkAfter(100 * day);
    expect(await fixture.kindsOf(macAddress)).toEqual([]);
  });

  it("is looked after once an hour by the collection", async () => {
    await add("signed-out");
    const stop = collectRepeatedly(fixture, (error) => failures.push(error));
    for (let minutes = 0; minutes < 60; minutes++) {
      expect((await device()).offlineSinceMilliseconds).toBeNull();
      await fixture.clock.advanceAsync(60_000);
      await expect.poll(() => fixture.clock.pendingTimers).toBe(1);
    }
    expect((await device()).offlineSinceMilliseconds).toBe(fixture.clock.nowMilliseconds());
    stop();
  });
});
