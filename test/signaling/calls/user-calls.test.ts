import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { SipResponse } from "../../../sip/message/sip-message.ts";
import { initialGlobalPolicy } from "../../../src/domain/calling-policy.ts";
import type { User } from "../../../src/domain/user.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { TestGateway } from "../../support/sip-gateway.ts";
import type { SipTestPhone } from "../../support/sip-test-phone.ts";

const domain = "contoso.example";
const clock = new FakeClock();
let gateway: TestGateway;
let adele: SipTestPhone;
let bob: SipTestPhone;
let carol: SipTestPhone;

beforeEach(async () => {
  gateway = await TestGateway.open({}, clock);
  adele = await gateway.phone(await gateway.addUser("adele", "+14255550100"));
  bob = await gateway.phone(await gateway.addUser("bob", "+14255550101"));
  carol = await gateway.phone(await gateway.addUser("carol", "+14255550102"));
  await bob.register();
  await carol.register();
});

afterEach(async () => {
  let isStopped = false;
  const stopping = gateway.stop().finally(() => {
    isStopped = true;
  });
  while (!isStopped) await clock.advanceAsync(1000);
  await stopping;
});

async function change(name: string, changes: Partial<User>): Promise<void> {
  const { users } = gateway.stores;
  const user = await users.find(gateway.tenant.id, `${name}@${domain}`);
  if (user === undefined) throw new Error(`there is no ${name}`);
  await users.putMany([{ ...user, ...changes }]);
}

async function allow(changes: Partial<typeof initialGlobalPolicy>): Promise<void> {
  const settings = { ...initialGlobalPolicy, ...changes };
  const { id } = gateway.tenant;
  await gateway.stores.callingPolicies.put(id, "Global", settings, clock.nowMilliseconds());
}

function call(user: string): Promise<SipResponse> {
  return adele.call({ method: "INVITE", uri: `sip:${user}@${domain}` });
}

describe("a user who does not want to be disturbed", () => {
  it("RFC 3261 §21.4.18 is not rung, and the caller hears 480", async () => {
    await change("bob", { doNotDisturb: true });
    expect(await call("bob")).toMatchObject({ status: 480, reason: "Do Not Disturb" });
    expect(bob.received).toEqual([]);
  });
});

describe("a user whose policy does not allow SIP devices", () => {
  it("cannot call, and can again some seconds after it does", async () => {
    await allow({ allowSipDevicesCalling: false });
    expect(await call("bob")).toMatchObject({
      status: 403,
      reason: "Your calling policy does not allow calls from SIP devices",
    });
    await allow({});
    expect((await call("bob")).status).toBe(403);
    clock.advance(5_000);
    await change("bob", { doNotDisturb: true });
    expect((await call("bob")).status).toBe(480);
  });

  it("still reaches an emergency number", async () => {
    await allow({ allowSipDevicesCalling: false });
    expect(await call("112")).toMatchObject({
      status: 503,
      reason: "No trunk is configured for emergency calls",
    });
  });
});

describe("forwarding of all calls", () => {
  it.each([
    ["a number", "+14255550102"],
    ["a UPN", "carol@contoso.example"],
  ])("to %s rings that user alone", async (_, to) => {
    await change("bob", { forwarding: { when: "always", to } });
    const answered = call("bob");
    const ringing = await carol.incoming("INVITE");
    carol.respond(ringing, 486, { reason: "Busy Here" });
    expect((await answered).status).toBe(486);
    expect(bob.received).toEqual([]);
  });

  it("goes one step, so that two who forward to each other make no loop", async () => {
    await change("bob", { forwarding: { when: "always", to: "+14255550102" } });
    await change("carol", { forwarding: { when: "always", to: "+14255550101" } });
    const answered = call("bob");
    carol.respond(await carol.incoming("INVITE"), 486);
    expect((await answered).status).toBe(486);
  });

  it("that the policy does not allow rings the user himself", async () => {
    await allow({ allowCallForwardingToUser: false });
    await change("bob", { forwarding: { when: "always", to: "+14255550102" } });
    const answered = call("bob");
    bob.respond(await bob.incoming("INVITE"), 486);
    expect((await answered).status).toBe(486);
    expect(carol.received).toEqual([]);
  });

  it("to an outside number needs a trunk", async () => {
    await change("bob", { forwarding: { when: "always", to: "+442079460000" } });
    expect((await call("bob")).status).toBe(404);
  });
});
