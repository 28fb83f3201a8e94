import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { initialGlobalPolicy } from "../../src/domain/calling-policy.ts";
import { changeDevice } from "../../src/domain/change-device.ts";
import { completeSignIn } from "../../src/domain/complete-sign-in.ts";
import { deleteDevice, resetDevice } from "../../src/domain/retire-device.ts";
import type { AskingDevice } from "../../src/domain/sign-in.ts";
import { signInDevice } from "../../src/domain/sign-in-device.ts";
import { SignInPoller } from "../../src/domain/sign-in-poller.ts";
import { nodeBeatMilliseconds, nodeLeaseMilliseconds } from "../../src/domain/sign-in-takeover.ts";
import { startSignIn } from "../../src/domain/start-sign-in.ts";
import { mac, tenant } from "./domain-fixture.ts";
import { openSignInFixture, phoneNumber, type SignInFixture, upn } from "./sign-in-fixture.ts";

let rig: SignInFixture;
const phone = mac("805ec0000001");
const granted = { outcome: "granted", upn } as const;
const pending = { outcome: "pending", slowDown: false } as const;

beforeEach(async () => {
  rig = await openSignInFixture();
  await rig.addUser();
  await rig.addWaiting(phone);
});
afterEach(async () => {
  expect(rig.faults).toEqual([]);
  await rig.end();
});

function stored() {
  return rig.fixture.signIns.find(tenant.id, phone);
}

describe("starting a sign-in", () => {
  test("keeps the pairing code, tells the provider the device, and writes history", async () => {
    const signIn = await rig.begin(phone);
    expect(await stored()).toEqual(signIn);
    expect(signIn).toMatchObject({ userCode: "PY89F9J1", status: "pending", nodeId: "node-1" });
    const { startedAtMilliseconds, expiresAtMilliseconds } = signIn;
    expect(expiresAtMilliseconds - startedAtMilliseconds).toBe(900_000);
    expect(rig.provider.asked).toEqual([
      { macAddress: "80:5e:c0:00:00:01", location: "Lobby", model: null },
    ]);
    expect(await rig.fixture.kindsOf(phone)).toEqual(["sign-in-started", "added"]);
    const { items } = await rig.fixture.history.list(tenant.id, phone, { limit: 1 });
    expect(items[0]?.text).not.toContain("PY89F9J1");
  });

  test.each(["waiting-on-activation", "seen", "signed-in"] as const)(
    "is refused while the device is %s",
    async (state) => {
      await changeDevice(rig.fixture.devices, tenant.id, phone, (now) => ({ ...now, state }));
      const result = await startSignIn(rig.needs, tenant.id, phone, "admin");
      expect(result).toEqual({ outcome: "not-waiting", state });
      expect(rig.provider.asked).toEqual([]);
    },
  );

  test("a provider that gives no code leaves a former sign-in as it was", async () => {
    const former = await rig.begin(phone);
    rig.provider.failure = "It is down.";
    await expect(startSignIn(rig.needs, tenant.id, phone, "admin")).rejects.toMatchObject({
      code: "IDENTITY_PROVIDER_FAILED",
    });
    expect(await stored()).toEqual(former);
  });
});

describe("a device that changes while the provider makes its pairing code", () => {
  /** Starts a sign-in, with something that comes between the question and the answer. */
  function startWhile(happening: () => Promise<unknown>) {
    const identityProvider = {
      authorizeDevice: async (device?: AskingDevice) => {
        await happening();
        return rig.provider.authorizeDevice(device);
      },
      poll: (code: string) => rig.provider.poll(code),
    };
    return startSignIn({ ...rig.needs, identityProvider }, tenant.id, phone, "admin");
  }

  test("has no sign-in pending when somebody was signed in on it", async () => {
    const result = await startWhile(() => rig.signIn(phone));
    expect(result).toEqual({ outcome: "not-waiting", state: "signed-in" });
    const reason = "The device became signed-in before its pairing code was there.";
    expect(await stored()).toMatchObject({ status: "failed", reason });
  });

  test("has none when it was reset, and is not there when it was deleted", async () => {
    const reset = () => resetDevice(rig.fixture, tenant.id, phone, "admin");
    expect((await startWhile(reset)).outcome).toBe("not-waiting");
    expect(await stored()).toMatchObject({ status: "failed" });
    await rig.fixture.devices.remove(tenant.id, phone);
    await rig.addWaiting(phone);
    const deletion = () => deleteDevice(rig.fixture, tenant.id, phone, "admin");
    expect(await startWhile(deletion)).toEqual({ outcome: "no-device" });
    expect(await stored()).toBeUndefined();
  });
});

describe("polling (RFC 8628 §3.5)", () => {
  test("asks at the interval that the provider named, until it is granted", async () => {
    const { deviceCode } = await rig.begin(phone);
    await rig.pass(4999);
    expect(rig.provider.polls).toEqual([]);
    await rig.pass(1);
    await rig.pass(5000);
    expect(rig.provider.polls).toEqual([deviceCode, deviceCode]);
    rig.provider.willSay(deviceCode, granted);
    await rig.pass(5000);
    expect(await stored()).toMatchObject({ status: "completed", upn });
    expect(rig.fixture.clock.pendingTimers).toBe(0);
    expect(rig.poller.pending).toBe(0);
  });

  test("slow_down adds five seconds to the interval, for good", async () => {
    const { deviceCode } = await rig.begin(phone);
    rig.provider.willSay(deviceCode, { outcome: "pending", slowDown: true }, pending);
    await rig.pass(5000);
    await rig.pass(9999);
    expect(rig.provider.polls).toHaveLength(1);
    await rig.pass(1);
    expect(rig.provider.polls).toHaveLength(2);
    await rig.pass(9999);
    expect(rig.provider.polls).toHaveLength(2);
  });

  test("a provider that does not answer is asked less and less often, a minute apart at most", async () => {
    const { deviceCode } = await rig.begin(phone);
    const silent = { outcome: "unavailable", reason: "It timed out." } as const;
    rig.provider.willSay(deviceCode, ...Array<typeof silent>(20).fill(silent));
    for (const interval of [5000, 10_000, 20_000, 40_000, 60_000, 60_000]) {
      const before = rig.provider.polls.length;
      await rig.pass(interval - 1);
      expect(rig.provider.polls).toHaveLength(before);
      await rig.pass(1);
      expect(rig.provider.polls).toHaveLength(before + 1);
    }
  });

  test("a code that nobody used expires, on the gateway's clock", async () => {
    await rig.begin(phone);
    for (let step = 0; step < 180; step++) await rig.pass(5000);
    expect(await stored()).toMatchObject({ status: "expired", upn: null });
    expect((await stored())?.reason).toContain("expired");
    expect(rig.fixture.clock.pendingTimers).toBe(0);
    expect((await rig.fixture.kindsOf(phone))[0]).toBe("sign-in-failed");
  });

  test.each([
    [{ outcome: "denied", reason: "The user declined." }, "failed", "The user declined."],
    [{ outcome: "expired" }, "expired", "Start the sign-in again."],
  ] as const)("%o ends it", async (answer, status, reason) => {
    const { deviceCode } = await rig.begin(phone);
    rig.provider.willSay(deviceCode, answer);
    await rig.pass(5000);
    expect(await stored()).toMatchObject({ status, reason: expect.stringContaining(reason) });
    expect((await rig.device(phone)).state).toBe("waiting-for-sign-in");
  });

  test("a newer sign-in of the device ends the former one", async () => {
    const former = await rig.begin(phone);
    const newer = await rig.begin(phone);
    rig.provider.willSay(former.deviceCode, granted);
    await rig.pass(5000);
    expect(rig.provider.polls).toEqual([newer.deviceCode]);
    expect(await stored()).toMatchObject({ id: newer.id, status: "pending" });
  });

  test("a reset ends it", async () => {
    const { deviceCode } = await rig.begin(phone);
    await resetDevice(rig.fixture, tenant.id, phone, "admin");
    rig.provider.willSay(deviceCode, granted);
    await rig.pass(5000);
    expect(rig.provider.polls).toEqual([]);
    expect((await rig.device(phone)).state).toBe("waiting-on-activation");
  });

  test("goes on where it was after the gateway was started again", async () => {
    const { deviceCode } = await rig.begin(phone);
    await rig.poller.stop();
    rig.provider.willSay(deviceCode, granted);
    rig.poller = new SignInPoller(rig.needs);
    await rig.poller.start();
    await rig.pass(5000);
    expect((await rig.device(phone)).upn).toBe(upn);
  });

  test("another node's sign-ins are left to it", async () => {
    await rig.poller.start();
    await rig.begin(phone);
    const other = new SignInPoller({ ...rig.needs, nodeId: "node-2" });
    await other.start();
    await passAt(other, 300_000);
    expect(other.pending).toBe(0);
    await other.stop();
  });

  test("another node's are taken over when it has not been heard of for a minute", async () => {
    const { deviceCode } = await rig.begin(phone);
    const now = rig.fixture.clock.nowMilliseconds();
    await rig.fixture.signIns.keepAlive(rig.needs.nodeId, now, now + nodeLeaseMilliseconds);
    // As by a power cut: it polls no more and has taken leave of nobody.
    await rig.poller.stop();
    const other = new SignInPoller({ ...rig.needs, nodeId: "node-2" });
    await other.start();
    expect(other.pending).toBe(0);
    rig.provider.willSay(deviceCode, granted);
    await passAt(other, nodeLeaseMilliseconds + nodeBeatMilliseconds + 5000);
    expect((await rig.device(phone)).upn).toBe(upn);
    await other.stop();
  });

  test("another node's are taken over as soon as it has taken leave", async () => {
    await rig.poller.start();
    const { deviceCode } = await rig.begin(phone);
    await rig.poller.stop();
    const other = new SignInPoller({ ...rig.needs, nodeId: "node-2" });
    await other.start();
    rig.provider.willSay(deviceCode, granted);
    await passAt(other, 5000);
    expect((await rig.device(phone)).upn).toBe(upn);
    await other.stop();
  });

  test("a node that was only slow leaves its sign-in to the one that took it over", async () => {
    const { deviceCode } = await rig.begin(phone);
    const other = new SignInPoller({ ...rig.needs, nodeId: "node-2" });
    await other.start();
    expect(other.pending).toBe(1);
    rig.provider.willSay(deviceCode, granted);
    await passAt(other, 5000);
    expect(rig.poller.pending).toBe(0);
    expect(rig.provider.polls).toHaveLength(1);
    expect((await rig.device(phone)).upn).toBe(upn);
    await other.stop();
  });
});

describe("completing a sign-in", () => {
  test("gives the device the user's account and has the phone fetch it", async () => {
    const device = await rig.signIn(phone);
    expect(device).toMatchObject({ state: "signed-in", upn });
    const name = device.userAuthenticationName ?? "";
    const account = await rig.fixture.accounts.findByAuthenticationName(name);
    expect(account).toMatchObject({
      aor: `sip:${phoneNumber}@contoso.example`,
      realm: "contoso.example",
      upn,
      macAddress: phone,
    });
    expect(rig.told).toEqual([device]);
    expect((await rig.fixture.kindsOf(phone)).slice(0, 2)).toEqual([
      "signed-in",
      "sign-in-started",
    ]);
  });

  test.each([
    ["a stranger", "nobody@contoso.example", {}, "was not found in the tenant"],
    ["a user without a number", upn, { phoneNumber: null }, "Phone number missing"],
    ["no SIP devices", upn, { callingPolicy: "No devices" }, "AllowSIPDevicesCalling missing"],
    ["no redirect", upn, { callingPolicy: "No redirect" }, "AllowCallRedirect missing"],
  ])(
    "%s fails with the reason, and the device goes on waiting",
    async (_who, as, entry, reason) => {
      const { callingPolicies } = rig.fixture;
      const forbidding = { ...initialGlobalPolicy, allowSipDevicesCalling: false };
      await callingPolicies.put(tenant.id, "No devices", forbidding, 0);
      const straight = { ...initialGlobalPolicy, allowCallRedirect: false };
      await callingPolicies.put(tenant.id, "No redirect", straight, 0);
      await rig.addUser(entry);
      const device = await rig.signIn(phone, as);
      expect(device).toMatchObject({ state: "waiting-for-sign-in", userAuthenticationName: null });
      expect(await stored()).toMatchObject({
        status: "failed",
        reason: expect.stringContaining(reason),
      });
      const { items } = await rig.fixture.history.list(tenant.id, phone, { limit: 1 });
      expect(items[0]).toMatchObject({ kind: "sign-in-failed" });
      expect(items[0]?.text).toContain(reason);
    },
  );

  test("Conditional Access names the addresses to exclude, and excluding them mends it", async () => {
    const { conditionalAccess } = rig.fixture;
    const rule = { tenantId: tenant.id, enabled: true, trustedRanges: [], excludedAddresses: [] };
    await conditionalAccess.put(rule);
    expect((await rig.signIn(phone)).state).toBe("waiting-for-sign-in");
    const excludedAddresses = (await stored())?.reason?.match(/\d+\.\d+\.\d+\.\d+/g) ?? [];
    expect(excludedAddresses).toEqual(["40.112.71.149", "40.113.112.67"]);
    await conditionalAccess.put({ ...rule, excludedAddresses });
    expect((await rig.signIn(phone)).state).toBe("signed-in");
  });

  test("a device that was reset meanwhile is not signed in, and no account is left", async () => {
    const signIn = await rig.begin(phone);
    await changeDevice(rig.fixture.devices, tenant.id, phone, (now) => ({
      ...now,
      state: "waiting-on-activation",
    }));
    await completeSignIn(rig.needs, signIn, upn);
    expect(await stored()).toMatchObject({ status: "failed" });
    const aor = `sip:${phoneNumber}@contoso.example`;
    expect(await rig.fixture.accounts.aorExists(tenant.id, aor)).toBe(false);
  });
});

describe("two sign-ins of one device at the same time", () => {
  test("make it one user's, whose account is the one that is left", async () => {
    await rig.addUser({ upn: "bob@contoso.example", phoneNumber: "+14255550101" });
    const users = [upn, "bob@contoso.example"];
    const order = { tenantId: tenant.id, macAddress: phone, actor: "admin" };
    const results = await Promise.all(
      users.map((one) => signInDevice(rig.needs, { ...order, upn: one })),
    );
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    const device = await rig.device(phone);
    const name = device.userAuthenticationName ?? "";
    expect(await rig.fixture.accounts.findByAuthenticationName(name)).toMatchObject({
      upn: device.upn,
    });
    const aors = ["+14255550100", "+14255550101"].map((number) => `sip:${number}@contoso.example`);
    const left = aors.map((aor) => rig.fixture.accounts.aorExists(tenant.id, aor));
    expect((await Promise.all(left)).filter(Boolean)).toHaveLength(1);
  });
});

describe("a user who loses the number while being signed in", () => {
  test("is not left signed in, though nobody else would have noticed", async () => {
    const signIn = await rig.begin(phone);
    const { accounts } = rig.fixture;
    const meanwhile = new Proxy(accounts, {
      get: (target, key) => {
        const value = Reflect.get(target, key);
        if (key !== "putMany") return typeof value === "function" ? value.bind(target) : value;
        return async (made: Parameters<typeof accounts.putMany>[0]) => {
          await rig.addUser({ phoneNumber: null });
          return target.putMany(made);
        };
      },
    });
    await completeSignIn({ ...rig.needs, accounts: meanwhile }, signIn, upn);
    expect(await rig.device(phone)).toMatchObject({ state: "signed-out", upn: null });
    expect(await stored()).toMatchObject({
      status: "failed",
      reason: expect.stringContaining("Phone number missing"),
    });
    const aor = `sip:${phoneNumber}@contoso.example`;
    expect(await accounts.aorExists(tenant.id, aor)).toBe(false);
  });
});

describe("a crash in the middle of completing", () => {
  /** Runs until this store call fails, as if the gateway had died there. */
  async function crashAt(step: "putMany" | "replace" | "append" | "settle"): Promise<void> {
    const signIn = await rig.begin(phone);
    rig.provider.willSay(signIn.deviceCode, granted, { outcome: "expired" });
    await rig.poller.stop();
    let settled = 0;
    const crash = () => Promise.reject(new Error("crashed"));
    const over = <Store extends object>(store: Store, name: string, act: () => Promise<unknown>) =>
      new Proxy(store, {
        get: (target, key) => {
          if (key === name) return act;
          const value = Reflect.get(target, key);
          return typeof value === "function" ? value.bind(target) : value;
        },
      });
    const { accounts, devices, history, signIns } = rig.fixture;
    const dying = {
      ...rig.needs,
      accounts: step === "putMany" ? over(accounts, "putMany", crash) : accounts,
      devices: step === "replace" ? over(devices, "replace", crash) : devices,
      history: step === "append" ? over(history, "append", crash) : history,
      signIns:
        step === "settle"
          ? over(signIns, "settle", () =>
              settled++ === 0 ? signIns.settle({ ...signIn, upn }) : crash(),
            )
          : signIns,
    };
    await expect(completeSignIn(dying, signIn, upn)).rejects.toThrow("crashed");
  }

  test.each(["putMany", "replace", "append", "settle"] as const)(
    "at %s is mended at the next start, though the provider grants only once",
    async (step) => {
      await crashAt(step);
      rig.poller = new SignInPoller(rig.needs);
      await rig.poller.start();
      await rig.pass(0);
      const device = await rig.device(phone);
      expect(device).toMatchObject({ state: "signed-in", upn });
      const name = device.userAuthenticationName ?? "";
      expect(await rig.fixture.accounts.findByAuthenticationName(name)).toBeDefined();
      expect(await stored()).toMatchObject({ status: "completed", upn });
      expect(rig.provider.polls).toEqual([]);
      expect(rig.told.at(-1)).toEqual(device);
      expect(await rig.fixture.kindsOf(phone)).toContain("signed-in");
    },
  );
});

/** Lets time pass by intervals of polling, for the rig's node and another one. */
async function passAt(other: SignInPoller, milliseconds: number): Promise<void> {
  for (let passed = 0; passed < milliseconds; passed += 5000) {
    await rig.pass(5000);
    await other.idle();
  }
}
