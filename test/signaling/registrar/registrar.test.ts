import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { SipResponse } from "../../../sip/message/sip-message.ts";
import { changeDevice } from "../../../src/domain/change-device.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { TestGateway } from "../../support/sip-gateway.ts";
import type { SipTestPhone, TestAccount } from "../../support/sip-test-phone.ts";

let gateway: TestGateway;
let adele: TestAccount;
let phone: SipTestPhone;

beforeEach(async () => {
  gateway = await TestGateway.open();
  adele = await gateway.addUser("adele", "+14255550100");
  phone = await gateway.phone(adele);
});

afterEach(() => gateway.stop());

function contacts(response: SipResponse): string[] {
  return response.headers.getAll("Contact");
}

function bindings() {
  return gateway.stores.bindings.find(
    gateway.tenant.id,
    `sip:${adele.user}@${adele.domain}`,
    gateway.clock.nowMilliseconds(),
  );
}

const twoContacts = (expires: string) => [
  "Contact: <sip:one@192.0.2.1>",
  `Contact: <sip:two@192.0.2.2>;expires=${expires}`,
];

describe("RFC 3261 §10.3", () => {
  it("step 1: refuses a REGISTER for a domain that is not ours", async () => {
    const answer = await phone.register({ uri: "sip:elsewhere.example" });
    expect(answer.status).toBe(404);
  });

  it("step 2: answers 420 and names what is required and unknown", async () => {
    const answer = await phone.register({ headers: ["Require: path, teleport"] });
    expect(answer.status).toBe(420);
    expect(answer.headers.get("Unsupported")).toBe("teleport");
  });

  it("step 3: challenges with MD5 before SHA-256, in the realm of the AOR", async () => {
    phone.sendText(
      phone.build({ method: "REGISTER", uri: `sip:${adele.domain}`, to: `<${phone.aor}>` }),
    );
    const answer = await phone.response("REGISTER");
    expect(answer.status).toBe(401);
    expect(answer.headers.getAll("WWW-Authenticate")).toEqual([
      expect.stringMatching(/^Digest realm="contoso.example".*algorithm=MD5.*qop="auth"/),
      expect.stringMatching(/^Digest realm="contoso.example".*algorithm=SHA-256.*qop="auth"/),
    ]);
    expect(answer.to.parameters.get("tag")).toBeTruthy();
  });

  it("step 3: challenges baresip 1.0.0 with MD5 alone, as it gives up on anything else", async () => {
    const request = { method: "REGISTER", uri: `sip:${adele.domain}`, to: `<${phone.aor}>` };
    phone.sendText(
      phone.build({ ...request, headers: ["User-Agent: baresip v1.0.0 (x86_64/linux)"] }),
    );
    const answer = await phone.response("REGISTER");
    expect(answer.headers.getAll("WWW-Authenticate")).toEqual([
      expect.stringContaining("algorithm=MD5"),
    ]);
  });

  it.each(["SHA-256", "MD5"])("step 3: takes a right digest of %s", async (algorithm) => {
    expect((await phone.register({}, algorithm)).status).toBe(200);
  });

  it("step 3: a wrong password and an unknown name get the same answer, never stale", async () => {
    const wrong = await (await gateway.phone({ ...adele, password: "guess" })).register();
    const unknown = await (
      await gateway.phone({ ...adele, authenticationName: "nobody" })
    ).register();
    for (const answer of [wrong, unknown]) {
      expect(answer.status).toBe(401);
      expect(answer.headers.get("WWW-Authenticate")).not.toContain("stale");
    }
    expect(await bindings()).toEqual([]);
  });

  it("step 3: after ten wrong passwords from an address none is heard for that account", async () => {
    const guesser = await gateway.phone({ ...adele, password: "guess" });
    for (let guess = 0; guess < 10; guess++) expect((await guesser.register()).status).toBe(401);
    expect((await guesser.register()).status).toBe(403);
    expect((await phone.register()).status).toBe(403);
  });

  it("step 4: refuses the AOR of another user", async () => {
    const bob = await gateway.addUser("bob", "+14255550101");
    const answer = await phone.call({
      method: "REGISTER",
      uri: `sip:${adele.domain}`,
      to: `<sip:${bob.user}@${bob.domain}>`,
    });
    expect(answer.status).toBe(403);
  });

  it("step 5: answers 404 for an AOR that does not exist", async () => {
    const answer = await phone.call({
      method: "REGISTER",
      uri: `sip:${adele.domain}`,
      to: `<sip:+19995550100@${adele.domain}>`,
    });
    expect(answer.status).toBe(404);
  });

  it("step 6: a REGISTER without Contact fetches the bindings and changes none", async () => {
    await phone.register();
    const answer = await phone.register({ contact: false });
    expect(answer.status).toBe(200);
    expect(contacts(answer)).toEqual([expect.stringContaining(phone.contactUri)]);
  });

  it("step 6: `*` with Expires: 0 removes every binding", async () => {
    await phone.register({ contact: false, headers: twoContacts("600") });
    const answer = await phone.register({ contact: false, headers: ["Contact: *", "Expires: 0"] });
    expect(answer.status).toBe(200);
    expect(contacts(answer)).toEqual([]);
    expect(await bindings()).toEqual([]);
  });

  it.each([
    ["without Expires", ["Contact: *"]],
    ["with another expiry", ["Contact: *", "Expires: 60"]],
    ["beside another Contact", ["Contact: *", "Contact: <sip:a@192.0.2.1>", "Expires: 0"]],
  ])("step 6: `*` %s is 400", async (_, headers) => {
    await phone.register();
    expect((await phone.register({ contact: false, headers })).status).toBe(400);
    expect(await bindings()).toHaveLength(1);
  });

  it("step 7: a Contact's expires beats the header, and neither means 1,800 seconds", async () => {
    const own = `Contact: <${phone.contactUri}>`;
    const asked = await phone.register({
      contact: false,
      headers: [`${own};expires=120`, "Expires: 600"],
    });
    expect(contacts(asked)[0]).toContain("expires=120");
    expect(contacts(await phone.register({ headers: ["Expires: 600"] }))[0]).toContain(
      "expires=600",
    );
    expect(contacts(await phone.register())[0]).toContain("expires=1800");
  });

  it("step 7: shortens what is longer than 3,300 seconds, and says so", async () => {
    const answer = await phone.register({ headers: ["Expires: 86400"] });
    expect(contacts(answer)[0]).toContain("expires=3300");
  });

  it("step 7: answers 423 and Min-Expires to what is too brief", async () => {
    const answer = await phone.register({ headers: ["Expires: 30"] });
    expect(answer.status).toBe(423);
    expect(answer.headers.get("Min-Expires")).toBe("60");
  });

  it("§10.2.1.1: treats a malformed expiry as an hour", async () => {
    const headers = [`Contact: <${phone.contactUri}>;expires=soon`];
    const answer = await phone.register({ contact: false, headers });
    expect(contacts(answer)[0]).toContain("expires=3300");
  });

  it("step 7: several Contacts are taken together or not at all", async () => {
    expect((await phone.register({ contact: false, headers: twoContacts("10") })).status).toBe(423);
    expect(await bindings()).toEqual([]);
    const answer = await phone.register({ contact: false, headers: twoContacts("600") });
    expect(contacts(answer)).toHaveLength(2);
    expect(await bindings()).toHaveLength(2);
  });

  it("step 7: a URI that §19.1.4 calls the same is the same binding", async () => {
    await phone.register({ contact: false, headers: ["Contact: <sip:%61dele@192.0.2.1;LR>"] });
    await phone.register({ contact: false, headers: ["Contact: <sip:adele@192.0.2.1;lr>"] });
    expect(await bindings()).toHaveLength(1);
  });

  it("step 7: refuses a lower CSeq of the same Call-ID as out of order, changing nothing", async () => {
    await phone.register({ callId: "same", cseq: 100, headers: ["Expires: 600"] });
    const late = await phone.register({ callId: "same", cseq: 50, headers: ["Expires: 0"] });
    expect(late.status).toBe(500);
    expect(await bindings()).toHaveLength(1);
  });

  it("step 8: lists all bindings with the seconds left, and the Date", async () => {
    const headers = [
      `Contact: <${phone.contactUri}>;q=0.5;+sip.instance="<urn:uuid:00000000-0000-1000-8000-805ec0aabbcc>";reg-id=1`,
    ];
    const answer = await phone.register({ contact: false, headers });
    expect(contacts(answer)).toEqual([
      `<${phone.contactUri}>;expires=1800;q=0.5;+sip.instance="<urn:uuid:00000000-0000-1000-8000-805ec0aabbcc>";reg-id=1`,
    ]);
    expect(answer.headers.get("Date")).toMatch(/GMT$/);
  });

  it("takes a soft phone that knows the gateway by its address only", async () => {
    const soft = await gateway.phone({ ...adele, domain: "127.0.0.1" });
    expect((await soft.register()).status).toBe(200);
    expect(await bindings()).toHaveLength(1);
  });

  it("refuses more Contacts than any phone has", async () => {
    const headers = Array.from({ length: 21 }, (_, n) => `Contact: <sip:a@192.0.2.${n + 1}>`);
    expect((await phone.register({ contact: false, headers })).status).toBe(400);
  });

  it("answers over TCP on the connection that the request came by", async () => {
    const stream = await gateway.phone(adele, "TCP");
    expect((await stream.register()).status).toBe(200);
    expect((await bindings())[0]?.flow.transport).toBe("TCP");
  });
});

describe("digest", () => {
  const request = () => ({
    method: "REGISTER",
    uri: `sip:${adele.domain}`,
    to: `<${phone.aor}>`,
    callId: "digest",
    cseq: phone.nextCSeq(),
  });

  async function challenge(): Promise<SipResponse> {
    phone.sendText(phone.build(request()));
    return phone.response("REGISTER");
  }

  it("RFC 7616 §3.4.6: a nonce count that was used is stale, a higher one is good", async () => {
    const first = await challenge();
    expect((await phone.retry(request(), first)).status).toBe(200);
    const replayed = await phone.retry(request(), first);
    expect(replayed.status).toBe(401);
    expect(replayed.headers.get("WWW-Authenticate")).toContain("stale=true");
    const next = await phone.retry(request(), first, "SHA-256", { nc: "00000002" });
    expect(next.status).toBe(200);
  });

  it("§17.1.2.2: a REGISTER that is repeated because its 200 was lost gets the 200 again", async () => {
    const first = await challenge();
    const uri = `sip:${adele.domain}`;
    const repeatedText = phone.build({
      ...{ ...request(), branch: "z9hG4bK-repeated" },
      headers: [phone.credentials(first, "REGISTER", uri)],
    });
    phone.sendText(repeatedText);
    const answer = await phone.response("REGISTER");
    phone.sendText(repeatedText);
    const again = await phone.response("REGISTER");
    expect([answer.status, again.status]).toEqual([200, 200]);
    expect(again.headers.getAll("Contact")).toEqual(answer.headers.getAll("Contact"));

    const elsewhere = await gateway.phone(adele);
    elsewhere.sendText(repeatedText);
    expect((await elsewhere.response("REGISTER")).status).toBe(401);
  });

  it("RFC 7616 §3.3: a nonce that is not ours is stale, when the digest is right", async () => {
    const answer = await phone.retry(request(), await challenge(), "SHA-256", {
      nonce: "0123456789abcdef",
    });
    expect(answer.status).toBe(401);
    expect(answer.headers.get("WWW-Authenticate")).toContain("stale=true");
  });

  it("answers credentials that are cut off with 400", async () => {
    phone.sendText(
      phone.build({
        ...request(),
        headers: ['Authorization: Digest username="x", realm="contoso.exa'],
      }),
    );
    expect((await phone.response("REGISTER")).status).toBe(400);
  });

  it("§8.2.7: a repeated request that waits is answered once, with the same To tag", async () => {
    const first = await challenge();
    const text = phone.build({
      ...request(),
      branch: "z9hG4bKsame",
      headers: [phone.credentials(first, "REGISTER", `sip:${adele.domain}`)],
    });
    phone.sendText(text);
    phone.sendText(text);
    expect((await phone.response("REGISTER")).status).toBe(200);
    await phone.register();
    expect(phone.received).toEqual([]);
  });
});

describe("a REGISTER repeated", () => {
  it("§17.1.2.2: is answered again within 64 × T1, changing nothing, and is a replay after", async () => {
    const clock = new FakeClock();
    const later = await TestGateway.open({}, clock);
    try {
      const bob = await later.addUser("bob", "+14255550101");
      const desk = await later.phone(bob);
      const uri = `sip:${bob.domain}`;
      const register = { method: "REGISTER", uri, to: `<${desk.aor}>`, callId: "same" };
      desk.sendText(desk.build({ ...register, cseq: 1 }));
      const challenge = await desk.response("REGISTER");
      const text = desk.build({
        ...register,
        cseq: 2,
        headers: ["Expires: 600", desk.credentials(challenge, "REGISTER", uri)],
      });
      const statusAndExpiry = async () => {
        desk.sendText(text);
        const answer = await desk.response("REGISTER");
        return [
          answer.status,
          ...contacts(answer).map((text) => text.slice(text.indexOf(";expires"))),
        ];
      };
      expect(await statusAndExpiry()).toEqual([200, ";expires=600"]);
      clock.advance(31_000);
      expect(await statusAndExpiry()).toEqual([200, ";expires=569"]);
      clock.advance(1_000);
      expect(await statusAndExpiry()).toEqual([401]);
    } finally {
      const stopped = later.stop();
      await clock.advanceAsync(1000);
      await stopped;
    }
  });
});

describe("a phone that rebooted", () => {
  it("is let in with its old Call-ID and a CSeq that counts anew", async () => {
    const clock = new FakeClock();
    const later = await TestGateway.open({}, clock);
    try {
      const desk = await later.phone(await later.addUser("bob", "+14255550101"));
      expect((await desk.register({ callId: "same", cseq: 100 })).status).toBe(200);
      clock.advance(33_000);
      const rebooted = await desk.register({ callId: "same", cseq: 1 });
      expect(rebooted.status).toBe(200);
      expect(contacts(rebooted)).toHaveLength(1);
    } finally {
      const stopped = later.stop();
      await clock.advanceAsync(1000);
      await stopped;
    }
  });
});

describe("overload", () => {
  it("turns registrations on a connection away with 503 and Retry-After, and drops them on UDP", async () => {
    const full = await TestGateway.open({ mostRegistrationsInProgress: 0 });
    try {
      const account = await full.addUser("bob", "+14255550101");
      const answer = await (await full.phone(account, "TCP")).register();
      expect(answer.status).toBe(503);
      expect(answer.headers.has("Retry-After")).toBe(true);

      const desk = await full.phone(account);
      const request = { method: "REGISTER", uri: `sip:${desk.account.domain}`, cseq: 1 };
      desk.sendText(desk.build(request));
      const challenge = await desk.response("REGISTER");
      const headers = [desk.credentials(challenge, "REGISTER", request.uri)];
      desk.sendText(desk.build({ ...request, cseq: 2, headers }));
      desk.sendText(desk.build({ method: "OPTIONS", uri: request.uri }));
      await desk.response("OPTIONS");
      expect(desk.received).toEqual([]);
    } finally {
      await full.stop();
    }
  });

  it.each([
    ["Contact", [`Contact: <sip:${"a".repeat(2000)}@192.0.2.1>`]],
    ["Path", ["Supported: path", `Path: <sip:${"a".repeat(2000)}@192.0.2.1;lr>`]],
  ])("keeps no %s longer than any phone has", async (name, headers) => {
    expect((await phone.register({ contact: name !== "Contact", headers })).status).toBe(400);
    expect(await bindings()).toEqual([]);
  });
});

describe("outbound (RFC 5626)", () => {
  const flowContact = (desk: SipTestPhone) => [
    `Contact: <${desk.contactUri}>;+sip.instance="<urn:uuid:1>";reg-id=1`,
    "Supported: path, outbound",
  ];

  it("§6: says Require: outbound for a flow on a connection, not on UDP, which would want STUN", async () => {
    const stream = await gateway.phone(adele, "TCP");
    const options = (desk: SipTestPhone) => ({ contact: false, headers: flowContact(desk) });
    const onStream = await stream.register(options(stream));
    expect(onStream.headers.get("Require")).toBe("outbound");
    const onUdp = await phone.register(options(phone));
    expect(onUdp.headers.has("Require")).toBe(false);
  });

  it("§6: answers 439 when the first hop keeps no flow", async () => {
    const stream = await gateway.phone(adele, "TCP");
    const via = "Via: SIP/2.0/TCP 192.0.2.77;branch=z9hG4bKfirsthop";
    const headers = [...flowContact(stream), via];
    const without = await stream.register({ contact: false, headers });
    expect(without.status).toBe(439);
    const path = "Path: <sip:edge@192.0.2.77;lr;ob>";
    const kept = await stream.register({ contact: false, headers: [...headers, path] });
    expect(kept.status).toBe(200);
  });
});

describe("Path (RFC 3327)", () => {
  it("§5.3: keeps and returns it for a phone that supports it", async () => {
    const answer = await phone.register({
      headers: ["Supported: path", "Path: <sip:edge.example;lr>"],
    });
    expect(answer.headers.getAll("Path")).toEqual(["<sip:edge.example;lr>"]);
    expect((await bindings())[0]?.path).toEqual(["<sip:edge.example;lr>"]);
  });

  it("§5.3: answers 421 to a phone that does not say it supports it", async () => {
    const answer = await phone.register({ headers: ["Path: <sip:edge.example;lr>"] });
    expect(answer.status).toBe(421);
    expect(answer.headers.get("Require")).toBe("path");
  });
});

describe("onboarding accounts", () => {
  it("register the AOR of their MAC, with a line in the device's history", async () => {
    const device = await gateway.addDevice("80:5e:c0:aa:bb:cc");
    const desk = await gateway.phone(device);
    expect((await desk.register()).status).toBe(200);
    expect((await desk.register()).status).toBe(200);
    await desk.register({ headers: ["Expires: 0"] });
    const page = await gateway.stores.history.list(gateway.tenant.id, device.macAddress, {
      limit: 10,
    });
    expect(page.items.map((event) => event.kind)).toEqual(["unregistered", "registered", "added"]);
  });

  it("are nothing for a MAC that nobody entered, or issued before the last reset", async () => {
    const device = await gateway.addDevice("80:5e:c0:aa:bb:cc");
    const stranger = await gateway.phone({
      ...device,
      ...gateway.onboardingAccounts.issue(device.macAddress, 1000),
    });
    expect((await stranger.register()).status).toBe(401);
    await gateway.stores.devices.remove(gateway.tenant.id, device.macAddress);
    expect((await (await gateway.phone(device)).register()).status).toBe(401);
  });

  it("may not register the AOR of another MAC, and the attempt is in the device's history", async () => {
    const device = await gateway.addDevice("80:5e:c0:aa:bb:cc");
    const other = await gateway.addDevice("80:5e:c0:aa:bb:dd");
    const thief = await gateway.phone({ ...device, user: other.user });
    expect((await thief.register()).status).toBe(403);
    await gateway.phone(device).then((desk) => desk.register());
    const page = await gateway.stores.history.list(gateway.tenant.id, device.macAddress, {
      limit: 10,
    });
    expect(page.items.map((event) => event.kind)).toContain("refused");
  });

  it("writes a stranger's AOR into the history cut, and with nothing that moves or hides text", async () => {
    const user = `%E2%80%AE%0D%0A%00%E2%80%A8x${"a".repeat(1000)}`;
    expect(await told(user, "wrong")).toMatch(
      /^REGISTER in the name of sip:\?{5}xa{100,120}… from /,
    );
  });

  /** What the history of an enrolled device says of a wrong password for this AOR. */
  async function told(user: string, password: string): Promise<string> {
    const device = await gateway.addDevice("80:5e:c0:aa:bb:ee");
    const { devices, history } = gateway.stores;
    const state = "waiting-for-sign-in";
    await changeDevice(devices, gateway.tenant.id, device.macAddress, (now) => ({ ...now, state }));
    const stranger = await gateway.phone({ ...device, user, password });
    expect((await stranger.register()).status).toBe(401);
    // It is written after the answer.
    return vi.waitFor(async () => {
      const { items } = await history.list(gateway.tenant.id, device.macAddress, { limit: 10 });
      const line = items.find(({ kind }) => kind === "refused");
      if (line === undefined) throw new Error("not yet");
      return line.text;
    });
  }
});

describe("when the storage does not answer", () => {
  it("answers 503 with Retry-After, never 200", async () => {
    await phone.register();
    await gateway.stores.stop();
    const answer = await phone.register();
    expect(answer.status).toBe(503);
    expect(Number(answer.headers.get("Retry-After"))).toBeGreaterThan(0);
  });
});
