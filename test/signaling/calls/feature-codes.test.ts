import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { SipResponse } from "../../../sip/message/sip-message.ts";
import { initialGlobalPolicy } from "../../../src/domain/calling-policy.ts";
import type { Forwarding, User } from "../../../src/domain/user.ts";
import { TestGateway } from "../../support/sip-gateway.ts";
import { RtpListener } from "../../support/sip-rtp-listener.ts";
import type { SipTestPhone } from "../../support/sip-test-phone.ts";

const domain = "contoso.example";
let gateway: TestGateway;
let device: Awaited<ReturnType<TestGateway["addDevice"]>>;
let adele: SipTestPhone;
let ear: RtpListener;

beforeEach(async () => {
  gateway = await TestGateway.open();
  device = await gateway.addDevice("80:5e:c0:aa:bb:cc");
  const account = await gateway.addUser("adele", "+14255550100");
  await gateway.addUser("bob", "+14255550101");
  const { accounts } = gateway.stores;
  const stored = await accounts.findByAuthenticationName(account.authenticationName);
  if (stored === undefined) throw new Error("adele has no account");
  await accounts.putMany([{ ...stored, macAddress: device.macAddress }]);
  adele = await gateway.phone(account);
  ear = await RtpListener.open();
});

afterEach(async () => {
  await ear.close();
  await gateway.stop();
});

/** Dials with a phone that wants to hear nothing, so that the gateway hangs up at once. */
async function dial(code: string, phone = adele, formats = "0", direction = "inactive") {
  const answer = await phone.call({
    method: "INVITE",
    uri: `sip:${code}@${phone.account.domain}`,
    body: ear.offer(formats, direction),
    headers: ["Content-Type: application/sdp"],
  });
  if (answer.status === 200) {
    phone.sendText(phone.buildInDialog("ACK", answer, answer.cseq.number));
    phone.respond(await phone.incoming("BYE"), 200);
  }
  return outcome(answer);
}

function outcome(answer: SipResponse): string {
  return `${answer.status} ${answer.reason}`;
}

async function user(): Promise<User | undefined> {
  return gateway.stores.users.find(gateway.tenant.id, `adele@${domain}`);
}

async function forwarding(): Promise<Forwarding | null | undefined> {
  return (await user())?.forwarding;
}

async function history(): Promise<string[]> {
  const { items } = await gateway.stores.history.list(gateway.tenant.id, device.macAddress, {
    limit: 20,
  });
  return items.filter(({ kind }) => kind === "feature-code").map(({ text }) => text);
}

async function allow(changes: Partial<typeof initialGlobalPolicy>): Promise<void> {
  const settings = { ...initialGlobalPolicy, ...changes };
  await gateway.stores.callingPolicies.put(gateway.tenant.id, "Global", settings, 1);
}

describe("do not disturb", () => {
  it("is turned on by *30* with a tone, and off by *31*; the device's history says so", async () => {
    expect(await dial("*30*", adele, "0", "sendrecv")).toBe("200 OK");
    expect(ear.packets).toHaveLength(100);
    expect(ear.energy()).toBeGreaterThan(0.01);
    expect((await user())?.doNotDisturb).toBe(true);
    expect(gateway.server.listCalls()[0]).toMatchObject({
      kind: "feature-code",
      to: "*30*",
      end: "completed",
    });

    expect(await dial("%2A31%2A%23")).toBe("200 OK");
    expect((await user())?.doNotDisturb).toBe(false);
    expect(await history()).toEqual([
      "Do not disturb was turned off.",
      "Do not disturb was turned on.",
    ]);
  });
});

describe("forwarding", () => {
  it.each([
    ["*33*+14255550101", "always", "+14255550101"],
    ["*33*0014255550101%23", "always", "+14255550101"],
    ["*34*14255550101", "no-answer", "+14255550101"],
    ["*34*+442079460000", "no-answer", "+442079460000"],
    ["*35*+14255550101", "simultaneous", "+14255550101"],
  ])("%s forwards %s to %s", async (code, when, to) => {
    expect(await dial(code)).toBe("200 OK");
    expect(await forwarding()).toEqual({ when, to });
  });

  it("is ended by *32*, and leaves the rest of the user alone", async () => {
    const before = await user();
    await dial("*33*+14255550101");
    expect(await dial("*32*")).toBe("200 OK");
    expect(await user()).toEqual(before);
    expect(await history()).toEqual([
      "Forwarding of calls was ended.",
      "All calls are forwarded to +14255550101.",
    ]);
  });

  it.each([
    ["*33*", "484 Forwarding number incomplete"],
    ["*34*425", "484 Forwarding number incomplete"],
    ["*33*00000000", "404 The forwarding number is not an international phone number"],
    ["*33*bob-the-builder", "404 The forwarding number is not an international phone number"],
    ["*33*14255550100", "403 Calls cannot be forwarded to your own number"],
  ])("%s is answered %s", async (code, expected) => {
    expect(await dial(code)).toBe(expected);
    expect(await forwarding()).toBeNull();
  });

  it("is refused where the calling policy does not allow it", async () => {
    await allow({ allowCallForwardingToUser: false, allowCallForwardingToPhone: false });
    expect(await dial("*33*+14255550101")).toBe(
      "403 Your calling policy does not allow forwarding to users",
    );
    expect(await dial("*34*+442079460000")).toBe(
      "403 Your calling policy does not allow forwarding to phone numbers",
    );
    expect(await forwarding()).toBeNull();
    expect(await history()).toEqual([]);
  });
});

describe("a phone that dials while it is still listening", () => {
  it("is hung up on by the first call, and hears the second", async () => {
    const invite = {
      method: "INVITE",
      uri: `sip:*30*@${domain}`,
      body: ear.offer("0"),
      headers: ["Content-Type: application/sdp"],
    };
    const first = await adele.call(invite);
    adele.sendText(adele.buildInDialog("ACK", first, first.cseq.number));
    await expect.poll(() => ear.packets.length).toBeGreaterThan(0);
    const second = await adele.call(invite);
    const bye = await adele.incoming("BYE");
    expect(bye.callId).toBe(first.callId);
    adele.respond(bye, 200);
    adele.sendText(adele.buildInDialog("ACK", second, second.cseq.number));
    expect((await adele.incoming("BYE")).callId).toBe(second.callId);
  });
});

describe("what is heard otherwise", () => {
  it.each([
    ["*99*", "404 This gateway has no voicemail"],
    ["*12*", "404 Unknown feature code"],
  ])("%s is answered %s", async (code, expected) => {
    expect(await dial(code)).toBe(expected);
    expect(gateway.server.listCalls()[0]).toMatchObject({ kind: "feature-code", status: 404 });
  });

  it("403 to *99* of a user whose policy does not allow voicemail", async () => {
    await allow({ allowVoicemail: false });
    expect(await dial("*99*")).toBe("403 Your calling policy does not allow voicemail");
  });

  it("403 where the policy does not allow SIP devices", async () => {
    await allow({ allowSipDevicesCalling: false });
    expect(await dial("*30*")).toBe(
      "403 Your calling policy does not allow calls from SIP devices",
    );
    expect((await user())?.doNotDisturb).toBe(false);
  });

  it("403 to a phone that nobody is signed in on", async () => {
    const desk = await gateway.phone(device);
    expect(await dial("*30*", desk)).toBe("403 Sign in to use this feature code");
    expect(await dial("*12*", desk)).toBe("404 Unknown feature code");
  });

  it("488 to an offer without G.711, with nothing changed", async () => {
    expect(await dial("*30*", adele, "9 18")).toBe("488 Not Acceptable Here");
    expect((await user())?.doNotDisturb).toBe(false);
  });

  it("503 while the storage does not answer, and gives its media port back", async () => {
    await dial("*30*");
    await gateway.stores.stop();
    const answer = await adele.call({ method: "INVITE", uri: `sip:*31*@${domain}` });
    expect(answer.status).toBe(503);
  });
});
