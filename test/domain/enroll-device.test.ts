import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { addDevice } from "../../src/domain/add-device.ts";
import {
  type EnrollmentOutcome,
  enrollDevice,
  wrongCodeDelayMilliseconds,
} from "../../src/domain/enroll-device.ts";
import { generateCodes } from "../../src/domain/generate-codes.ts";
import type { MacAddress } from "../../src/domain/mac-address.ts";
import { resetDevice } from "../../src/domain/retire-device.ts";
import { codeLifetimeMilliseconds, guessLimits } from "../../src/domain/verification-code.ts";
import { type DomainFixture, mac, openDomainFixture, tenant } from "./domain-fixture.ts";

let fixture: DomainFixture;
beforeEach(async () => {
  fixture = await openDomainFixture();
});
afterEach(() => fixture.end());

/** Adds the device and makes a code for it. */
async function prepare(macAddress: MacAddress): Promise<string> {
  await addDevice(fixture, tenant.id, { macAddress, location: "" }, "admin");
  const { items } = await generateCodes(fixture, tenant.id, [macAddress], "admin");
  return items[0]?.code.code ?? "";
}

function dial(macAddress: MacAddress, code: string, address = "192.0.2.1") {
  const authenticationName = `${macAddress}-abc-00000001`;
  const enrollment = { tenantId: tenant.id, macAddress, authenticationName, address, code };
  return enrollDevice(fixture, enrollment);
}

function other(code: string, by = 1): string {
  return String((Number(code) + by) % 1_000_000).padStart(6, "0");
}

const phone = mac("805ec0000001");

describe("what a dialled code does", () => {
  test("the right one makes the device the tenant's: it waits for sign-in", async () => {
    const code = await prepare(phone);
    const result = await dial(phone, code);
    expect(result).toMatchObject({
      outcome: "enrolled",
      device: {
        state: "waiting-for-sign-in",
        enrolledAuthenticationName: "805ec0000001-abc-00000001",
        enrolledAtMilliseconds: fixture.clock.nowMilliseconds(),
      },
    });
    const stored = await fixture.devices.find(tenant.id, phone);
    expect(stored?.value.state).toBe("waiting-for-sign-in");
    expect(await fixture.kindsOf(phone)).toEqual(["enrolled", "code-generated", "added"]);
  });

  test("it works once: afterwards the device does not wait", async () => {
    const code = await prepare(phone);
    await dial(phone, code);
    expect((await dial(phone, code)).outcome).toBe("not-waiting");
  });

  test("of many who dial at the same time one is heard", async () => {
    const code = await prepare(phone);
    const results = await Promise.all(Array.from({ length: 8 }, () => dial(phone, code)));
    const outcomes = results.map(({ outcome }) => outcome);
    expect(outcomes.filter((outcome) => outcome === "enrolled")).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === "not-waiting")).toHaveLength(7);
  });

  test("another device's code is wrong", async () => {
    await prepare(phone);
    const othersCode = await prepare(mac("805ec0000002"));
    expect(await dial(phone, othersCode)).toEqual({ outcome: "wrong", deviceTries: 1 });
  });

  test.each(["", "1", "12345", "12345a", "１２３４５６"])(
    "%j is incomplete and counts as no try",
    async (text) => {
      const code = await prepare(phone);
      for (let tries = 0; tries < 10; tries++) {
        expect((await dial(phone, text)).outcome).toBe("incomplete");
      }
      expect((await dial(phone, code)).outcome).toBe("enrolled");
    },
  );

  test("a longer number is wrong, even when it begins with the code", async () => {
    const code = await prepare(phone);
    expect((await dial(phone, `${code}7`)).outcome).toBe("wrong");
  });

  test("a code lives 24 hours, and who dials it later hears that it expired", async () => {
    const code = await prepare(phone);
    fixture.clock.advance(codeLifetimeMilliseconds);
    expect((await dial(phone, code)).outcome).toBe("expired");
    expect((await fixture.kindsOf(phone))[0]).toBe("code-expired");
  });

  test("it is right until the last millisecond", async () => {
    const code = await prepare(phone);
    fixture.clock.advance(codeLifetimeMilliseconds - 1);
    expect((await dial(phone, code)).outcome).toBe("enrolled");
  });

  test("a new code ends the old one", async () => {
    const old = await prepare(phone);
    let fresh = old;
    while (fresh === old) fresh = await prepare(phone);
    expect((await dial(phone, old)).outcome).toBe("wrong");
    expect((await dial(phone, fresh)).outcome).toBe("enrolled");
  });

  test("without a code, without a device, or after a reset nothing waits", async () => {
    expect((await dial(phone, "123456")).outcome).toBe("not-waiting");
    const code = await prepare(phone);
    await resetDevice(fixture, tenant.id, phone, "admin");
    expect((await dial(phone, code)).outcome).toBe("not-waiting");
  });

  test("no line of the history holds a code", async () => {
    const code = await prepare(phone);
    await dial(phone, other(code));
    await dial(phone, code);
    const { items } = await fixture.history.list(tenant.id, phone, { limit: 50 });
    for (const { text } of items) {
      expect(text).not.toContain(code);
      expect(text).not.toContain(other(code));
    }
  });
});

describe("limits on guessing", () => {
  test("after five wrong codes even the right one is not heard, until there is a new one", async () => {
    const code = await prepare(phone);
    for (let tries = 1; tries <= guessLimits.deviceTries; tries++) {
      expect(await dial(phone, other(code, tries))).toEqual({
        outcome: "wrong",
        deviceTries: tries,
      });
    }
    expect((await dial(phone, code)).outcome).toBe("locked");
    expect((await dial(phone, await prepare(phone))).outcome).toBe("enrolled");
  });

  test("that a device is locked stands in its history once in ten minutes, however often it is tried", async () => {
    const code = await prepare(phone);
    for (let tries = 1; tries <= guessLimits.deviceTries; tries++) {
      await dial(phone, other(code, tries));
    }
    const locks = async () =>
      (await fixture.kindsOf(phone)).filter((kind) => kind === "code-locked").length;
    for (let tries = 0; tries < 100; tries++) await dial(phone, code);
    expect(await locks()).toBe(1);
    fixture.clock.advance(10 * 60_000);
    for (let tries = 0; tries < 100; tries++) await dial(phone, code);
    expect(await locks()).toBe(2);
  });

  /** Guesses wrongly, one device after another, and tells how many guesses were heard. */
  async function guess(times: number, address: (index: number) => string): Promise<number> {
    let heard = 0;
    for (let index = 0; index < times; index++) {
      const macAddress = mac(`02000000${String(1000 + Math.floor(index / 4))}`);
      const code = index % 4 === 0 ? await prepare(macAddress) : undefined;
      const known = code ?? (await fixture.codes.find(tenant.id, macAddress))?.code ?? "";
      const { outcome } = await dial(macAddress, other(known, 1 + (index % 4)), address(index));
      if (outcome === "wrong") heard++;
    }
    return heard;
  }

  test("one address is heard fifty times a day, whatever devices it takes", async () => {
    expect(await guess(60, () => "203.0.113.5")).toBe(guessLimits.addressTries);
    expect((await dial(phone, await prepare(phone), "203.0.113.5")).outcome).toBe("locked");
    expect((await dial(phone, await prepare(phone), "203.0.113.6")).outcome).toBe("enrolled");
  });

  test("a tenant is guessed at a hundred times a day, from however many addresses", async () => {
    expect(await guess(120, (index) => `203.0.113.${index}`)).toBe(guessLimits.tenantTries);
    const code = await prepare(phone);
    expect((await dial(phone, code)).outcome).toBe("locked");
    fixture.clock.advance(guessLimits.windowMilliseconds);
    expect((await dial(phone, await prepare(phone))).outcome).toBe("enrolled");
  });

  test("so guessing any code stays under one in ten thousand a day", () => {
    const chance = 1 - (1 - 1e-6) ** guessLimits.tenantTries;
    expect(chance).toBeLessThan(1e-4);
    expect(guessLimits.windowMilliseconds).toBeGreaterThanOrEqual(24 * 60 * 60 * 1000);
  });

  test("a technician who ends with the right code leaves no mark against the address", async () => {
    for (let index = 0; index < 20; index++) {
      const macAddress = mac(`0200000020${String(index + 10)}`);
      const code = await prepare(macAddress);
      for (let tries = 1; tries <= 3; tries++) await dial(macAddress, other(code, tries));
      const { outcome }: EnrollmentOutcome = await dial(macAddress, code);
      expect(outcome).toBe("enrolled");
    }
  });

  test("the answer to a wrong code comes later each time, and never takes long", () => {
    const delays = [1, 2, 3, 4, 5, 6, 100].map(wrongCodeDelayMilliseconds);
    expect(delays).toEqual([0, 0, 1000, 2000, 4000, 8000, 8000]);
  });
});
