import { expect, it } from "vitest";
import type { Subject } from "./backends.ts";
import {
  code,
  device,
  hostileTexts,
  mac,
  newTenantId,
  now,
  prepareRedemption,
} from "./sample-data.ts";

/** What VerificationCodeStore promises, apart from the limits on guesses. */
export function describeVerificationCodes(subject: Subject): void {
  it("finds a device's code, alone and among several, in the order asked for", async () => {
    const tenantId = newTenantId();
    const { codes } = subject.stores;
    await codes.put(code(tenantId, 1));
    await codes.put(code(tenantId, 3, { code: "000000" }));
    expect(await codes.find(tenantId, mac(1))).toEqual(code(tenantId, 1));
    expect(await codes.find(tenantId, mac(2))).toBeUndefined();
    expect(await codes.findMany(tenantId, [mac(3), mac(2), mac(1), mac(3)])).toEqual([
      code(tenantId, 3, { code: "000000" }),
      undefined,
      code(tenantId, 1),
      code(tenantId, 3, { code: "000000" }),
    ]);
    expect(await codes.findMany(tenantId, [])).toEqual([]);
    expect(await codes.find(newTenantId(), mac(1))).toBeUndefined();
  });

  it("ends a device's former code by a new one", async () => {
    const tenantId = newTenantId();
    const attempt = await prepareRedemption(subject.stores, tenantId, 1);
    await subject.stores.codes.put(code(tenantId, 1, { code: "654321" }));
    expect(await subject.stores.codes.redeem(attempt())).toMatchObject({ outcome: "wrong" });
    expect(await subject.stores.codes.redeem(attempt({ code: "654321" }))).toEqual({
      outcome: "enrolled",
    });
  });

  it("lists the codes that can still be used, in the order of MAC addresses", async () => {
    const tenantId = newTenantId();
    const { codes } = subject.stores;
    await codes.put(code(tenantId, 3));
    await codes.put(code(tenantId, 1));
    await codes.put(code(tenantId, 2, { expiresAtMilliseconds: now }));
    const attempt = await prepareRedemption(subject.stores, tenantId, 4);
    for (let tries = 0; tries < 5; tries++) await codes.redeem(attempt({ code: "000000" }));
    const usable = await codes.listUsable(tenantId, now);
    expect(usable.map((one) => one.macAddress)).toEqual([mac(1), mac(3)]);
    expect(await codes.listUsable(newTenantId(), now)).toEqual([]);
  });

  it("says which devices' codes are locked by wrong tries, until there is a new one", async () => {
    const tenantId = newTenantId();
    const { codes } = subject.stores;
    await codes.put(code(tenantId, 1));
    const attempt = await prepareRedemption(subject.stores, tenantId, 2);
    for (let tries = 0; tries < 4; tries++) await codes.redeem(attempt({ code: "000000" }));
    const asked = [mac(1), mac(2), mac(3)];
    expect(await codes.listLocked(tenantId, asked)).toEqual(new Set());
    await codes.redeem(attempt({ code: "000000" }));
    expect(await codes.listLocked(tenantId, asked)).toEqual(new Set([mac(2)]));
    expect(await codes.listLocked(tenantId, [mac(1)])).toEqual(new Set());
    expect(await codes.listLocked(tenantId, [])).toEqual(new Set());
    await codes.put(code(tenantId, 2));
    expect(await codes.listLocked(tenantId, asked)).toEqual(new Set());
  });

  it("lists thousands of codes", async () => {
    const tenantId = newTenantId();
    const numbers = Array.from({ length: 2100 }, (_, number) => 2099 - number);
    await Promise.all(numbers.map((number) => subject.stores.codes.put(code(tenantId, number))));
    const usable = await subject.stores.codes.listUsable(tenantId, now);
    expect(usable.map((one) => one.macAddress)).toEqual(numbers.reverse().map(mac));
  });

  it("removes a code", async () => {
    const tenantId = newTenantId();
    const attempt = await prepareRedemption(subject.stores, tenantId, 1);
    await subject.stores.codes.remove(tenantId, mac(1));
    await subject.stores.codes.remove(tenantId, mac(1));
    expect(await subject.stores.codes.find(tenantId, mac(1))).toBeUndefined();
    expect(await subject.stores.codes.listUsable(tenantId, now)).toEqual([]);
    expect(await subject.stores.codes.redeem(attempt())).toEqual({ outcome: "no-code" });
  });

  it("enrols the device by the right code, takes the code and writes the device in one step", async () => {
    const tenantId = newTenantId();
    const attempt = await prepareRedemption(subject.stores, tenantId, 1);
    expect(await subject.stores.codes.redeem(attempt())).toEqual({ outcome: "enrolled" });
    const enrolled = await subject.stores.devices.find(tenantId, mac(1));
    expect(enrolled?.value).toEqual(attempt().enrolledDevice);
    expect(enrolled?.revision).not.toBe(attempt().expectedRevision);
    expect(await subject.stores.devices.countByState(tenantId)).toMatchObject({
      "waiting-on-activation": 0,
      "waiting-for-sign-in": 1,
    });
    expect(await subject.stores.codes.find(tenantId, mac(1))).toBeUndefined();
    expect(await subject.stores.codes.redeem(attempt())).toEqual({ outcome: "no-code" });
  });

  it("enrols exactly one of 50 that dial the right code at the same time", async () => {
    const tenantId = newTenantId();
    const attempt = await prepareRedemption(subject.stores, tenantId, 1);
    const nodes = await subject.nodes();
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, (_, number) => {
        const node = nodes[number % nodes.length] ?? subject.stores;
        return node.codes.redeem(attempt());
      }),
    );
    expect(outcomes.filter(({ outcome }) => outcome === "enrolled")).toHaveLength(1);
    expect(outcomes.filter(({ outcome }) => outcome === "no-code")).toHaveLength(49);
  });

  it("says expired for the right code from the moment on at which it expires", async () => {
    const tenantId = newTenantId();
    const expiresAtMilliseconds = now + 1000;
    const attempt = await prepareRedemption(subject.stores, tenantId, 1, { expiresAtMilliseconds });
    const { codes } = subject.stores;
    const late = attempt({ nowMilliseconds: expiresAtMilliseconds });
    expect(await codes.redeem(late)).toEqual({ outcome: "expired" });
    expect(await codes.redeem({ ...late, code: "000000" })).toMatchObject({ outcome: "wrong" });
    expect(await codes.redeem(attempt({ nowMilliseconds: expiresAtMilliseconds - 1 }))).toEqual({
      outcome: "enrolled",
    });
  });

  it("reports a conflict, counts nothing and keeps the code when the device changed or went", async () => {
    const tenantId = newTenantId();
    const attempt = await prepareRedemption(subject.stores, tenantId, 1);
    const { codes, devices } = subject.stores;
    const changed = device(tenantId, 1, { location: "moved" });
    await devices.replace(changed, attempt().expectedRevision);
    for (let tries = 0; tries < 6; tries++) {
      expect(await codes.redeem(attempt())).toEqual({ outcome: "conflict" });
    }
    expect((await devices.find(tenantId, mac(1)))?.value).toEqual(changed);
    const revision = (await devices.find(tenantId, mac(1)))?.revision ?? 0;
    await devices.remove(tenantId, mac(1));
    expect(await codes.redeem(attempt({ expectedRevision: revision }))).toEqual({
      outcome: "conflict",
    });
    expect(await devices.find(tenantId, mac(1))).toBeUndefined();
    expect(await codes.find(tenantId, mac(1))).toEqual(code(tenantId, 1));
  });

  it("forgets codes that expired before the given time, and no others", async () => {
    const tenantId = newTenantId();
    const { codes } = subject.stores;
    for (const number of [1, 2, 3]) {
      await codes.put(code(tenantId, number, { expiresAtMilliseconds: now + number }));
    }
    await codes.removeStale(now + 2, now);
    const left = await codes.findMany(tenantId, [1, 2, 3].map(mac));
    expect(left.map((one) => one?.macAddress)).toEqual([undefined, mac(2), mac(3)]);
  });

  it.each(hostileTexts)("takes %j as an address and as a dialled code", async (text) => {
    const tenantId = newTenantId();
    const attempt = await prepareRedemption(subject.stores, tenantId, 1);
    const wrong = attempt({ address: text, code: text });
    expect(await subject.stores.codes.redeem(wrong)).toEqual({ outcome: "wrong", deviceTries: 1 });
    expect(await subject.stores.codes.redeem(attempt({ address: text }))).toEqual({
      outcome: "enrolled",
    });
  });
}
