import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { TestGateway } from "../support/sip-gateway.ts";
import type { SipTestPhone } from "../support/sip-test-phone.ts";

let gateway: TestGateway;
let phone: SipTestPhone;

beforeEach(async () => {
  gateway = await TestGateway.open();
  phone = await gateway.phone(await gateway.addUser("adele", "+14255550100"));
});

afterEach(() => gateway.stop());

async function ask(method: string, uri: string, headers: readonly string[] = []) {
  phone.sendText(phone.build({ method, uri, headers }));
  return phone.response(method);
}

describe("requests that need no transaction", () => {
  it("RFC 3261 §11.2 answers OPTIONS with what the gateway can do", async () => {
    for (const uri of [
      "sip:contoso.example",
      "sip:127.0.0.1",
      "sip:ping@onboarding.emea.invalid",
    ]) {
      const answer = await ask("OPTIONS", uri);
      expect(answer.status).toBe(200);
      expect(answer.headers.get("Allow")).toContain("INVITE");
      expect(answer.headers.get("Accept")).toBe("application/sdp");
      expect(answer.headers.has("Supported")).toBe(true);
    }
  });

  it("404 to OPTIONS for a domain that is not ours", async () => {
    expect((await ask("OPTIONS", "sip:elsewhere.example")).status).toBe(404);
  });

  it("§8.2.2.3 answers 420 and names what is required but not known", async () => {
    const answer = await ask("OPTIONS", "sip:contoso.example", ["Require: path, moonlight"]);
    expect(answer.status).toBe(420);
    expect(answer.headers.get("Unsupported")).toBe("moonlight");
  });

  it.each([
    ["PUBLISH", 405],
    ["FLY", 501],
  ])("§8.2.1 refuses %s with %i and Allow", async (method, status) => {
    const answer = await ask(method, "sip:contoso.example");
    expect(answer.status).toBe(status);
    expect(answer.headers.get("Allow")).toContain("REGISTER");
  });

  it("§26.3.2.4 challenges an INVITE without credentials and keeps nothing of it", async () => {
    const challenge = await ask("INVITE", "sip:+14255550100@contoso.example");
    expect(challenge.status).toBe(407);
    expect(challenge.headers.getAll("Proxy-Authenticate")).toHaveLength(2);
    expect(gateway.server.counters.openTransactions).toBe(0);
    expect(gateway.server.counters.transactions.serverStarted).toBe(0);
  });

  it("§26.3.2.4 challenges an answer to somebody else's challenge again, as stale", async () => {
    const theirs =
      'Proxy-Authorization: Digest username="auth-adele", realm="contoso.example", nonce="theirs", uri="sip:contoso.example", response="00000000000000000000000000000000"';
    const challenge = await ask("INVITE", "sip:+14255550100@contoso.example", [theirs]);
    expect(challenge.status).toBe(407);
    expect(challenge.headers.get("Proxy-Authenticate")).toContain("stale=true");
    expect(gateway.server.counters.transactions.serverStarted).toBe(0);
  });

  it("§12.2.2 answers 481 in a dialog that nobody knows, and keeps nothing of it", async () => {
    const uri = "sip:+14255550100@contoso.example";
    for (const method of ["INVITE", "BYE", "INFO"]) {
      phone.sendText(phone.build({ method, uri, to: `<${uri}>;tag=forged` }));
      expect((await phone.response(method)).status).toBe(481);
    }
    expect(gateway.server.counters.transactions.serverStarted).toBe(0);
  });

  it("RFC 6665 §4.2.1.1 answers 489 with Allow-Events to a subscription", async () => {
    const answer = await ask("SUBSCRIBE", "sip:contoso.example", ["Event: message-summary"]);
    expect(answer.status).toBe(489);
    expect(answer.headers.has("Allow-Events")).toBe(true);
  });

  it("answers Cisco's keep-alive, and no other NOTIFY that nobody asked for", async () => {
    const alive = await ask("NOTIFY", "sip:contoso.example", ["Event: keep-alive"]);
    expect(alive.status).toBe(200);
    const stranger = await ask("NOTIFY", "sip:contoso.example", ["Event: check-sync"]);
    expect(stranger.status).toBe(481);
  });

  it("§8.2.2 answers what is malformed with its status", async () => {
    phone.sendText(
      phone
        .build({ method: "OPTIONS", uri: "sip:contoso.example" })
        .replace("OPTIONS\r\nC", "INFO\r\nC"),
    );
    const answer = await phone.receive(
      (message): message is typeof message & { kind: "response"; status: number } =>
        message.kind === "response",
    );
    expect(answer.status).toBe(400);
  });
});

describe("stopping", () => {
  it("hangs up announcements, and no socket is left open", async () => {
    const device = await gateway.addDevice("80:5e:c0:aa:bb:cc");
    await gateway.putCode(device.macAddress, "123456");
    const desk = await gateway.phone(device);
    const answer = await desk.call({ method: "INVITE", uri: `sip:*55*123456@${device.domain}` });
    expect(answer.status).toBe(200);
    const stopped = gateway.server.stop();
    await desk.incoming("BYE");
    await stopped;
    expect(gateway.server.listening).toBe(false);
  });

  it("turns new requests on a connection away with 503 meanwhile", async () => {
    const stream = await gateway.phone(phone.account, "TCP");
    await stream.register();
    const stopped = gateway.server.stop();
    stream.sendText(stream.build({ method: "OPTIONS", uri: "sip:contoso.example" }));
    expect((await stream.response("OPTIONS")).status).toBe(503);
    await stopped;
  });
});
