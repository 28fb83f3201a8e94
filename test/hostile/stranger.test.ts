import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { AdminClient } from "../support/admin-client.ts";
import { GatewayProcess } from "../support/gateway-process.ts";
import { adele, type EnrolledPhone, enrolPhone, signInOn } from "../support/signed-in-phone.ts";
import { SipTestPhone, type TestAccount } from "../support/sip-test-phone.ts";
import { waitUntil } from "../support/wait-until.ts";
import { readYealinkAccount } from "../support/yealink-configuration.ts";
import { Stranger, strangerAddress } from "./stranger.ts";

interface HistoryLine {
  readonly kind: string;
  readonly text: string;
}

const aor = `sip:${adele.phoneNumber}@contoso.example`;
const from = strangerAddress.replaceAll(".", "\\.");
/** More than a device's history takes in a day, and fewer than it keeps. */
const manyTimes = 60;

let gateway: GatewayProcess;
let admin: AdminClient;
let victim: EnrolledPhone;
let stranger: Stranger;
/** What he was given before the phone was enrolled, when anybody is. */
let given: ReturnType<typeof readYealinkAccount>;
let before: unknown;

beforeAll(async () => {
  gateway = await GatewayProcess.start({ environment: { LAB: "true" } });
  admin = new AdminClient(gateway);
  stranger = new Stranger(gateway);
  // The MAC address of the phone that `enrolPhone` takes.
  const early = await stranger.fetchAsPhone("/noam/805ec0000001.cfg", "805ec0000001");
  given = readYealinkAccount(early.body);
  victim = await enrolPhone(gateway);
  expect(victim.macAddress).toBe("805ec0000001");
  await signInOn(victim, adele);
  before = await standing();
  stranger.heard.length = 0;
});

afterAll(async () => {
  await victim?.phone.stop();
  await gateway?.stop();
});

/** Whatever he did: adele's account, binding and registration are as before. */
afterEach(async () => expect(await standing()).toEqual(before));

async function get(path: string): Promise<unknown> {
  const headers = { authorization: `Bearer ${gateway.token}` };
  return (await fetch(`${gateway.adminUrl}/api/v1${path}`, { headers })).json();
}

/** What must stay: who is signed in, with which account, and where he is reached. */
async function standing(): Promise<unknown> {
  const { state, user, online, model, ipAddress } = (await get(
    `/devices/${victim.macAddress}`,
  )) as Record<string, unknown>;
  const { items } = (await get(`/registrations?mac=${victim.macAddress}`)) as {
    items: readonly Record<string, unknown>[];
  };
  const bindings = items.map(({ refreshedAt: _, expiresAt: __, ...binding }) => binding);
  const { account, registration } = victim.phone;
  const { kind } = registration;
  return { state, user, online, model, ipAddress, bindings, account, registration: kind };
}

async function history(): Promise<readonly HistoryLine[]> {
  const path = `/devices/${victim.macAddress}/events?limit=500`;
  return ((await get(path)) as { items: readonly HistoryLine[] }).items;
}

async function expectInHistory(kind: string, text: RegExp): Promise<void> {
  await waitUntil(
    async () =>
      (await history()).find((line) => line.kind === kind && text.test(line.text)) ?? undefined,
    { what: `The history holds a line of ${kind} like ${text}` },
  );
}

/** As adele's phone, with everything that it knows: what somebody on its way hears. */
async function overhear(method: "REGISTER" | "INVITE") {
  const { account } = victim.phone;
  if (account === undefined) throw new Error("The phone has no account.");
  const phone = await SipTestPhone.open(gateway.sipPort, account);
  try {
    const uri = method === "REGISTER" ? "sip:contoso.example" : "sip:+15550000000@contoso.example";
    const request = { method, uri, to: `<${aor}>`, contact: method !== "REGISTER" };
    const callId = `overheard-${method}`;
    phone.sendText(phone.build({ ...request, callId, cseq: 1 }));
    const challenge = await phone.response(method, callId);
    const digest = phone.credentials(challenge, method, uri);
    phone.sendText(phone.build({ ...request, callId, cseq: 2, headers: [digest] }));
    await phone.response(method, callId);
    return { uri, digest };
  } finally {
    await phone.close();
  }
}

/** He knows whose phone it is, and no password. */
const nobody: TestAccount = {
  user: adele.phoneNumber,
  domain: "contoso.example",
  authenticationName: "adele",
  password: "a guess",
};

describe("a stranger who knows the MAC address of a phone that adele is signed in on", () => {
  it("is given nothing at the plain URL, in any region and by any name", async () => {
    for (const path of ["/805ec0000001.cfg", "/emea/805ec0000001.cfg", "/apac/805EC0000001.cfg"]) {
      expect((await stranger.fetchAsPhone(path, victim.macAddress)).status).toBe(403);
    }
    await expectInHistory("configuration-refused", new RegExp(`to ${from}: The phone is enrolled`));
  });

  it("is given nothing at a next URL from before the enrolment, nor at an invented one", async () => {
    const old = given.settings.get("static.auto_provision.server.url") ?? "";
    expect(old).toMatch(/\/device\/[^/]+\/$/);
    const invented = `${old.slice(0, -2)}AA/`;
    for (const url of [old, invented]) {
      const reply = await stranger.fetchAsPhone(`${url}805ec0000001.cfg`, victim.macAddress);
      expect(reply.status).toBe(403);
    }
    await expectInHistory("configuration-refused", new RegExp(`to ${from}: The secret in the URL`));
  });

  it("is shown no page of the phone's screen, and signs nobody out on one", async () => {
    const own = given.settings.get("programablekey.2.value") ?? "";
    expect(own).toMatch(/\/device\/[^/]+\/screen\/yealink\/805ec0000001\/menu$/);
    const invented = own.replace(/..(?=\/screen\/)/, "AA");
    for (const menu of [own, invented]) {
      for (const page of ["menu", "sign-in", "provision?code=123456", "sign-out?confirm=yes"]) {
        const reply = await stranger.fetchAsPhone(menu.replace(/menu$/, page), victim.macAddress);
        expect(reply.status).toBe(403);
      }
    }
    await expectInHistory("configuration-refused", new RegExp(`to ${from}: The secret in the URL`));
  });

  it("cannot register with the account that he was given before the enrolment", async () => {
    const answer = await stranger.sip(given, (phone) => phone.register());
    expect(answer.status).toBe(401);
    await expectInHistory(
      "refused",
      new RegExp(`^REGISTER in the name of sip:805ec0000001@.* from ${from} `),
    );
  });

  it("cannot type a code for it: it waits for none", async () => {
    const url = new URL("/activation", gateway.provisioningUrl);
    const body = JSON.stringify({ macAddress: victim.macAddress, verificationCode: "123456" });
    const headers = { "content-type": "application/json" };
    expect((await stranger.fetch(url, { method: "POST", headers, body })).status).toBe(403);
    await expectInHistory("refused", new RegExp(`code was typed from ${from} and not heard`));
  });

  it("guesses no pairing code; that belongs to no device, and stands in the log and a metric", async () => {
    await victim.administrator.addDevice("805ec0000099", "Elsewhere");
    for (const code of ["BCDFGHJKL", "MNPQRSTVW", "XZBCDFGHJ"]) {
      expect(await stranger.guessPairingCode(code)).toContain("There is no such pairing code");
    }
    expect(await admin.metrics()).toMatch(/^sip_gateway_wrong_pairing_codes_total 3$/m);
    expect(gateway.output).toMatch(new RegExp(`"address":"${from}".*A pairing code that there is`));
  });

  it("registers nothing by a digest that he overheard, with his own Contact in it", async () => {
    const { uri, digest } = await overhear("REGISTER");
    const answer = await stranger.sip(nobody, async (phone) => {
      const request = { method: "REGISTER", uri, to: `<${aor}>`, headers: [digest] };
      phone.sendText(phone.build(request));
      return phone.response("REGISTER");
    });
    expect(answer.status).toBe(401);
    await expectInHistory("refused", new RegExp(`^REGISTER as .* from ${from} .*used before`));
  });

  it("calls nobody by a digest that he overheard", async () => {
    const { uri, digest } = await overhear("INVITE");
    const answer = await stranger.sip(nobody, async (phone) => {
      phone.sendText(phone.build({ method: "INVITE", uri, headers: [digest] }));
      return phone.response("INVITE");
    });
    expect(answer.status).toBe(407);
    await expectInHistory("refused", new RegExp(`^INVITE as .* from ${from} .*used before`));
  });

  it("registers nothing, and ends nothing, for adele's AOR with a guessed password", async () => {
    for (const headers of [["Expires: 300"], ["Expires: 0"]]) {
      const answer = await stranger.sip(nobody, (phone) => phone.register({ headers }));
      expect(answer.status).toBe(401);
    }
    await expectInHistory("refused", new RegExp(`^REGISTER in the name of .* from ${from} `));
  });

  it("registers nothing for adele's AOR with an account of his own", async () => {
    const [own] = await admin.sampleUsers(1, 1);
    if (own === undefined) throw new Error("no sample user");
    const answer = await stranger.sip(own, (phone) => phone.register({ to: `<${aor}>` }));
    expect(answer.status).toBe(403);
    await expectInHistory("refused", new RegExp(`from ${from} .*with another's account`));
  });

  it("sends adele's phone no NOTIFY by way of the gateway, neither alone nor in an invented dialog", async () => {
    const { notifies, requests } = victim;
    const heardBefore = { notifies: notifies.length, requests: requests.length };
    for (const to of [`<${aor}>`, `<${aor}>;tag=invented`]) {
      const answer = await stranger.sip(nobody, async (phone) => {
        const headers = ["Event: check-sync;reboot=true", "Subscription-State: terminated"];
        phone.sendText(phone.build({ method: "NOTIFY", uri: aor, to, headers }));
        return phone.response("NOTIFY");
      });
      expect(answer.status).toBe(481);
    }
    await expectInHistory("refused", new RegExp(`^NOTIFY for .* from ${from} was refused`));
    expect({ notifies: notifies.length, requests: requests.length }).toEqual(heardBefore);
  });

  it("washes nothing out of the history, however often he tries", async () => {
    const old = given.settings.get("static.auto_provision.server.url") ?? "";
    await stranger.sip(nobody, async (phone) => {
      for (let time = 0; time < manyTimes; time++) {
        for (const url of ["/emea/", old]) {
          await stranger.fetchAsPhone(`${url}805ec0000001.cfg`, victim.macAddress);
        }
        const method = `NOTIFY`;
        phone.sendText(phone.build({ method, uri: aor, to: `<${aor}>`, headers: ["Event: x"] }));
        await phone.response(method);
      }
      phone.sendText(phone.build({ method: "OPTIONS", uri: "sip:contoso.example" }));
      return phone.response("OPTIONS");
    });
    const kinds = (await history()).map(({ kind }) => kind);
    expect(kinds).toEqual(expect.arrayContaining(["added", "enrolled", "signed-in"]));
    const refusals = kinds.filter((kind) => kind === "refused" || kind === "configuration-refused");
    // One for each reason that the tests above have seen.
    expect(refusals.length).toBeLessThanOrEqual(10);
  });

  it("is counted by kind, and phones that only renew an old nonce are not", async () => {
    const counted = async (kind: string): Promise<number> => {
      const series = `sip_gateway_refused_requests_total{kind="${kind}"} `;
      const line = (await admin.metrics()).split("\n").find((text) => text.startsWith(series));
      return Number(line?.slice(series.length) ?? 0);
    };
    expect(await counted("used-digest")).toBe(2);
    expect(await counted("foreign-aor")).toBe(1);
    expect(await counted("stray-notify")).toBe(2 + manyTimes);
    expect(await counted("wrong-digest")).toBe(3);
  });

  it("was told no secret", () => {
    const { account } = victim.phone;
    const told = stranger.heard.join("\n");
    expect(told.length).toBeGreaterThan(1000);
    for (const secret of [account?.password, account?.authenticationName, adele.password]) {
      expect(secret).toBeTruthy();
      expect(told).not.toContain(secret);
    }
    expect(told).not.toMatch(/\/device\//);
    expect(told).not.toContain(adele.displayName);
  });

  it("left nothing of what he said in the history, and no fault at the phone", async () => {
    expect(victim.faults).toEqual([]);
    expect(await history()).not.toContainEqual(
      expect.objectContaining({ text: expect.stringContaining("a guess") }),
    );
  });
});
