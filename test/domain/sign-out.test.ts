import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { initialGlobalPolicy } from "../../src/domain/calling-policy.ts";
import {
  Enforcer,
  firstWalkMilliseconds,
  walkIntervalMilliseconds,
} from "../../src/domain/enforcer.ts";
import { queueCommand } from "../../src/domain/queue-command.ts";
import { removeUser } from "../../src/domain/remove-user.ts";
import { deleteDevice, resetDevice } from "../../src/domain/retire-device.ts";
import { signOutDevice } from "../../src/domain/sign-out-device.ts";
import { mac, tenant } from "./domain-fixture.ts";
import {
  bind,
  openSignInFixture,
  phoneNumber,
  type SignInFixture,
  upn,
} from "./sign-in-fixture.ts";

let rig: SignInFixture;
const [phone, second] = [mac("805ec0000001"), mac("805ec0000002")];
const aor = `sip:${phoneNumber}@contoso.example`;
const onboarding = `sip:${phone}@onboarding.emea.invalid`;
const order = { tenantId: tenant.id, macAddress: phone, actor: "admin", text: "Signed out." };

beforeEach(async () => {
  rig = await openSignInFixture();
  await rig.addUser();
  for (const macAddress of [phone, second]) {
    await rig.addWaiting(macAddress);
    await rig.signIn(macAddress);
    await bind(rig.fixture, macAddress, aor);
  }
  await bind(rig.fixture, phone, onboarding);
  rig.told.length = 0;
});
afterEach(async () => {
  expect(rig.faults).toEqual([]);
  await rig.end();
});

async function devicesAt(address: string): Promise<(string | null)[]> {
  const { bindings, clock } = rig.fixture;
  const found = await bindings.find(tenant.id, address, clock.nowMilliseconds());
  return found.map(({ macAddress }) => macAddress);
}

describe("signing a device out", () => {
  test("ends its account and its binding as the user, and no other device's", async () => {
    const former = await rig.device(phone);
    const result = await signOutDevice(rig.fixture, order, rig.needs.tellPhone);
    expect(result).toEqual({ outcome: "signed-out", former });
    expect(await rig.device(phone)).toMatchObject({
      state: "signed-out",
      upn: null,
      userAuthenticationName: null,
      signedOutAtMilliseconds: rig.fixture.clock.nowMilliseconds(),
    });
    const name = former.userAuthenticationName ?? "";
    expect(await rig.fixture.accounts.findByAuthenticationName(name)).toBeUndefined();
    expect(await devicesAt(aor)).toEqual([second]);
    expect(await devicesAt(onboarding)).toEqual([phone]);
    expect((await rig.device(second)).state).toBe("signed-in");
    expect((await rig.fixture.kindsOf(phone))[0]).toBe("signed-out");
  });

  test("tells the phone as it was, while it can still be reached as the user", async () => {
    const former = await rig.device(phone);
    let reachable: unknown;
    await signOutDevice(rig.fixture, order, async (device) => {
      expect(device).toEqual(former);
      reachable = await devicesAt(aor);
    });
    expect(reachable).toContain(phone);
  });

  test("does nothing where nobody, or somebody else, is signed in", async () => {
    const nobody = { ...order, macAddress: mac("805ec0000009") };
    expect(await signOutDevice(rig.fixture, nobody, rig.needs.tellPhone)).toEqual({
      outcome: "no-device",
    });
    const other = { ...order, upn: "bob@contoso.example" };
    expect(await signOutDevice(rig.fixture, other, rig.needs.tellPhone)).toEqual({
      outcome: "not-signed-in",
    });
    expect((await rig.device(phone)).state).toBe("signed-in");
    await signOutDevice(rig.fixture, order, rig.needs.tellPhone);
    expect(await signOutDevice(rig.fixture, order, rig.needs.tellPhone)).toEqual({
      outcome: "not-signed-in",
    });
    expect(rig.told).toHaveLength(1);
  });

  test.each(["accounts", "devices", "history", "bindings"] as const)(
    "a crash at the %s is mended by doing it again",
    async (store) => {
      const calls = {
        accounts: "remove",
        devices: "replace",
        history: "append",
        bindings: "update",
      };
      const dying = new Proxy(rig.fixture[store], {
        get: (target, key) => {
          if (key === calls[store]) return () => Promise.reject(new Error("crashed"));
          const value = Reflect.get(target, key);
          return typeof value === "function" ? value.bind(target) : value;
        },
      });
      const needs = { ...rig.fixture, [store]: dying };
      await expect(signOutDevice(needs, order, rig.needs.tellPhone)).rejects.toThrow("crashed");
      await signOutDevice(rig.fixture, order, rig.needs.tellPhone);
      expect((await rig.device(phone)).state).toBe("signed-out");
      expect(await devicesAt(aor)).toEqual([second]);
    },
  );

  test("leaves the account to whoever was signed in by others in the same moment", async () => {
    const bob = "bob@contoso.example";
    await rig.addUser({ upn: bob, phoneNumber: "+14255550101" });
    const { accounts, devices } = rig.fixture;
    let hasHappened = false;
    const meanwhile = new Proxy(accounts, {
      get: (target, key) => {
        const value = Reflect.get(target, key);
        if (typeof value !== "function") return value;
        return async (...values: unknown[]) => {
          if (!hasHappened) {
            hasHappened = true;
            await signOutDevice(rig.fixture, order, rig.needs.tellPhone);
            await rig.signIn(phone, bob);
          }
          return value.apply(target, values);
        };
      },
    });
    const needs = { ...rig.fixture, accounts: meanwhile, devices };
    const result = await signOutDevice(needs, { ...order, upn }, rig.needs.tellPhone);
    expect(result).toEqual({ outcome: "not-signed-in" });
    const device = await rig.device(phone);
    expect(device).toMatchObject({ state: "signed-in", upn: bob });
    const name = device.userAuthenticationName ?? "";
    expect(await accounts.findByAuthenticationName(name)).toMatchObject({ upn: bob });
  });

  test("somebody can be signed in again afterwards, with a fresh account", async () => {
    const former = await rig.device(phone);
    await signOutDevice(rig.fixture, order, rig.needs.tellPhone);
    const device = await rig.signIn(phone);
    expect(device.state).toBe("signed-in");
    expect(device.userAuthenticationName).not.toBe(former.userAuthenticationName);
  });
});

describe("deleting and resetting", () => {
  test("a user who is deleted is signed out on every device first", async () => {
    const { tellPhone } = rig.needs;
    expect(await removeUser(rig.fixture, tenant.id, upn, "admin", tellPhone)).toBe(true);
    expect((await rig.device(phone)).state).toBe("signed-out");
    expect((await rig.device(second)).state).toBe("signed-out");
    expect(await rig.fixture.accounts.aorExists(tenant.id, aor)).toBe(false);
    expect(await devicesAt(aor)).toEqual([]);
    expect(await removeUser(rig.fixture, tenant.id, upn, "admin", tellPhone)).toBe(false);
  });

  test("a crash in the middle of a reset leaves no account to go on with", async () => {
    const name = (await rig.device(phone)).userAuthenticationName ?? "";
    const codes = new Proxy(rig.fixture.codes, {
      get: (target, key) => {
        if (key === "remove") return () => Promise.reject(new Error("crashed"));
        const value = Reflect.get(target, key);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
    const reset = resetDevice({ ...rig.fixture, codes }, tenant.id, phone, "admin");
    await expect(reset).rejects.toThrow("crashed");
    expect((await rig.device(phone)).state).toBe("waiting-on-activation");
    expect(await rig.fixture.accounts.findByAuthenticationName(name)).toBeUndefined();
  });

  test("a device that is reset tells its phone, and leaves no user, account or binding", async () => {
    await resetDevice(rig.fixture, tenant.id, phone, "admin", rig.needs.tellPhone);
    expect(rig.told).toMatchObject([{ state: "signed-in", upn }]);
    expect(await rig.device(phone)).toMatchObject({
      state: "waiting-on-activation",
      upn: null,
      userAuthenticationName: null,
    });
    expect(await devicesAt(aor)).toEqual([second]);
    expect(await rig.fixture.signIns.find(tenant.id, phone)).toBeUndefined();
  });

  test("a device that is deleted leaves no sign-in and no commands", async () => {
    const result = await queueCommand(
      { ...rig.fixture, deliver: () => {} },
      tenant.id,
      phone,
      "restart",
      "admin",
    );
    if (result.outcome !== "queued") throw new Error(result.outcome);
    await deleteDevice(rig.fixture, tenant.id, phone, "admin");
    const { signIns, commands } = rig.fixture;
    expect(await signIns.find(tenant.id, phone)).toBeUndefined();
    expect(await commands.find(tenant.id, phone, result.command.id)).toBeUndefined();
  });
});

describe("a user who loses what SIP devices need", () => {
  let enforcer: Enforcer;
  beforeEach(() => {
    enforcer = new Enforcer(rig.needs, rig.needs.onError);
  });
  afterEach(() => enforcer.stop());

  async function enforced(): Promise<string[]> {
    await enforcer.idle();
    return [(await rig.device(phone)).state, (await rig.device(second)).state];
  }

  test("nothing changes for one who has all of it", async () => {
    await rig.addUser({ displayName: "A. Vance" });
    enforcer.userChanged(tenant.id, upn);
    expect(await enforced()).toEqual(["signed-in", "signed-in"]);
    expect(rig.told).toEqual([]);
  });

  test.each([
    ["the phone number", { phoneNumber: null }, "Phone number missing"],
    ["the former phone number", { phoneNumber: "+14255550199" }, "+14255550199 now"],
  ])("%s: signed out on every device, with the reason", async (_what, entry, reason) => {
    await rig.addUser(entry);
    enforcer.userChanged(tenant.id, upn);
    expect(await enforced()).toEqual(["signed-out", "signed-out"]);
    const { items } = await rig.fixture.history.list(tenant.id, phone, { limit: 1 });
    expect(items[0]).toMatchObject({ kind: "signed-out", actor: "gateway" });
    expect(items[0]?.text).toContain(reason);
    expect(rig.told).toHaveLength(2);
  });

  test.each(["allowSipDevicesCalling", "allowCallRedirect"] as const)(
    "%s: every user of the policy, and nobody else's",
    async (setting) => {
      await rig.fixture.callingPolicies.put(tenant.id, "Lobby", initialGlobalPolicy, 0);
      const bob = { upn: "bob@contoso.example", phoneNumber: "+14255550101" };
      await rig.addUser({ ...bob, callingPolicy: "Lobby" });
      const third = mac("805ec0000003");
      await rig.addWaiting(third);
      await rig.signIn(third, bob.upn);
      const forbidding = { ...initialGlobalPolicy, [setting]: false };
      await rig.fixture.callingPolicies.put(tenant.id, "Global", forbidding, 1);
      enforcer.policyChanged(tenant.id, "Global");
      expect(await enforced()).toEqual(["signed-out", "signed-out"]);
      expect((await rig.device(third)).state).toBe("signed-in");
    },
  );

  test("is signed out a minute after the next start where a crash cut the change short", async () => {
    enforcer.start();
    await rig.addUser({ phoneNumber: null });
    rig.fixture.clock.advance(firstWalkMilliseconds - 1);
    expect(await enforced()).toEqual(["signed-in", "signed-in"]);
    rig.fixture.clock.advance(1);
    expect(await enforced()).toEqual(["signed-out", "signed-out"]);
    const { items } = await rig.fixture.history.list(tenant.id, phone, { limit: 1 });
    expect(items[0]?.text).toContain("Phone number missing");
  });

  test("is signed out within the hour where another node died in the middle", async () => {
    enforcer.start();
    rig.fixture.clock.advance(firstWalkMilliseconds);
    expect(await enforced()).toEqual(["signed-in", "signed-in"]);
    await rig.fixture.users.remove(tenant.id, upn);
    rig.fixture.clock.advance(walkIntervalMilliseconds);
    expect(await enforced()).toEqual(["signed-out", "signed-out"]);
  });

  test("is looked for no more once it is stopped", async () => {
    enforcer.start();
    await enforcer.stop();
    await rig.addUser({ phoneNumber: null });
    rig.fixture.clock.advance(walkIntervalMilliseconds);
    expect(await enforced()).toEqual(["signed-in", "signed-in"]);
  });

  test("a fault is told, and the next change is enforced all the same", async () => {
    const faults: unknown[] = [];
    let failures = 1;
    const users = new Proxy(rig.fixture.users, {
      get: (target, key) => {
        if (key === "find" && failures-- > 0) return () => Promise.reject(new Error("away"));
        const value = Reflect.get(target, key);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
    enforcer = new Enforcer({ ...rig.needs, users }, (error) => void faults.push(error));
    await rig.addUser({ phoneNumber: null });
    enforcer.userChanged(tenant.id, upn);
    enforcer.userChanged(tenant.id, upn);
    expect(await enforced()).toEqual(["signed-out", "signed-out"]);
    expect(faults).toHaveLength(1);
  });
});
