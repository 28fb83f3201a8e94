import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { signOutDevice } from "../../../src/domain/sign-out-device.ts";
import { simulatedVendors } from "../../../src/lab/simulated-phones/phone-models.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { PhoneSide } from "./phone-side.ts";

const adele = "+14255550100";
const bob = "+14255550101";
let side: PhoneSide;

beforeEach(async () => {
  side = await PhoneSide.open();
  await side.gateway.addUser("adele", adele);
  await side.gateway.addUser("bob", bob);
});

afterEach(async () => {
  await side.stop();
  expect(side.faults).toEqual([]);
});

describe("a sign-in and a sign-out from afar", () => {
  it.each(simulatedVendors)("make a %s phone the user's, and nobody's again", async (vendor) => {
    const { phone, macAddress } = await side.enrolledPhone(vendor);
    expect(phone.account?.user).toBe(macAddress);

    await side.signIn(macAddress, "adele");
    await phone.waitForAccount(adele);
    expect(phone.account).toMatchObject({ domain: "contoso.example", displayName: "adele" });
    expect((await side.bindings(macAddress)).map(({ aor }) => aor)).toEqual([
      `sip:${adele}@contoso.example`,
    ]);

    const signedOut = phone.waitForAccount(macAddress);
    expect(await side.order(macAddress, "sign-out")).toMatchObject({
      status: "accepted",
      answer: { status: 200 },
    });
    await signedOut;
    expect((await side.bindings(macAddress)).map(({ aor }) => aor)).toEqual([
      `sip:${macAddress}@onboarding.emea.invalid`,
    ]);
    expect(await side.history(macAddress)).toEqual(
      expect.arrayContaining([
        "notified: The phone was asked to fetch its configuration and agreed.",
        "signed-out: Signed out by test.",
        "command: Sign-out: done; the phone accepted it (200 OK).",
      ]),
    );
  });

  it("let the phone call other users, and be called", async () => {
    const caller = await side.enrolledPhone("yealink");
    const callee = await side.enrolledPhone("poly", 0.2);
    await side.signIn(caller.macAddress, "adele");
    await side.signIn(callee.macAddress, "bob");
    await Promise.all([caller.phone.waitForAccount(adele), callee.phone.waitForAccount(bob)]);

    const heard = new Promise((resolve) => callee.phone.once("answered", resolve));
    const result = await caller.phone.dial(bob);
    expect(result).toMatchObject({ status: 200, endedBy: "far-end" });
    expect(result.rtpPackets).toBeGreaterThan(2);
    expect(await heard).toMatchObject({ endedBy: "phone" });
  });

  it("reach a phone that asks who speaks, though its binding ends in the same moment", async () => {
    const { phone, macAddress } = await side.enrolledPhone("cisco");
    await side.signIn(macAddress, "adele");
    await phone.waitForAccount(adele);
    const { gateway } = side;
    const signedOut = phone.waitForAccount(macAddress);
    await signOutDevice(
      { ...gateway.stores, clock: gateway.clock },
      { tenantId: gateway.tenant.id, macAddress, actor: "gateway", text: "Signed out: a test." },
      (device) => gateway.server.tellDevice(device),
    );
    await signedOut;
  });

  it("are told to who asked for arrivals, refreshes too", async () => {
    const { phone, macAddress } = await side.enrolledPhone("yealink");
    await side.signIn(macAddress, "adele");
    await phone.waitForAccount(adele);
    const aor = `sip:${adele}@contoso.example`;
    expect(side.arrivals.map(({ kind, isNew }) => ({ kind, isNew }))).toEqual([
      { kind: "onboarding", isNew: true },
      { kind: "user", isNew: true },
    ]);
    expect(side.arrivals[1]).toMatchObject({ macAddress, aor });

    const { account } = phone;
    if (account === undefined) throw new Error("no account");
    const soft = await side.gateway.phone({ ...account, domain: "contoso.example" });
    await soft.register({ callId: "one" });
    await soft.register({ callId: "one" });
    expect(side.arrivals.slice(2).map(({ isNew }) => isNew)).toEqual([true, false]);
  });

  it("end a signed-out user's account at once", async () => {
    const { phone, macAddress } = await side.enrolledPhone("yealink");
    await side.signIn(macAddress, "adele");
    await phone.waitForAccount(adele);
    const account = phone.account;
    if (account === undefined) throw new Error("no account");
    await side.order(macAddress, "sign-out");
    const thief = await side.gateway.phone({ ...account, domain: "contoso.example" });
    expect((await thief.register()).status).toBe(401);
  });
});

describe("the account that a device has left", () => {
  it("loses its bindings when the phone has registered with the one that it is meant to have", async () => {
    const { gateway } = side;
    const { tenant, stores } = gateway;
    const onboarding = await gateway.addDevice("00:15:65:00:00:01");
    const { macAddress, authenticationName } = onboarding;
    const found = await stores.devices.find(tenant.id, macAddress);
    const user = await stores.users.find(tenant.id, "adele@contoso.example");
    if (found === undefined || user === undefined) throw new Error("nothing to sign in");
    const account = gateway.userAccounts.issue(tenant, user, adele, found.value);
    await stores.accounts.putMany([account]);
    const signedIn = {
      ...found.value,
      state: "signed-in",
      upn: user.upn,
      enrolledAuthenticationName: authenticationName,
      userAuthenticationName: account.authenticationName,
    } as const;
    const phone = await gateway.phone(onboarding);
    await phone.register();
    expect(await stores.devices.replace(signedIn, found.revision)).toBe(true);

    const password = gateway.userAccounts.password(account.authenticationName);
    const line = { user: adele, domain: tenant.domain, password };
    const asUser = await gateway.phone({ ...line, authenticationName: account.authenticationName });
    expect((await asUser.register()).status).toBe(200);
    await waitUntil(
      async () => ((await side.bindings(macAddress)).length === 1 ? true : undefined),
      { what: "the end of the onboarding binding" },
    );
    expect((await side.bindings(macAddress))[0]?.aor).toBe(account.aor);

    // A phone that missed the sign-in comes back as it was, and is told.
    const late = await gateway.phone(onboarding);
    expect((await late.register()).status).toBe(200);
    const notify = await late.incoming("NOTIFY");
    expect(notify.headers.get("Event")).toBe("check-sync;reboot=false");
    late.respond(notify, 200);
    expect((await side.bindings(macAddress)).length).toBe(2);

    // Signed out, the onboarding account is the one.
    const now = await stores.devices.find(tenant.id, macAddress);
    if (now === undefined) throw new Error("the device is gone");
    const signedOut = { ...now.value, state: "signed-out", upn: null } as const;
    await stores.devices.replace({ ...signedOut, userAuthenticationName: null }, now.revision);
    const back = await gateway.phone(onboarding);
    await back.register();
    await waitUntil(
      async () =>
        (await side.bindings(macAddress)).every(({ aor }) => aor !== account.aor) || undefined,
      { what: "the end of the user's binding" },
    );
  });

  it("loses those of before its phone's last start, so that no call waits for them", async () => {
    const { phone, macAddress } = await side.enrolledPhone("yealink");
    await side.signIn(macAddress, "adele");
    await phone.waitForAccount(adele);
    const [before] = await side.bindings(macAddress);
    expect(await side.order(macAddress, "restart")).toMatchObject({ status: "accepted" });
    const after = await waitUntil(
      async () => {
        const [only, ...others] = await side.bindings(macAddress);
        return others.length === 0 && only?.contact !== before?.contact ? only : undefined;
      },
      { what: "the restarted phone's one binding" },
    );
    expect(after.aor).toBe(`sip:${adele}@contoso.example`);
  });

  it("stands beside a stranger's, who has an account before the enrolment", async () => {
    const { gateway } = side;
    const own = await gateway.addDevice("00:15:65:00:00:01");
    const { authenticationName, password } = gateway.onboardingAccounts.issue(
      own.macAddress,
      gateway.clock.nowMilliseconds(),
    );
    const phone = await gateway.phone(own);
    await phone.register();
    const stranger = await gateway.phone({ ...own, authenticationName, password });
    await stranger.register();
    // Once more, after what its first registration led to.
    await stranger.register();
    expect((await side.bindings(own.macAddress)).length).toBe(2);
  });
});
