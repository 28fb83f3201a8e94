import { once } from "node:events";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ServedVendor } from "../../../provisioning-http/vendor.ts";
import { SystemClock } from "../../../sip/clock.ts";
import { assignPolicyToUser } from "../../../src/domain/assign-policy.ts";
import { changePolicyRefresh } from "../../../src/domain/change-policy-refresh.ts";
import type { MacAddress } from "../../../src/domain/mac-address.ts";
import { missedRegistrations } from "../../../src/domain/missed-registrations.ts";
import type { PolicyRefresh } from "../../../src/domain/policy-refresh.ts";
import { countPendingPolicies } from "../../../src/domain/policy-standing.ts";
import type { RegisteredPhone } from "../../../src/domain/refresh-policy.ts";
import { LabClock } from "../../../src/lab/lab-clock.ts";
import { simulatedVendors } from "../../../src/lab/simulated-phones/phone-models.ts";
import type { SimulatedPhone } from "../../../src/lab/simulated-phones/simulated-phone.ts";
import type { SipTestPhone } from "../../support/sip-test-phone.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { type EnrolledPhone, PhoneSide } from "./phone-side.ts";

const adele = "+14255550100";
/** Simulated phones refresh at half of the 1,800 s that they are granted. */
const refreshMilliseconds = 900_000;
let side: PhoneSide;
let clock: LabClock;

beforeEach(async () => {
  clock = new LabClock(new SystemClock());
  side = await PhoneSide.open(clock);
  await side.gateway.addUser("adele", adele);
});

afterEach(async () => {
  await side.stop();
  expect(side.faults).toEqual([]);
});

describe("a change of a calling policy", () => {
  it.each(simulatedVendors)("reaches a %s phone at its next refresh, once", async (vendor) => {
    const enrolled = await signedIn(vendor);
    const { phone, macAddress } = enrolled;
    await side.putPolicy({ busyOnBusy: true });
    expect(await pending()).toMatchObject({ devices: 1 });
    await pass(enrolled, 2);
    expect(await pending()).toEqual({ devices: 0, oldestSinceMilliseconds: null });
    for (let refresh = 0; refresh < 3; refresh++) {
      await refreshOnce(phone);
    }
    const since = (await side.history(macAddress)).join("\n").split("version 1 of")[1] ?? "";
    expect(since.match(/^notified: /gm)).toHaveLength(1);
    expect(since.match(/^configuration-fetched: /gm)).toHaveLength(1);
    expect(since.match(/^policy-synced: .*/gm)).toEqual([
      "policy-synced: The phone fetched version 2 of calling policy Global and registered again.",
    ]);
  });

  it("counts as pending since it was made, also when more follow", async () => {
    await signedInPhone("yealink");
    await side.putPolicy({ busyOnBusy: true });
    const changedAt = clock.nowMilliseconds();
    clock.advance(60_000);
    await side.putPolicy({ busyOnBusy: false });
    const { oldestSinceMilliseconds } = await pending();
    expect(Math.abs((oldestSinceMilliseconds ?? 0) - changedAt)).toBeLessThan(10_000);
  });

  it("that takes the permission away signs out at the refresh, though nobody enforced it", async () => {
    const macAddress = await signedInPhone("yealink");
    await side.putPolicy({ allowSipDevicesCalling: false });
    clock.advance(refreshMilliseconds);
    await waitUntil(
      async () => {
        const { stores, tenant } = side.gateway;
        const device = (await stores.devices.find(tenant.id, macAddress))?.value;
        return device?.state === "signed-out" || undefined;
      },
      { what: "the sign-out" },
    );
    expect(await refreshOf(macAddress)).toBeUndefined();
    expect(await pending()).toMatchObject({ devices: 0 });
    expect(await side.history(macAddress)).toContain(
      "signed-out: Signed out: AllowSIPDevicesCalling missing: calling policy Global of adele@contoso.example does not allow it.",
    );
  });
});

describe("a phone", () => {
  it("is told in its steps from the sign-in to its registration as the user", async () => {
    const { phone, macAddress } = await side.enrolledPhone("yealink");
    await phone.stop();
    await side.signIn(macAddress, "adele");
    expect((await refreshOf(macAddress))?.arrival).toMatchObject({
      fetchedAtMilliseconds: null,
      registeredAtMilliseconds: null,
    });
    clock.advance(60_000);
    await phone.boot();
    await applied(macAddress, 1);
    const arrival = (await refreshOf(macAddress))?.arrival;
    const signedInAt = arrival?.signedInAtMilliseconds ?? 0;
    expect(arrival?.fetchedAtMilliseconds).toBeGreaterThanOrEqual(signedInAt + 60_000);
    expect(arrival?.registeredAtMilliseconds).toBeGreaterThanOrEqual(signedInAt + 60_000);
  });

  it("of a user with another name is asked to fetch it", async () => {
    const enrolled = await signedIn("poly");
    const { macAddress } = enrolled;
    const { stores, tenant } = side.gateway;
    const user = await stores.users.find(tenant.id, "adele@contoso.example");
    if (user === undefined) throw new Error("no user");
    const renamed = { ...user, displayName: "Adele Vance" };
    await stores.users.putMany([renamed]);
    await assignPolicyToUser({ ...stores, clock }, tenant.id, renamed);
    expect(await refreshOf(macAddress)).toMatchObject({ appliedVersion: null });
    await pass(enrolled, 1);
    expect(await refreshOf(macAddress)).toMatchObject({ displayName: "Adele Vance" });
  });

  it("signed in by a former version of the gateway is asked once", async () => {
    const enrolled = await signedIn("audiocodes");
    const { macAddress } = enrolled;
    const { stores, tenant } = side.gateway;
    await stores.policyRefreshes.remove(tenant.id, macAddress);
    await pass(enrolled, 1);
  });

  it("that fetched by itself is not asked", async () => {
    const macAddress = await signedInPhone("yealink");
    await side.putPolicy({ busyOnBusy: true });
    await change(macAddress, { fetchedVersion: 2 });
    clock.advance(refreshMilliseconds);
    await applied(macAddress, 2);
    expect((await refreshOf(macAddress))?.asked).toBeNull();
  });

  it("that does not heed is asked again at its second refresh, not at its first", async () => {
    const { phone, deaf, macAddress } = await deafPhone();
    await phone.stop();
    await side.putPolicy({ busyOnBusy: true });
    // Longer than a policy is believed without asking the storage.
    clock.advance(2_000);
    await deaf.register({ callId: "deaf" });
    deaf.respond(await deaf.incoming("NOTIFY"), 200);
    await askedTimes(macAddress, 1);
    clock.advance(15 * 60_000);
    await deaf.register({ callId: "deaf" });
    expect((await refreshOf(macAddress))?.asked?.times).toBe(1);
    clock.advance(15 * 60_000);
    await deaf.register({ callId: "deaf" });
    deaf.respond(await deaf.incoming("NOTIFY"), 200);
    await askedTimes(macAddress, 2);
  });

  it("that is signed out is pending no more", async () => {
    const macAddress = await signedInPhone("cisco");
    await side.putPolicy({ busyOnBusy: true });
    await side.order(macAddress, "sign-out");
    expect(await refreshOf(macAddress)).toBeUndefined();
    expect(await pending()).toEqual({ devices: 0, oldestSinceMilliseconds: null });
  });
});

describe("a gateway that starts after a crash", () => {
  it("asks a phone that refreshed after a change and was not asked any more", async () => {
    const { phone, deaf, macAddress } = await deafPhone();
    await phone.stop();
    await side.putPolicy({ busyOnBusy: true });
    clock.advance(2_000);
    await deaf.register({ callId: "deaf" });
    deaf.respond(await deaf.incoming("NOTIFY"), 200);
    await askedTimes(macAddress, 1);
    await change(macAddress, { asked: null });
    await side.gateway.restart();
    deaf.respond(await deaf.incoming("NOTIFY"), 200);
    await askedTimes(macAddress, 1);
  });

  it("leaves a phone to its next refresh that has not come since the change", async () => {
    const { phone, deaf, macAddress } = await deafPhone();
    await phone.stop();
    await deaf.register({ callId: "deaf" });
    clock.advance(60_000);
    await side.putPolicy({ busyOnBusy: true });
    expect(await missed()).toEqual([]);
    await deaf.register({ callId: "deaf" });
    expect(await missed()).toMatchObject([{ macAddress }]);
  });

  it("knows that a phone had fetched and registered again", async () => {
    const { phone, deaf, macAddress } = await deafPhone();
    await side.putPolicy({ busyOnBusy: true });
    await pass({ phone, macAddress }, 2);
    await phone.stop();
    await deaf.register({ callId: "deaf" });
    await change(macAddress, { appliedVersion: 1 });
    await side.gateway.restart();
    await applied(macAddress, 2);
  });
});

/** A phone on which Adele is signed in, and which holds the policy as it is. */
async function signedInPhone(vendor: ServedVendor): Promise<MacAddress> {
  return (await signedIn(vendor)).macAddress;
}

/** The same, and another phone with its account that is told to fetch and does not. */
async function deafPhone(): Promise<EnrolledPhone & { readonly deaf: SipTestPhone }> {
  const { phone, macAddress } = await signedIn("yealink");
  const { gateway } = side;
  const device = (await gateway.stores.devices.find(gateway.tenant.id, macAddress))?.value;
  const authenticationName = device?.userAuthenticationName ?? "";
  const password = gateway.userAccounts.password(authenticationName);
  const { domain } = gateway.tenant;
  const deaf = await gateway.phone({ user: adele, domain, authenticationName, password });
  return { phone, macAddress, deaf };
}

async function signedIn(vendor: ServedVendor): Promise<EnrolledPhone> {
  const enrolled = await side.enrolledPhone(vendor);
  await side.signIn(enrolled.macAddress, "adele");
  await enrolled.phone.waitForAccount(adele);
  await applied(enrolled.macAddress, 1);
  return enrolled;
}

/**
 * A refresh at which the phone is asked, and one after its fetch: not every vendor's phone registers
 * again by itself when its account is as before. Time moves when the phone is done with all its
 * requests, or they would time out.
 */
async function pass({ phone, macAddress }: EnrolledPhone, version: number): Promise<void> {
  const refetched = once(phone, "refetched");
  await refreshOnce(phone);
  await refetched;
  if ((await refreshOf(macAddress))?.appliedVersion !== version) await refreshOnce(phone);
  await applied(macAddress, version);
}

/** Until the phone has its answer: time that moves before would cost it its transaction. */
async function refreshOnce(phone: SimulatedPhone): Promise<void> {
  const registered = once(phone, "registration");
  clock.advance(refreshMilliseconds);
  expect((await registered)[0]).toMatchObject({ kind: "registered" });
}

async function refreshOf(macAddress: MacAddress): Promise<PolicyRefresh | undefined> {
  const { stores, tenant } = side.gateway;
  return (await stores.policyRefreshes.find(tenant.id, [macAddress])).get(macAddress)?.value;
}

/** The phones that a gateway which starts now looks at. */
async function missed(): Promise<readonly RegisteredPhone[]> {
  const { stores, tenant } = side.gateway;
  const found: RegisteredPhone[] = [];
  const findPolicy = stores.callingPolicies.find.bind(stores.callingPolicies);
  const phones = missedRegistrations({ ...stores, clock }, tenant.id, "node-1", findPolicy);
  for await (const phone of phones) found.push(phone);
  return found;
}

/** As a crash would have left it. */
async function change(macAddress: MacAddress, changes: Partial<PolicyRefresh>): Promise<void> {
  const { stores, tenant } = side.gateway;
  await changePolicyRefresh(stores.policyRefreshes, tenant.id, macAddress, (current) =>
    current === undefined ? undefined : { ...current, ...changes },
  );
}

function applied(macAddress: MacAddress, version: number): Promise<true> {
  return waitUntil(
    async () => (await refreshOf(macAddress))?.appliedVersion === version || undefined,
    { what: `version ${version} on the phone` },
  );
}

function askedTimes(macAddress: MacAddress, times: number): Promise<true> {
  return waitUntil(async () => (await refreshOf(macAddress))?.asked?.times === times || undefined, {
    what: `ask number ${times}`,
  });
}

function pending() {
  return countPendingPolicies(side.gateway.stores, side.gateway.tenant.id);
}
