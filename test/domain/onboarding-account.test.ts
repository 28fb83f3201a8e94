import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { newDevice } from "../../src/domain/device.ts";
import {
  isAccountValidFor,
  OnboardingAccounts,
  readOnboardingAccountName,
} from "../../src/domain/onboarding-account.ts";
import { mac, tenant } from "./domain-fixture.ts";

const now = Date.parse("2026-01-05T08:00:00Z");
const phone = mac("805ec0000001");
const accounts = new OnboardingAccounts(Buffer.alloc(32, 1));

describe("onboarding accounts", () => {
  test("every one issued is another, and its name tells the device and the time", () => {
    const names = new Set(
      Array.from({ length: 100 }, () => accounts.issue(phone, now).authenticationName),
    );
    expect(names.size).toBe(100);
    for (const name of names) {
      expect(readOnboardingAccountName(name)).toMatchObject({
        macAddress: phone,
        issuedAtMilliseconds: now,
      });
    }
  });

  test("it is derived from its name: any node with the secret knows its password", () => {
    const issued = accounts.issue(phone, now);
    const elsewhere = new OnboardingAccounts(Buffer.alloc(32, 1));
    expect(elsewhere.derive(issued.authenticationName)).toEqual(issued);
    const realm = "onboarding.emea.invalid";
    const text = `${issued.authenticationName}:${realm}:${issued.password}`;
    expect(elsewhere.ha1(issued.authenticationName, realm)).toEqual({
      md5: createHash("md5").update(text).digest("hex"),
      sha256: createHash("sha256").update(text).digest("hex"),
    });
  });

  test("without the secret neither password nor URL can be told", () => {
    const issued = accounts.issue(phone, now);
    const stranger = new OnboardingAccounts(Buffer.alloc(32, 2));
    const guessed = stranger.derive(issued.authenticationName);
    expect(guessed.password).not.toBe(issued.password);
    expect(accounts.fromUrlSecret(guessed.urlSecret)).toBeUndefined();
  });

  test("the URL's secret names its account, and does not give its password away", () => {
    const issued = accounts.issue(phone, now);
    expect(accounts.fromUrlSecret(issued.urlSecret)).toEqual({
      macAddress: phone,
      issuedAtMilliseconds: now,
      authenticationName: issued.authenticationName,
    });
    expect(issued.urlSecret).not.toContain(issued.password);
    expect(encodeURIComponent(issued.urlSecret)).toBe(issued.urlSecret);
  });

  test("a URL's secret with any character changed is forged", () => {
    const { urlSecret } = accounts.issue(phone, now);
    for (let index = 0; index < urlSecret.length; index++) {
      const changed = urlSecret[index] === "0" ? "1" : "0";
      const forged = urlSecret.slice(0, index) + changed + urlSecret.slice(index + 1);
      expect(accounts.fromUrlSecret(forged), String(index)).toBeUndefined();
    }
    expect(accounts.fromUrlSecret(`${urlSecret}x`)).toBeUndefined();
    expect(accounts.fromUrlSecret(urlSecret.slice(0, -1))).toBeUndefined();
    expect(accounts.fromUrlSecret(urlSecret.toUpperCase())).toBeUndefined();
  });

  test("a secret of another account does not go with this name", () => {
    const [left, right] = [accounts.issue(phone, now), accounts.issue(phone, now)];
    const grafted = left.urlSecret.slice(0, -24) + right.urlSecret.slice(-24);
    expect(accounts.fromUrlSecret(grafted)).toBeUndefined();
  });

  test("whatever text comes as a secret or name, it is read or refused, never thrown on", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(accounts.fromUrlSecret(text)).toBeUndefined();
        expect(readOnboardingAccountName(text)).toBeUndefined();
      }),
    );
  });

  test.each([
    "805ec0000001",
    "805ec0000001-abc",
    "805EC0000001-abc-00000001",
    "000000000000-abc-00000001",
    "805ec0000001-abc-0000001g",
    "805ec0000001-abc-00000001\n",
    "805ec0000001-zzzzzzzzzz-00000001",
  ])("%j is no name of one", (name) => {
    expect(readOnboardingAccountName(name)).toBeUndefined();
  });
});

describe("which accounts still open something", () => {
  const account = (issuedAtMilliseconds: number, authenticationName = "a") => ({
    macAddress: phone,
    issuedAtMilliseconds,
    authenticationName,
  });
  const waiting = newDevice(tenant.id, phone, "waiting-on-activation", "", now);

  test("before enrolment every one that was issued since the last reset", () => {
    expect(isAccountValidFor(waiting, account(now))).toBe(true);
    expect(isAccountValidFor(waiting, account(now + 5, "b"))).toBe(true);
    expect(isAccountValidFor(waiting, account(now - 1))).toBe(false);
  });

  test.each(["waiting-for-sign-in", "signed-in", "signed-out"] as const)(
    "of a device that is %s only the one that dialled the code",
    (state) => {
      const enrolled = { ...waiting, state, enrolledAuthenticationName: "a" };
      expect(isAccountValidFor(enrolled, account(now))).toBe(true);
      expect(isAccountValidFor(enrolled, account(now, "b"))).toBe(false);
      expect(
        isAccountValidFor({ ...enrolled, enrolledAuthenticationName: null }, account(now)),
      ).toBe(false);
    },
  );
});
