import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { SipResponse } from "../../../sip/message/sip-message.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { passingTime } from "../../support/passing-time.ts";
import { TestGateway } from "../../support/sip-gateway.ts";
import { RtpListener } from "../../support/sip-rtp-listener.ts";
import type { SipTestPhone } from "../../support/sip-test-phone.ts";

const code = "123456";
let gateway: TestGateway;
let device: Awaited<ReturnType<TestGateway["addDevice"]>>;
let phone: SipTestPhone;
let ear: RtpListener;

beforeEach(async () => {
  gateway = await TestGateway.open();
  device = await gateway.addDevice("80:5e:c0:aa:bb:cc");
  phone = await gateway.phone(device);
  ear = await RtpListener.open();
});

afterEach(async () => {
  await ear.close();
  await gateway.stop();
});

function dial(user: string, body = ear.offer(), from: SipTestPhone = phone): Promise<SipResponse> {
  return from.call({
    method: "INVITE",
    uri: `sip:${user}@${device.domain}`,
    ...(body === "" ? {} : { body, headers: ["Content-Type: application/sdp"] }),
  });
}

function acknowledge(answer: SipResponse, body?: string): void {
  phone.sendText(phone.buildInDialog("ACK", answer, answer.cseq.number, body));
}

async function state(): Promise<string | undefined> {
  return (await gateway.stores.devices.find(gateway.tenant.id, device.macAddress))?.value.state;
}

async function history(): Promise<string[]> {
  const page = await gateway.stores.history.list(gateway.tenant.id, device.macAddress, {
    limit: 20,
  });
  return page.items.map((event) => event.kind);
}

function outcome(answer: SipResponse): string {
  return `${answer.status} ${answer.reason}`;
}

describe("dialling *55* and the code", () => {
  it("enrols the device, sounds a tone of two seconds, and hangs up", async () => {
    await gateway.putCode(device.macAddress, code);
    const answer = await dial(`*55*${code}`);
    expect(outcome(answer)).toBe("200 OK");
    expect(await state()).toBe("waiting-for-sign-in");
    expect(answer.body.toString()).toMatch(/m=audio \d+ RTP\/AVP 0\r\n/);
    acknowledge(answer);

    const bye = await phone.incoming("BYE");
    phone.respond(bye, 200);
    expect(ear.packets).toHaveLength(100);
    expect(ear.energy()).toBeGreaterThan(0.01);
    const [first, second] = ear.packets;
    expect(first).toMatchObject({ marker: true, payloadType: 0 });
    expect(first?.payload).toHaveLength(160);
    expect(second?.marker).toBe(false);
    expect((second?.sequenceNumber ?? 0) - (first?.sequenceNumber ?? 0)).toBe(1);
    expect((second?.timestamp ?? 0) - (first?.timestamp ?? 0)).toBe(160);
    expect(gateway.server.listCalls()[0]).toMatchObject({
      kind: "activation",
      to: "*55*",
      end: "completed",
    });
  });

  it("sounds A-law to a phone that prefers it, and takes escaped stars and a send key", async () => {
    await gateway.putCode(device.macAddress, code);
    const answer = await dial(`%2A55%2A${code}%23`, ear.offer("8 0"));
    expect(answer.status).toBe(200);
    acknowledge(answer);
    await phone.incoming("BYE");
    expect(ear.packets.every((packet) => packet.payloadType === 8)).toBe(true);
    expect(ear.energy()).toBeGreaterThan(0.01);
  });

  it("§8.2.2.3 answers 420 to an extension that it does not have, and keeps the code", async () => {
    await gateway.putCode(device.macAddress, code);
    const refused = await phone.call({
      method: "INVITE",
      uri: `sip:*55*${code}@${device.domain}`,
      headers: ["Require: 100rel"],
    });
    expect(refused.status).toBe(420);
    expect(refused.headers.get("Unsupported")).toBe("100rel");
    expect(await state()).toBe("waiting-on-activation");
  });

  it("RFC 3261 §13.2.1 offers in the 200 when the INVITE did not, and takes the answer in the ACK", async () => {
    await gateway.putCode(device.macAddress, code);
    const answer = await dial(`*55*${code}`, "");
    expect(answer.body.toString()).toContain("RTP/AVP 0 8");
    acknowledge(answer, ear.offer("0"));
    await phone.incoming("BYE");
    expect(ear.packets).toHaveLength(100);
  });

  it("asks the registered phone to fetch its configuration when the call is over, with the line's credentials", async () => {
    await phone.register();
    await gateway.putCode(device.macAddress, code);
    const answer = await dial(`*55*${code}`, ear.offer("0", "inactive"));
    acknowledge(answer);
    phone.respond(await phone.incoming("BYE"), 200);

    const asked = await phone.incoming("NOTIFY");
    expect(asked.headers.get("Event")).toBe("check-sync;reboot=false");
    expect(asked.requestUri).toBe(phone.contactUri);
    phone.respond(asked, 401, {
      headers: ['WWW-Authenticate: Digest realm="phone", nonce="n1", algorithm=MD5, qop="auth"'],
    });
    const again = await phone.incoming("NOTIFY");
    expect(again.headers.get("Authorization")).toContain(`username="${device.authenticationName}"`);
    phone.respond(again, 200);
    await expect.poll(history).toContain("notified");
  });

  it("RFC 3261 §15.1.2 ends when the phone hangs up first", async () => {
    await gateway.putCode(device.macAddress, code);
    const answer = await dial(`*55*${code}`);
    acknowledge(answer);
    phone.sendText(phone.buildInDialog("BYE", answer, answer.cseq.number + 1));
    expect((await phone.response("BYE")).status).toBe(200);
    expect(await state()).toBe("waiting-for-sign-in");
    expect(ear.packets.length).toBeLessThan(50);
  });

  it("a repeated INVITE enrols once", async () => {
    await gateway.putCode(device.macAddress, code);
    const uri = `sip:*55*${code}@${device.domain}`;
    const request = { method: "INVITE", uri, callId: "repeated", body: ear.offer() };
    phone.sendText(phone.build({ ...request, branch: "z9hG4bKfirst", cseq: 1 }));
    const challenge = await phone.response("INVITE");
    phone.acknowledge({ ...request, cseq: 1 }, challenge, "z9hG4bKfirst");
    const headers = ["Content-Type: application/sdp", phone.credentials(challenge, "INVITE", uri)];
    const text = phone.build({ ...request, branch: "z9hG4bKsecond", cseq: 2, headers });
    for (let time = 0; time < 3; time++) phone.sendText(text);
    const answer = await phone.response("INVITE", "repeated");
    acknowledge(answer);
    expect(answer.status).toBe(200);
    expect((await history()).filter((kind) => kind === "enrolled")).toHaveLength(1);
    expect((await history()).filter((kind) => kind.startsWith("code-"))).toEqual([]);
  });
});

describe("what is heard otherwise", () => {
  it("403 Wrong verification code, also for more than six digits", async () => {
    await gateway.putCode(device.macAddress, code);
    expect(outcome(await dial("*55*000000"))).toBe("403 Wrong verification code");
    expect(outcome(await dial(`*55*${code}7`))).toBe("403 Wrong verification code");
    expect(await state()).toBe("waiting-on-activation");
  });

  it("410 Verification code expired", async () => {
    await gateway.putCode(device.macAddress, code, -1000);
    expect(outcome(await dial(`*55*${code}`))).toBe("410 Verification code expired");
  });

  it("484 Verification code incomplete", async () => {
    await gateway.putCode(device.macAddress, code);
    expect(outcome(await dial("*55*123"))).toBe("484 Verification code incomplete");
  });

  it("403 Device is not waiting for activation, to an enrolled device and to a signed-in user", async () => {
    const adele = await gateway.addUser("adele", "+14255550100");
    const user = await gateway.phone(adele);
    const byUser = await user.call({
      method: "INVITE",
      uri: `sip:*55*${code}@${adele.domain}`,
    });
    expect(outcome(byUser)).toBe("403 Device is not waiting for activation");

    await gateway.putCode(device.macAddress, code);
    acknowledge(await dial(`*55*${code}`));
    expect(outcome(await dial(`*55*${code}`))).toBe("403 Device is not waiting for activation");
  });

  it("403 Too many wrong codes, after five", async () => {
    const clock = new FakeClock();
    const slow = await TestGateway.open({}, clock);
    try {
      const desk = await slow.addDevice("80:5e:c0:aa:bb:dd");
      await slow.putCode(desk.macAddress, code);
      const guesser = await slow.phone(desk);
      const delays: number[] = [];
      for (let guess = 0; guess < 5; guess++) {
        const startedAt = clock.nowMilliseconds();
        const answer = await passingTime(clock, dial(`*55*00000${guess}`, "", guesser));
        expect(outcome(answer)).toBe("403 Wrong verification code");
        delays.push(clock.nowMilliseconds() - startedAt);
      }
      expect(delays[0]).toBeLessThan(1000);
      expect(delays[2]).toBeGreaterThanOrEqual(1000);
      expect(delays[3]).toBeGreaterThanOrEqual(2000);
      const last = await passingTime(clock, dial(`*55*${code}`, "", guesser));
      expect(outcome(last)).toBe("403 Too many wrong codes");
    } finally {
      await passingTime(clock, slow.stop());
    }
  });

  it("488 to an offer without G.711, with the code still good", async () => {
    await gateway.putCode(device.macAddress, code);
    expect((await dial(`*55*${code}`, ear.offer("9 18"))).status).toBe(488);
    expect(await state()).toBe("waiting-on-activation");
    expect((await dial(`*55*${code}`)).status).toBe(200);
  });

  it("415 to a body that is no SDP, 400 to one that is broken", async () => {
    const uri = `sip:*55*${code}@${device.domain}`;
    const text = { method: "INVITE", uri, body: "hello", headers: ["Content-Type: text/plain"] };
    expect((await phone.call(text)).status).toBe(415);
    expect((await dial(`*55*${code}`, "hello")).status).toBe(400);
  });

  it("says in the history that a phone which is not registered could not be told to fetch", async () => {
    await gateway.putCode(device.macAddress, code);
    const answer = await dial(`*55*${code}`, ear.offer("0", "inactive"));
    acknowledge(answer);
    await expect.poll(history).toContain("notified");
    const page = await gateway.stores.history.list(gateway.tenant.id, device.macAddress, {
      limit: 1,
    });
    expect(page.items[0]?.text).toContain("not registered");
  });

  it("503 while the storage does not answer", async () => {
    await gateway.stores.stop();
    const answer = await dial(`*55*${code}`);
    expect(answer.status).toBe(503);
    expect(answer.headers.has("Retry-After")).toBe(true);
  });
});
