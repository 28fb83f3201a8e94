import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { addDevice } from "../../src/domain/add-device.ts";
import { changeDevice } from "../../src/domain/change-device.ts";
import { completeSignIn } from "../../src/domain/complete-sign-in.ts";
import { type DeviceState, newDevice } from "../../src/domain/device.ts";
import { enrollDevice } from "../../src/domain/enroll-device.ts";
import { generateCodes } from "../../src/domain/generate-codes.ts";
import { OnboardingAccounts } from "../../src/domain/onboarding-account.ts";
import { PhoneSignIns, phoneSignInLimits } from "../../src/domain/phone-sign-ins.ts";
import { deleteDevice, resetDevice } from "../../src/domain/retire-device.ts";
import type { SignIn } from "../../src/domain/sign-in.ts";
import { SignInPoller } from "../../src/domain/sign-in-poller.ts";
import { startSignIn } from "../../src/domain/start-sign-in.ts";
import { mac, tenant } from "./domain-fixture.ts";
import { openSignInFixture, type SignInFixture, upn } from "./sign-in-fixture.ts";

let rig: SignInFixture;
let phones: PhoneSignIns;
const phone = mac("805ec0000001");
const accounts = new OnboardingAccounts(Buffer.alloc(32, 3));
const address = "198.51.100.7";
const granted = { outcome: "granted", upn } as const;

beforeEach(async () => {
  rig = await openSignInFixture();
  await rig.addUser();
  phones = new PhoneSignIns(rig.needs, (signIn) => rig.poller.watch(signIn));
});
afterEach(async () => {
  expect(rig.faults).toEqual([]);
  await rig.end();
});

/** A phone that asked for its configuration, and that nobody has added. */
async function meet(): Promise<string> {
  const now = rig.fixture.clock.nowMilliseconds();
  await rig.fixture.devices.insert(newDevice(tenant.id, phone, "seen", "", now));
  return issue();
}

function issue(): string {
  return accounts.issue(phone, rig.fixture.clock.nowMilliseconds()).authenticationName;
}

function ask(authenticationName: string, from = address) {
  return phones.start({
    tenantId: tenant.id,
    macAddress: phone,
    authenticationName,
    address: from,
  });
}

async function begin(authenticationName: string): Promise<SignIn> {
  const result = await ask(authenticationName);
  if (result.outcome !== "started") throw new Error(JSON.stringify(result));
  return result.signIn;
}

async function grant({ deviceCode }: SignIn): Promise<void> {
  rig.provider.willSay(deviceCode, granted);
  await rig.pass(5000);
}

function stored() {
  return rig.fixture.signIns.find(tenant.id, phone);
}

describe("a sign-in that a phone begins", () => {
  test("needs no enrolment: it enrols the device with the account of that phone", async () => {
    const account = await meet();
    const signIn = await begin(account);
    expect(signIn).toMatchObject({ actor: "phone", authenticationName: account, upn: null });
    await grant(signIn);
    expect(await rig.device(phone)).toMatchObject({
      state: "signed-in",
      upn,
      enrolledAuthenticationName: account,
      userAuthenticationName: expect.stringContaining(phone),
    });
    expect(await stored()).toMatchObject({ status: "completed", upn });
    expect(await rig.fixture.kindsOf(phone)).toEqual(["signed-in", "enrolled", "sign-in-started"]);
    expect(rig.told).toHaveLength(1);
  });

  test("after a crash between the enrolment and its end, is mended at the next start", async () => {
    await addDevice(rig.fixture, tenant.id, { macAddress: phone, location: "" }, "admin");
    await generateCodes(rig.fixture, tenant.id, [phone], "admin");
    const account = issue();
    const signIn = await begin(account);
    await rig.poller.stop();
    const died = new Error("crashed");
    const { history } = rig.fixture;
    const crashing = { ...rig.needs, history: { ...history, append: () => Promise.reject(died) } };
    await expect(completeSignIn(crashing, signIn, upn)).rejects.toBe(died);
    const { userAuthenticationName } = await rig.device(phone);
    rig.poller = new SignInPoller(rig.needs);
    await rig.poller.start();
    await rig.pass(0);
    expect(await rig.device(phone)).toMatchObject({
      state: "signed-in",
      enrolledAuthenticationName: account,
      userAuthenticationName,
    });
    expect(await stored()).toMatchObject({ status: "completed", upn });
    expect(await rig.fixture.codes.find(tenant.id, phone)).toBeUndefined();
  });

  test("ends the code that was still to be dialled", async () => {
    await addDevice(rig.fixture, tenant.id, { macAddress: phone, location: "" }, "admin");
    const { items } = await generateCodes(rig.fixture, tenant.id, [phone], "admin");
    const account = issue();
    await grant(await begin(account));
    expect(await rig.fixture.codes.find(tenant.id, phone)).toBeUndefined();
    const code = items[0]?.code.code ?? "";
    const another = {
      tenantId: tenant.id,
      macAddress: phone,
      authenticationName: issue(),
      address,
    };
    expect(await enrollDevice(rig.fixture, { ...another, code })).toEqual({
      outcome: "not-waiting",
    });
    expect(await rig.device(phone)).toMatchObject({ enrolledAuthenticationName: account });
  });

  test("serves an enrolled device, for the account that enrolled it and for no other", async () => {
    const account = await meet();
    await set({ state: "waiting-for-sign-in", enrolledAuthenticationName: account });
    expect(await ask(issue())).toMatchObject({ outcome: "refused" });
    await grant(await begin(account));
    expect(await rig.device(phone)).toMatchObject({
      state: "signed-in",
      enrolledAuthenticationName: account,
    });
    expect(await rig.fixture.kindsOf(phone)).not.toContain("enrolled");
  });

  test("says who is signed in already", async () => {
    const account = await meet();
    await grant(await begin(account));
    expect(await ask(account)).toEqual({ outcome: "signed-in", upn });
  });

  test("tells a provider's fault to who asks, and leaves the device as it was", async () => {
    const account = await meet();
    rig.provider.failure = "It is down.";
    await expect(ask(account)).rejects.toMatchObject({ code: "IDENTITY_PROVIDER_FAILED" });
    expect(await stored()).toBeUndefined();
    rig.provider.failure = undefined;
    expect(await ask(account)).toMatchObject({ outcome: "started" });
  });
});

describe("a phone that asks again", () => {
  test("is given the same code until it expires, then another", async () => {
    const account = await meet();
    const first = await begin(account);
    await rig.pass(899_999);
    expect(await ask(account)).toEqual({ outcome: "started", signIn: first });
    await rig.pass(1);
    const second = await begin(account);
    expect(second.userCode).not.toBe(first.userCode);
    expect(rig.provider.asked).toHaveLength(2);
  });

  test("at the same moment, is given one code", async () => {
    const account = await meet();
    const both = await Promise.all([ask(account), ask(account)]);
    expect(both[0]).toEqual(both[1]);
    expect(rig.provider.asked).toHaveLength(1);
  });

  test("at another node, is given the same code; one node polls for it", async () => {
    const account = await meet();
    const signIn = await begin(account);
    const watched: SignIn[] = [];
    const needs = { ...rig.needs, nodeId: "node-2" };
    const elsewhere = new PhoneSignIns(needs, (other) => void watched.push(other));
    const request = {
      tenantId: tenant.id,
      macAddress: phone,
      authenticationName: account,
      address,
    };
    expect(await elsewhere.start(request)).toEqual({ outcome: "started", signIn });
    expect(watched).toEqual([]);
  });

  test("shows the code that an administrator has asked for it, once enrolled", async () => {
    const account = await meet();
    await set({ state: "signed-out", enrolledAuthenticationName: account });
    const result = await startSignIn(rig.needs, tenant.id, phone, "admin");
    expect(await ask(account)).toEqual(result);
  });
});

describe("two accounts for one device that is not enrolled", () => {
  test("the one whose user signs in enrols it; the other's sign-in counts no more", async () => {
    const mine = await meet();
    const strangers = issue();
    const theirs = await begin(strangers);
    const signIn = await begin(mine);
    expect(signIn.userCode).not.toBe(theirs.userCode);
    rig.provider.willSay(theirs.deviceCode, granted);
    await grant(signIn);
    expect(await rig.device(phone)).toMatchObject({ enrolledAuthenticationName: mine });
    expect(rig.provider.polls).not.toContain(theirs.deviceCode);
  });

  test("a sign-in of one is not completed once the other has enrolled the device", async () => {
    const signIn = await begin(await meet());
    const other = issue();
    await set({ state: "waiting-for-sign-in", enrolledAuthenticationName: other });
    await grant(signIn);
    expect(await rig.device(phone)).toMatchObject({
      state: "waiting-for-sign-in",
      enrolledAuthenticationName: other,
      upn: null,
    });
    expect(await stored()).toMatchObject({
      status: "failed",
      reason: expect.stringContaining("enrolled otherwise"),
    });
  });
});

describe("an account that is void", () => {
  test("begins nothing after a reset, and completes nothing that it had begun", async () => {
    const account = await meet();
    const signIn = await begin(account);
    await rig.poller.stop();
    rig.fixture.clock.advance(1000);
    await resetDevice(rig.fixture, tenant.id, phone, "admin");
    await rig.fixture.signIns.put(signIn);
    expect(await ask(account)).toMatchObject({ outcome: "refused" });
    rig.poller = new SignInPoller(rig.needs);
    await rig.poller.start();
    await grant(signIn);
    expect(await rig.device(phone)).toMatchObject({ state: "seen", upn: null });
    expect(await stored()).toMatchObject({ status: "failed" });
  });

  test.each([["of another device"], ["of no device"]])(
    "is refused when it is %s",
    async (which) => {
      await meet();
      const now = rig.fixture.clock.nowMilliseconds();
      const other = accounts.issue(mac("805ec0000002"), now).authenticationName;
      const result = await ask(which === "of no device" ? "adele" : other);
      expect(result).toMatchObject({ outcome: "refused" });
      expect(rig.provider.asked).toEqual([]);
    },
  );

  test("is refused for a device that was deleted", async () => {
    const account = await meet();
    await deleteDevice(rig.fixture, tenant.id, phone, "admin");
    expect(await ask(account)).toMatchObject({ outcome: "refused" });
  });
});

describe("limits", () => {
  test("a device is given no more codes than it may have in an hour, whoever asks", async () => {
    await meet();
    for (let tries = 0; tries < phoneSignInLimits.ofDevice.tries; tries++) {
      expect(await ask(issue(), `198.51.100.${tries}`)).toMatchObject({ outcome: "started" });
    }
    const held = await ask(issue(), "203.0.113.1");
    expect(held).toEqual({ outcome: "limited", retryAfterSeconds: 3600 });
    expect(rig.provider.asked).toHaveLength(phoneSignInLimits.ofDevice.tries);
    rig.fixture.clock.advance(3_600_000);
    expect(await ask(issue())).toMatchObject({ outcome: "started" });
  });

  test("an IPv6 network counts as one address", async () => {
    const { tries } = phoneSignInLimits.ofAddress;
    const now = rig.fixture.clock.nowMilliseconds();
    const askFor = async (number: number, from: string) => {
      const macAddress = mac(`805ec1${number.toString(16).padStart(6, "0")}`);
      await rig.fixture.devices.insert(newDevice(tenant.id, macAddress, "seen", "", now));
      const { authenticationName } = accounts.issue(macAddress, now);
      const whose = { tenantId: tenant.id, macAddress, authenticationName };
      return phones.start({ ...whose, address: from });
    };
    for (let number = 0; number < tries; number++) await askFor(number, `2001:db8:1:2::${number}`);
    expect(await askFor(tries, "2001:db8:1:2:ffff::1")).toMatchObject({ outcome: "limited" });
    expect(await askFor(tries, "2001:db8:1:3::1")).toMatchObject({ outcome: "started" });
  });
});

async function set(changes: { state: DeviceState; enrolledAuthenticationName: string }) {
  await changeDevice(rig.fixture.devices, tenant.id, phone, (now) => ({ ...now, ...changes }));
}
