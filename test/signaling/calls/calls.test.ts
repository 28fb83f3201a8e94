import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { SipResponse } from "../../../sip/message/sip-message.ts";
import { TestGateway } from "../../support/sip-gateway.ts";
import type { SipTestPhone, TestAccount } from "../../support/sip-test-phone.ts";

const domain = "contoso.example";
let gateway: TestGateway;
let adele: TestAccount;
let bob: TestAccount;
let caller: SipTestPhone;
let callee: SipTestPhone;

beforeEach(async () => {
  gateway = await TestGateway.open();
  adele = await gateway.addUser("adele", "+14255550100");
  bob = await gateway.addUser("bob", "+14255550101");
  caller = await gateway.phone(adele);
  callee = await gateway.phone(bob);
});

afterEach(() => gateway.stop());

function invite(user: string, callId = "a call"): Promise<SipResponse> {
  return caller.call({
    method: "INVITE",
    uri: `sip:${user}@${domain}`,
    callId: callId.replaceAll(" ", "-"),
  });
}

describe("calling a user", () => {
  it.each([
    ["by number", "+14255550101"],
    ["by number without plus", "14255550101"],
    ["by number with 00", "0014255550101"],
    ["by name", "bob"],
    ["by UPN with its @ escaped", "bob%40contoso.example"],
  ])("%s rings his phone, and ACK and BYE find their way", async (_, user) => {
    await callee.register();
    const answered = invite(user);
    const ringing = await callee.incoming("INVITE");
    expect(ringing.requestUri).toBe(callee.contactUri);
    expect(ringing.headers.has("Proxy-Authorization")).toBe(false);
    callee.respond(ringing, 180);
    await caller.provisional(180);
    callee.respond(ringing, 200);
    const answer = await answered;
    expect(answer.status).toBe(200);

    caller.sendText(caller.buildInDialog("ACK", answer, answer.cseq.number));
    await callee.incoming("ACK");
    expect(gateway.server.listCalls()[0]).toMatchObject({
      from: "sip:+14255550100@contoso.example",
      to: "sip:+14255550101@contoso.example",
      kind: "user",
      status: 200,
      endedAtMilliseconds: null,
    });

    caller.sendText(caller.buildInDialog("BYE", answer, answer.cseq.number + 1));
    callee.respond(await callee.incoming("BYE"), 200);
    expect((await caller.response("BYE")).status).toBe(200);
    expect(gateway.server.listCalls()[0]).toMatchObject({ end: "completed" });
  });

  it("rings a phone on TCP by the connection that it registered on", async () => {
    const stream = await gateway.phone(bob, "TCP");
    await stream.register({
      contact: false,
      headers: ["Contact: <sip:bob@192.0.2.1:5060;transport=tcp>"],
    });
    const answered = invite("bob");
    stream.respond(await stream.incoming("INVITE"), 486, { reason: "Busy Here" });
    expect((await answered).status).toBe(486);
    expect(gateway.server.listCalls()[0]).toMatchObject({ end: "busy", status: 486 });
  });

  it("reaches a phone behind a NAT at the address that its REGISTER came from", async () => {
    await callee.register({
      contact: false,
      headers: ["Contact: <sip:bob@192.0.2.1:5060>"],
    });
    const answered = invite("bob");
    const ringing = await callee.incoming("INVITE");
    expect(ringing.requestUri).toBe("sip:bob@192.0.2.1:5060");
    callee.respond(ringing, 486);
    expect((await answered).status).toBe(486);
  });

  it("forks to all bindings of the highest q at once, then to the next", async () => {
    const second = await gateway.phone(bob);
    const last = await gateway.phone(bob);
    for (const [phone, q] of [
      [callee, "1"],
      [second, "1"],
      [last, "0.5"],
    ] as const) {
      await phone.register({
        contact: false,
        headers: [`Contact: <${phone.contactUri}>;q=${q}`],
      });
    }
    const answered = invite("bob");
    callee.respond(await callee.incoming("INVITE"), 486);
    const other = await second.incoming("INVITE");
    expect(last.received).toEqual([]);
    second.respond(other, 480);
    last.respond(await last.incoming("INVITE"), 200);
    expect((await answered).status).toBe(200);
  });

  it("RFC 3261 §16.10 passes a CANCEL on, and the caller hears 487", async () => {
    await callee.register();
    const uri = `sip:bob@${domain}`;
    const request = { method: "INVITE", uri, callId: "given-up" };
    caller.sendText(caller.build({ ...request, branch: "z9hG4bKone", cseq: 1 }));
    const challenge = await caller.response("INVITE");
    caller.acknowledge({ ...request, cseq: 1 }, challenge, "z9hG4bKone");
    const headers = [caller.credentials(challenge, "INVITE", uri)];
    caller.sendText(caller.build({ ...request, headers, branch: "z9hG4bKtwo", cseq: 2 }));
    const ringing = await callee.incoming("INVITE");
    callee.respond(ringing, 180);
    await caller.provisional(180);
    caller.sendText(
      caller.build({ method: "CANCEL", uri, callId: "given-up", branch: "z9hG4bKtwo", cseq: 2 }),
    );
    expect((await caller.response("CANCEL")).status).toBe(200);
    const cancel = await callee.incoming("CANCEL");
    callee.respond(cancel, 200);
    callee.respond(ringing, 487);
    expect((await caller.response("INVITE", "given-up")).status).toBe(487);
    expect(gateway.server.listCalls()[0]).toMatchObject({ end: "cancelled" });
  });

  it("404 for a number and a name that nobody has", async () => {
    expect((await invite("+19995550123")).status).toBe(404);
    expect((await invite("carol", "another")).status).toBe(404);
  });

  it("480 for a user who is not registered", async () => {
    expect((await invite("bob")).status).toBe(480);
  });

  it("passes a MESSAGE on like a call", async () => {
    await callee.register();
    const answered = caller.call({
      method: "MESSAGE",
      uri: `sip:bob@${domain}`,
      headers: ["Content-Type: text/plain"],
      body: "hello",
    });
    const message = await callee.incoming("MESSAGE");
    expect(message.body.toString()).toBe("hello");
    callee.respond(message, 200);
    expect((await answered).status).toBe(200);
  });
});

describe("who may call", () => {
  it("RFC 3261 §22.3 challenges every INVITE with 407, SHA-256 and MD5", async () => {
    const request = { method: "INVITE", uri: `sip:bob@${domain}`, callId: "who", cseq: 1 };
    caller.sendText(caller.build({ ...request, branch: "z9hG4bKwho" }));
    const challenge = await caller.response("INVITE");
    caller.acknowledge(request, challenge, "z9hG4bKwho");
    expect(challenge.status).toBe(407);
    expect(challenge.headers.getAll("Proxy-Authenticate")).toHaveLength(2);
    expect((await caller.retry(request, challenge, "MD5")).status).toBe(480);
  });

  it("refuses a From that is not the account's own", async () => {
    const answer = await caller.call({
      method: "INVITE",
      uri: `sip:bob@${domain}`,
      from: `<sip:${bob.user}@${domain}>;tag=x`,
    });
    expect(answer.status).toBe(403);
  });

  it("writes it into the history of a device that calls in another's name", async () => {
    const device = await gateway.addDevice("80:5e:c0:aa:bb:cc");
    const desk = await gateway.phone(device);
    const answer = await desk.call({
      method: "INVITE",
      uri: `sip:112@${device.domain}`,
      from: `<sip:805ec0aabbdd@${device.domain}>;tag=x`,
    });
    expect(answer.status).toBe(403);
    const kinds = async () => {
      const { items } = await gateway.stores.history.list(gateway.tenant.id, device.macAddress, {
        limit: 5,
      });
      return items.map((event) => event.kind);
    };
    await expect.poll(kinds).toContain("refused");
  });

  it("challenges a wrong password again", async () => {
    const thief = await gateway.phone({ ...adele, password: "guess" });
    const answer = await thief.call({ method: "INVITE", uri: `sip:bob@${domain}` });
    expect(answer.status).toBe(407);
  });

  it("403 `Sign in to make calls` to a device that nobody is signed in on", async () => {
    const device = await gateway.addDevice("80:5e:c0:aa:bb:cc");
    const desk = await gateway.phone(device);
    for (const user of ["+14255550101", "bob"]) {
      const answer = await desk.call({ method: "INVITE", uri: `sip:${user}@${device.domain}` });
      expect(`${answer.status} ${answer.reason}`).toBe("403 Sign in to make calls");
    }
  });

  it("says that emergency calls need a trunk, where there is none", async () => {
    const device = await gateway.addDevice("80:5e:c0:aa:bb:cc");
    const desk = await gateway.phone(device);
    const answer = await desk.call({ method: "INVITE", uri: `sip:112@${device.domain}` });
    expect(answer.status).toBe(503);
  });
});

describe("the trunk", () => {
  it("takes emergency calls of anybody and outside numbers of users, with the proved identity", async () => {
    const trunk = await gateway.phone(bob);
    const outside = await TestGateway.open({ trunkUri: `sip:127.0.0.1:${trunk.localPort}` });
    try {
      const device = await outside.addDevice("80:5e:c0:aa:bb:cc");
      const desk = await outside.phone(device);
      const helped = desk.call({ method: "INVITE", uri: `sip:911@${device.domain}` });
      const emergency = await trunk.incoming("INVITE");
      expect(emergency.requestUri).toBe(`sip:911@127.0.0.1:${trunk.localPort}`);
      trunk.respond(emergency, 486);
      expect((await helped).status).toBe(486);

      const user = await outside.phone(await outside.addUser("adele", "+14255550100"));
      const called = user.call({
        method: "INVITE",
        uri: `sip:+19995550123@${domain}`,
        headers: ["P-Asserted-Identity: <sip:boss@contoso.example>"],
      });
      const call = await trunk.incoming("INVITE");
      expect(call.headers.get("P-Asserted-Identity")).toBe("<sip:+14255550100@contoso.example>");
      trunk.respond(call, 486);
      expect((await called).status).toBe(486);
    } finally {
      await outside.stop();
    }
  });
});

describe("requests inside dialogs", () => {
  const inDialog = (method: string, routes: readonly string[] = []) => ({
    method,
    uri: `sip:bob@127.0.0.1:${callee.localPort}`,
    to: `<sip:bob@${domain}>;tag=made-up`,
    headers: routes.map((route) => `Route: ${route}`),
  });

  it("481 for a dialog that nobody knows", async () => {
    caller.sendText(caller.build(inDialog("BYE")));
    expect((await caller.response("BYE")).status).toBe(481);
  });

  it("403 for a Route of ours that we never gave", async () => {
    const port = gateway.server.portOf("UDP");
    const route = `<sip:Zm9yZ2VkLXRva2Vu.AAAAAAAAAAAAAAAA@127.0.0.1:${port};lr>`;
    caller.sendText(caller.build(inDialog("BYE", [route])));
    expect((await caller.response("BYE")).status).toBe(403);
    expect(callee.received).toEqual([]);
  });

  it("never answers an ACK that matches nothing", async () => {
    caller.sendText(caller.build(inDialog("ACK")));
    caller.sendText(caller.build({ method: "OPTIONS", uri: `sip:${domain}` }));
    await caller.response("OPTIONS");
    expect(caller.received).toEqual([]);
  });
});
