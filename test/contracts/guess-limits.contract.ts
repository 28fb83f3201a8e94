import { expect, it } from "vitest";
import type { TenantId } from "../../src/domain/tenant.ts";
import { guessLimits } from "../../src/domain/verification-code.ts";
import type { Subject } from "./backends.ts";
import { code, hostileTexts, mac, newTenantId, now, prepareRedemption } from "./sample-data.ts";

/** What VerificationCodeStore.redeem promises about wrong tries. */
export function describeGuessLimits(subject: Subject): void {
  const wrongTries = async (
    tenantId: TenantId,
    devices: readonly number[],
    address: (number: number) => string,
    triesEach: number,
  ) => {
    for (const number of devices) {
      const attempt = await prepareRedemption(subject.stores, tenantId, number);
      for (let tries = 1; tries <= triesEach; tries++) {
        const wrong = attempt({ code: "000000", address: address(number) });
        expect(await subject.stores.codes.redeem(wrong)).toEqual({
          outcome: "wrong",
          deviceTries: tries,
        });
      }
    }
  };
  const numbers = (count: number) => Array.from({ length: count }, (_, index) => 100 + index);

  it("locks a code after the device's tries, even for the right one, until a new code comes", async () => {
    const tenantId = newTenantId();
    const attempt = await prepareRedemption(subject.stores, tenantId, 1);
    const { codes } = subject.stores;
    for (let tries = 1; tries <= guessLimits.deviceTries; tries++) {
      const wrong = attempt({ code: "000000", address: `192.0.2.${tries}` });
      expect(await codes.redeem(wrong)).toEqual({ outcome: "wrong", deviceTries: tries });
    }
    const locked = { outcome: "locked", by: "device" };
    expect(await codes.redeem(attempt())).toEqual(locked);
    const muchLater = now + 3 * guessLimits.windowMilliseconds;
    expect(await codes.redeem(attempt({ nowMilliseconds: muchLater }))).toEqual(locked);
    await codes.put(code(tenantId, 1, { code: "777777" }));
    expect(await codes.redeem(attempt({ code: "777777" }))).toEqual({ outcome: "enrolled" });
  });

  it("counts exactly, however many try at the same time", async () => {
    const tenantId = newTenantId();
    const attempt = await prepareRedemption(subject.stores, tenantId, 1);
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, () => subject.stores.codes.redeem(attempt({ code: "000000" }))),
    );
    const wrong = outcomes.filter(({ outcome }) => outcome === "wrong");
    expect(wrong).toHaveLength(guessLimits.deviceTries);
    expect(outcomes.filter(({ outcome }) => outcome === "locked")).toHaveLength(15);
  });

  it("locks an address after its tries, over all devices, and no other address", async () => {
    const tenantId = newTenantId();
    await wrongTries(tenantId, numbers(guessLimits.addressTries), () => "192.0.2.66", 1);
    const attempt = await prepareRedemption(subject.stores, tenantId, 1);
    expect(await subject.stores.codes.redeem(attempt({ address: "192.0.2.66" }))).toEqual({
      outcome: "locked",
      by: "address",
    });
    expect(await subject.stores.codes.redeem(attempt({ address: "192.0.2.6" }))).toEqual({
      outcome: "enrolled",
    });
  });

  it("locks the tenant after its tries, over all devices and addresses, and no other tenant", async () => {
    const tenantId = newTenantId();
    const devices = numbers(guessLimits.tenantTries / 4);
    await wrongTries(tenantId, devices, (number) => `192.0.2.${number}`, 4);
    const attempt = await prepareRedemption(subject.stores, tenantId, 1);
    const locked = { outcome: "locked", by: "tenant" };
    expect(await subject.stores.codes.redeem(attempt())).toEqual(locked);
    const elsewhere = await prepareRedemption(subject.stores, newTenantId(), 1);
    expect(await subject.stores.codes.redeem(elsewhere())).toEqual({ outcome: "enrolled" });
  });

  it("forgets tries of address and tenant when the window has passed", async () => {
    const tenantId = newTenantId();
    await wrongTries(tenantId, numbers(guessLimits.addressTries), () => "192.0.2.66", 1);
    const expiresAtMilliseconds = now + 10 * guessLimits.windowMilliseconds;
    const attempt = await prepareRedemption(subject.stores, tenantId, 1, { expiresAtMilliseconds });
    const at = (nowMilliseconds: number) => attempt({ address: "192.0.2.66", nowMilliseconds });
    const end = now + guessLimits.windowMilliseconds;
    expect(await subject.stores.codes.redeem(at(end - 1))).toMatchObject({ outcome: "locked" });
    expect(await subject.stores.codes.redeem(at(end))).toEqual({ outcome: "enrolled" });
  });

  it("keeps counting a device's tries against address and tenant when a new code comes", async () => {
    const tenantId = newTenantId();
    const { codes } = subject.stores;
    const attempt = await prepareRedemption(subject.stores, tenantId, 1);
    for (let tries = 0; tries < guessLimits.addressTries; tries++) {
      if (tries % 4 === 0) await codes.put(code(tenantId, 1));
      expect(await codes.redeem(attempt({ code: "000000" }))).toMatchObject({ outcome: "wrong" });
    }
    await codes.put(code(tenantId, 1));
    expect(await codes.redeem(attempt())).toEqual({ outcome: "locked", by: "address" });
  });

  it("forgets the wrong tries of a device that ends with the right code", async () => {
    const tenantId = newTenantId();
    const { codes } = subject.stores;
    await wrongTries(tenantId, numbers(guessLimits.addressTries - 4), () => "192.0.2.66", 1);
    const attempt = await prepareRedemption(subject.stores, tenantId, 1);
    const from = { address: "192.0.2.66" };
    for (let tries = 0; tries < 3; tries++) await codes.redeem(attempt({ ...from, code: "1" }));
    expect(await codes.redeem(attempt(from))).toEqual({ outcome: "enrolled" });
    await wrongTries(
      tenantId,
      [1, 2, 3, 4].map((number) => 500 + number),
      () => from.address,
      1,
    );
    const last = await prepareRedemption(subject.stores, tenantId, 2);
    expect(await codes.redeem(last(from))).toEqual({ outcome: "locked", by: "address" });
  });

  it("checks in order: no code, device, address, tenant, wrong, expired, revision", async () => {
    const tenantId = newTenantId();
    const { codes } = subject.stores;
    await wrongTries(tenantId, numbers(10), () => "192.0.2.66", 5);
    const attempt = await prepareRedemption(subject.stores, tenantId, 1, {
      expiresAtMilliseconds: now,
    });
    const hopeless = { address: "192.0.2.66", expectedRevision: 0, code: "000000" };
    expect(await codes.redeem(attempt({ ...hopeless, macAddress: mac(9) }))).toEqual({
      outcome: "no-code",
    });
    expect(await codes.redeem(attempt({ ...hopeless, macAddress: mac(100) }))).toEqual({
      outcome: "locked",
      by: "device",
    });
    expect(await codes.redeem(attempt(hopeless))).toEqual({ outcome: "locked", by: "address" });
    const elsewhere = { ...hopeless, address: "192.0.2.1" };
    expect(await codes.redeem(attempt(elsewhere))).toMatchObject({ outcome: "wrong" });
    expect(await codes.redeem(attempt({ ...elsewhere, code: "123456" }))).toEqual({
      outcome: "expired",
    });
  });

  it("counts nothing for no code, a lock, an expired code or a conflict", async () => {
    const tenantId = newTenantId();
    const { codes } = subject.stores;
    const attempt = await prepareRedemption(subject.stores, tenantId, 1);
    const many = guessLimits.tenantTries + 1;
    const late = attempt({ nowMilliseconds: now + guessLimits.windowMilliseconds });
    for (let tries = 0; tries < many; tries++) {
      await codes.redeem(attempt({ macAddress: mac(9) }));
      await codes.redeem(late);
      await codes.redeem(attempt({ expectedRevision: 0 }));
    }
    expect(await codes.redeem(attempt({ code: "000000" }))).toEqual({
      outcome: "wrong",
      deviceTries: 1,
    });
    expect(await codes.redeem(attempt())).toEqual({ outcome: "enrolled" });
  });

  it("deletes wrong tries that were made before the given time, and no others", async () => {
    const tenantId = newTenantId();
    const { codes } = subject.stores;
    await wrongTries(tenantId, numbers(guessLimits.addressTries), () => "192.0.2.66", 1);
    const attempt = await prepareRedemption(subject.stores, tenantId, 1);
    const from = { address: "192.0.2.66" };
    await codes.removeStale(now, now);
    expect(await codes.redeem(attempt(from))).toMatchObject({ outcome: "locked" });
    await codes.removeStale(now, now + 1);
    expect(await codes.redeem(attempt(from))).toEqual({ outcome: "enrolled" });
  });

  it("takes no address for one that looks like it", async () => {
    const tenantId = newTenantId();
    const [address] = hostileTexts;
    await wrongTries(tenantId, numbers(guessLimits.addressTries), () => address, 1);
    const attempt = await prepareRedemption(subject.stores, tenantId, 1);
    const wrong = (from: string) =>
      subject.stores.codes.redeem(attempt({ address: from, code: "1" }));
    expect(await wrong(address)).toMatchObject({ outcome: "locked" });
    expect(await wrong(`${address} `)).toMatchObject({ outcome: "wrong" });
    expect(await wrong(address.slice(1))).toMatchObject({ outcome: "wrong" });
  });
}
