import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { SipRequest, SipResponse } from "../../../sip/message/sip-message.ts";
import { initialGlobalPolicy } from "../../../src/domain/calling-policy.ts";
import type { Forwarding, User } from "../../../src/domain/user.ts";
import type { SipServerOptions } from "../../../src/signaling/sip-server.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { TestGateway } from "../../support/sip-gateway.ts";
import type { SipTestPhone } from "../../support/sip-test-phone.ts";

const domain = "contoso.example";
const clock = new FakeClock();
let gateway: TestGateway;
let adele: SipTestPhone;
let bob: SipTestPhone;
let carol: SipTestPhone;

async function open(changes: Partial<SipServerOptions> = {}): Promise<void> {
  gateway = await TestGateway.open(changes, clock);
  adele = await gateway.phone(await gateway.addUser("adele", "+14255550100"));
  bob = await gateway.phone(await gateway.addUser("bob", "+14255550101"));
  carol = await gateway.phone(await gateway.addUser("carol", "+14255550102"));
  for (const phone of [adele, bob, carol]) await phone.register();
}

async function close(): Promise<void> {
  let isStopped = false;
  const stopping = gateway.stop().finally(() => {
    isStopped = true;
  });
  while (!isStopped) await clock.advanceAsync(1000);
  await stopping;
}

beforeEach(() => open());
afterEach(close);

async function change(name: string, changes: Partial<User>): Promise<void> {
  const { users } = gateway.stores;
  const user = await users.find(gateway.tenant.id, `${name}@${domain}`);
  if (user === undefined) throw new Error(`there is no ${name}`);
  await users.putMany([{ ...user, ...changes }]);
}

function forward(name: string, when: Forwarding["when"], to: string): Promise<void> {
  return change(name, { forwarding: { when, to } });
}

async function allow(changes: Partial<typeof initialGlobalPolicy>): Promise<void> {
  const settings = { ...initialGlobalPolicy, ...changes };
  const { id } = gateway.tenant;
  await gateway.stores.callingPolicies.put(id, "Global", settings, clock.nowMilliseconds());
}

function call(user: string, from = adele): Promise<SipResponse> {
  return from.call({ method: "INVITE", uri: `sip:${user}@${domain}` });
}

/** The phone rings until it is cancelled, which it obeys. */
async function ringUnanswered(phone: SipTestPhone): Promise<void> {
  const ringing = await phone.incoming("INVITE");
  phone.respond(ringing, 180);
  await clock.advanceAsync(19_000);
  expect(phone.received.filter(isCancel)).toEqual([]);
  await clock.advanceAsync(1_000);
  phone.respond(await phone.incoming("CANCEL"), 200);
  phone.respond(ringing, 487);
}

function isCancel(message: { readonly kind: string }): boolean {
  return message.kind === "request" && (message as SipRequest).method === "CANCEL";
}

describe("forwarding of calls that are not answered", () => {
  it("rings the user for 20 s, then whom he named, who takes the call", async () => {
    await forward("bob", "no-answer", "+14255550102");
    const answered = call("bob");
    await ringUnanswered(bob);
    carol.respond(await carol.incoming("INVITE"), 200);
    expect((await answered).status).toBe(200);
    expect(gateway.server.listCalls()[0]).toMatchObject({
      to: "sip:+14255550101@contoso.example",
      answeredBy: "sip:+14255550102@contoso.example",
    });
  });

  it("goes to the other at once where the user has no phone that can be reached", async () => {
    await forward("bob", "no-answer", "carol@contoso.example");
    await bob.register({ headers: ["Expires: 0"] });
    const answered = call("bob");
    carol.respond(await carol.incoming("INVITE"), 486);
    expect((await answered).status).toBe(486);
  });

  it("goes to the other at once where the user does not want to be disturbed", async () => {
    await forward("bob", "no-answer", "carol@contoso.example");
    await change("bob", { doNotDisturb: true });
    const answered = call("bob");
    carol.respond(await carol.incoming("INVITE"), 486);
    expect((await answered).status).toBe(486);
    expect(bob.received).toEqual([]);
  });

  it("rings on where the policy does not allow it", async () => {
    await allow({ allowCallForwardingToUser: false });
    await forward("bob", "no-answer", "+14255550102");
    const answered = call("bob");
    const ringing = await bob.incoming("INVITE");
    bob.respond(ringing, 180);
    await clock.advanceAsync(30_000);
    bob.respond(ringing, 200);
    expect((await answered).status).toBe(200);
    expect(carol.received).toEqual([]);
  });

  it("rings on where it would be to an outside number and there is no trunk", async () => {
    await forward("bob", "no-answer", "+442079460000");
    const answered = call("bob");
    const ringing = await bob.incoming("INVITE");
    bob.respond(ringing, 180);
    await clock.advanceAsync(30_000);
    bob.respond(ringing, 486);
    expect((await answered).status).toBe(486);
  });

  it("does not forward a call that the user declines for all his phones", async () => {
    await forward("bob", "no-answer", "+14255550102");
    const answered = call("bob");
    bob.respond(await bob.incoming("INVITE"), 603, { reason: "Decline" });
    expect((await answered).status).toBe(603);
    expect(carol.received).toEqual([]);
  });

  it("follows a chain, and never goes back to anybody the call has been for", async () => {
    await forward("bob", "no-answer", "+14255550102");
    await forward("carol", "busy", "+14255550101");
    const answered = call("bob");
    await ringUnanswered(bob);
    carol.respond(await carol.incoming("INVITE"), 486);
    expect((await answered).status).toBe(486);
    expect(bob.received.filter(({ kind }) => kind === "request")).toHaveLength(1);
  });

  it("never goes back to the caller", async () => {
    await forward("bob", "always", "+14255550100");
    const answered = call("bob");
    bob.respond(await bob.incoming("INVITE"), 486);
    expect((await answered).status).toBe(486);
    expect(adele.received).toEqual([]);
  });

  it("ends a long chain after five", async () => {
    const names = ["bob", "carol", "dan", "eve", "finn", "gwen", "hal"];
    for (const [index, name] of names.entries()) {
      if (index > 1) await gateway.addUser(name, `+1425555010${index + 1}`);
      await forward(name, "always", `${names[index + 1] ?? "adele"}@${domain}`);
    }
    const gwen = await gateway.phone({
      ...adele.account,
      user: "+14255550106",
      authenticationName: "auth-gwen",
      password: "password of gwen",
    });
    await gwen.register();
    const answered = call("bob");
    gwen.respond(await gwen.incoming("INVITE"), 486);
    expect((await answered).status).toBe(486);
  });
});

describe("forwarding of calls that come while the user is busy", () => {
  it("goes on when the phone says 486", async () => {
    await forward("bob", "busy", "+14255550102");
    const answered = call("bob");
    bob.respond(await bob.incoming("INVITE"), 486);
    carol.respond(await carol.incoming("INVITE"), 200);
    expect((await answered).status).toBe(200);
  });

  it("leaves a call alone that nobody answers", async () => {
    await forward("bob", "busy", "+14255550102");
    const answered = call("bob");
    bob.respond(await bob.incoming("INVITE"), 480);
    expect((await answered).status).toBe(480);
    expect(carol.received).toEqual([]);
  });

  it("to an outside number goes by the trunk, with the caller's identity", async () => {
    const trunk = carol;
    const former = gateway;
    await open({ trunkUri: `sip:127.0.0.1:${trunk.localPort}` });
    await forward("bob", "busy", "+442079460000");
    const answered = call("bob");
    bob.respond(await bob.incoming("INVITE"), 486);
    const outside = await trunk.incoming("INVITE");
    expect(outside.requestUri).toBe(`sip:+442079460000@127.0.0.1:${trunk.localPort}`);
    expect(outside.headers.get("P-Asserted-Identity")).toBe("<sip:+14255550100@contoso.example>");
    trunk.respond(outside, 486);
    expect((await answered).status).toBe(486);
    await close();
    gateway = former;
  });
});

describe("simultaneous ring", () => {
  it("rings the user and the other at once; who answers first has the call", async () => {
    await forward("bob", "simultaneous", "+14255550102");
    const answered = call("bob");
    const [ringing, other] = [await bob.incoming("INVITE"), await carol.incoming("INVITE")];
    bob.respond(ringing, 180);
    carol.respond(other, 200);
    expect((await answered).status).toBe(200);
    bob.respond(await bob.incoming("CANCEL"), 200);
    bob.respond(ringing, 487);
    const answeredBy = "sip:+14255550102@contoso.example";
    expect(gateway.server.listCalls()[0]).toMatchObject({ answeredBy });
  });

  it("rings the other alone where the user has no phone that can be reached", async () => {
    await forward("bob", "simultaneous", "+14255550102");
    await bob.register({ headers: ["Expires: 0"] });
    const answered = call("bob");
    carol.respond(await carol.incoming("INVITE"), 486);
    expect((await answered).status).toBe(486);
  });

  it("rings the user alone where his policy does not allow it, or the other is not to be disturbed", async () => {
    await forward("bob", "simultaneous", "+14255550102");
    await change("carol", { doNotDisturb: true });
    const first = call("bob");
    bob.respond(await bob.incoming("INVITE"), 486);
    expect((await first).status).toBe(486);
    await change("carol", { doNotDisturb: false });
    await allow({ allowCallForwardingToUser: false });
    const second = call("bob");
    bob.respond(await bob.incoming("INVITE"), 486);
    expect((await second).status).toBe(486);
    expect(carol.received).toEqual([]);
  });
});

describe("busyOnBusy", () => {
  async function talk(): Promise<SipResponse> {
    const answered = call("bob");
    bob.respond(await bob.incoming("INVITE"), 200);
    const answer = await answered;
    adele.sendText(adele.buildInDialog("ACK", answer, answer.cseq.number));
    await bob.incoming("ACK");
    return answer;
  }

  it.each([["bob"], ["adele"]])(
    "answers a second call to %s, who is in one, with 486",
    async (name) => {
      await allow({ busyOnBusy: true });
      await talk();
      expect(await call(name, carol)).toMatchObject({ status: 486, reason: "Busy Here" });
    },
  );

  it("follows the busy user's forwarding", async () => {
    await allow({ busyOnBusy: true });
    await talk();
    await forward("adele", "busy", "+14255550102");
    const dan = await gateway.phone(await gateway.addUser("dan", "+14255550103"));
    const answered = call("adele", dan);
    carol.respond(await carol.incoming("INVITE"), 486);
    expect((await answered).status).toBe(486);
    expect(adele.received).toEqual([]);
  });

  it("lets calls through again when the call is over, and to a user who is only being rung", async () => {
    await allow({ busyOnBusy: true });
    const answer = await talk();
    adele.sendText(adele.buildInDialog("BYE", answer, answer.cseq.number + 1));
    bob.respond(await bob.incoming("BYE"), 200);
    await adele.response("BYE");
    const first = call("bob");
    const ringing = await bob.incoming("INVITE");
    const second = call("bob", carol);
    bob.respond(await bob.incoming("INVITE"), 480);
    bob.respond(ringing, 480);
    expect([(await first).status, (await second).status]).toEqual([480, 480]);
  });

  it("RFC 3891 lets an INVITE through that replaces a call of the user's", async () => {
    await allow({ busyOnBusy: true });
    await talk();
    const replaced = carol.call({
      method: "INVITE",
      uri: `sip:bob@${domain}`,
      headers: ["Replaces: some-call;to-tag=a;from-tag=b"],
    });
    bob.respond(await bob.incoming("INVITE"), 481);
    expect((await replaced).status).toBe(481);
  });

  it("believes a call for an hour: the BYE of a phone that lost power never comes", async () => {
    await allow({ busyOnBusy: true });
    await talk();
    await clock.advanceAsync(60 * 60 * 1000);
    await bob.register();
    const answered = call("bob", carol);
    bob.respond(await bob.incoming("INVITE"), 480);
    expect((await answered).status).toBe(480);
  });

  it("is not for a user whose policy does without it", async () => {
    await talk();
    const answered = call("bob", carol);
    bob.respond(await bob.incoming("INVITE"), 480);
    expect((await answered).status).toBe(480);
  });
});
