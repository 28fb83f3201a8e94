import { once } from "node:events";
import { createConnection } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SipResponse } from "../../sip/message/sip-message.ts";
import { AdminClient } from "../support/admin-client.ts";
import { GatewayProcess } from "../support/gateway-process.ts";
import { SipTestPhone, type TestRequest } from "../support/sip-test-phone.ts";
import { waitUntil } from "../support/wait-until.ts";
import { fetchYealinkAccount } from "../support/yealink-configuration.ts";

const dialling = "80:5e:c0:5e:c4:01";
const typing = "80:5e:c0:5e:c4:02";
const wrongPassword = "a-wrong-password-that-was-tried";
const wrongToken = "a-wrong-token-that-was-tried";
const wrongCodes = ["918273", "546372"];

let gateway: GatewayProcess;
let admin: AdminClient;
/** What must appear nowhere, by what it is. */
const secrets = new Map<string, string>();
/** Everything that an administrator was shown. */
const shown: string[] = [];

beforeAll(async () => {
  gateway = await GatewayProcess.start({ environment: { LOG_LEVEL: "trace" } });
  admin = new AdminClient(gateway);
  secrets.set("administrator's token", gateway.token);
  secrets.set("wrong token", wrongToken);
  secrets.set("wrong password", wrongPassword);
  for (const code of wrongCodes) secrets.set(`wrong code ${code}`, code);
});

afterAll(() => gateway?.stop());

/** Sends, answers the challenge, and notes every part of the digest as a secret. */
async function prove(
  phone: SipTestPhone,
  request: TestRequest,
  what: string,
  changes: Record<string, string> = {},
): Promise<SipResponse> {
  const callId = `secrets-${what.replaceAll(" ", "-")}`;
  const first = { ...request, callId, cseq: phone.nextCSeq() };
  phone.sendText(phone.build(first));
  const challenge = await phone.response(request.method, callId);
  const digest = phone.credentials(challenge, request.method, request.uri, "SHA-256", changes);
  for (const part of ["nonce", "response"]) {
    const value = new RegExp(`\\b${part}="([^"]+)"`).exec(digest)?.[1];
    if (value === undefined) throw new Error(`No ${part} in ${digest}`);
    secrets.set(`${part} of ${what}`, value);
  }
  const branch = `z9hG4bK${callId}`;
  const again = {
    ...request,
    callId,
    cseq: phone.nextCSeq(),
    headers: [...(request.headers ?? []), digest],
  };
  phone.sendText(phone.build({ ...again, branch }));
  const answer = await phone.response(request.method, callId);
  if (request.method === "INVITE" && answer.status >= 300) phone.acknowledge(again, answer, branch);
  return answer;
}

async function fetchAccount(macAddress: string, what: string) {
  const account = await fetchYealinkAccount(gateway.provisioningUrl, "noam", macAddress);
  secrets.set(`password of ${what}`, account.password);
  const nextUrl = account.settings.get("static.auto_provision.server.url") ?? "";
  const secret = /\/device\/([^/]+)/.exec(nextUrl)?.[1];
  if (secret === undefined) throw new Error(`No secret in ${nextUrl}`);
  secrets.set(`next URL of ${what}`, secret);
  return { account, nextUrl };
}

function activate(macAddress: string, verificationCode: string): Promise<Response> {
  return fetch(`${gateway.provisioningUrl}/activation`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ macAddress, verificationCode }),
  });
}

async function show(path: string): Promise<void> {
  const reply = await fetch(`${gateway.adminUrl}${path}`, {
    headers: { authorization: `Bearer ${gateway.token}` },
  });
  expect(reply.status).toBe(200);
  shown.push(await reply.text());
}

describe("the whole life of two devices at LOG_LEVEL=trace", () => {
  it("passes: configuration, registration, wrong password, wrong codes, enrolment, admin calls", async () => {
    const headers = { authorization: `Bearer ${wrongToken}` };
    await fetch(`${gateway.adminUrl}/api/v1/devices`, { headers });
    await fetch(`${gateway.adminUrl}/api/v1/devices?token=${wrongToken}`);
    await admin.addDevice(dialling);
    await admin.addDevice(typing);
    const code = await admin.generateCode(dialling);
    const typed = await admin.generateCode(typing);
    secrets.set("code that is dialled", code);
    secrets.set("code that is typed", typed);

    const { account, nextUrl } = await fetchAccount(dialling, "the device that dials");
    const userAgent = { "user-agent": "Yealink SIP-T46S 66.86.0.15 80:5e:c0:5e:c4:01" };
    for (const file of ["805ec05ec401.cfg", "805ec05ec401.boot", "nothing.here", "%00", "../x"]) {
      await (await fetch(`${nextUrl}${file}`, { headers: userAgent })).text();
    }

    const phone = await SipTestPhone.open(gateway.sipPort, account);
    const register = { method: "REGISTER", uri: `sip:${account.domain}`, to: `<${phone.aor}>` };
    const refused = await prove(phone, register, "wrong password", { password: wrongPassword });
    expect(refused.status).toBe(401);
    expect((await prove(phone, register, "registration")).status).toBe(200);

    const dial = (digits: string) => ({
      method: "INVITE",
      uri: `sip:*55*${digits}@${account.domain}`,
    });
    const wrong = await prove(phone, dial(wrongCodes[0] ?? ""), "wrong code");
    expect(wrong.reason).toBe("Wrong verification code");
    phone.sendText(phone.build(dial(code)).replace("Max-Forwards: 70", "Max-Forwards: x"));
    const enrolled = await prove(phone, dial(code), "enrolment");
    expect(enrolled.status).toBe(200);
    phone.sendText(phone.buildInDialog("ACK", enrolled, enrolled.cseq.number));
    phone.respond(await phone.incoming("BYE"), 200);
    await phone.close();
  });

  it("passes: a code that is typed on the screen, wrong and right, and bodies that are broken", async () => {
    await fetchAccount(typing, "the device that types");
    const code = secrets.get("code that is typed") ?? "";
    expect((await activate(typing, wrongCodes[1] ?? "")).status).toBe(403);
    await fetch(`${gateway.provisioningUrl}/activation`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: `{"macAddress":"${typing}","verificationCode":"${code}"`,
    });
    expect((await activate(typing, code)).status).toBe(200);
  });

  it("an enrolled phone's account is given to no forged secret, nor to another phone's", async () => {
    const own = secrets.get("next URL of the device that dials") ?? "";
    const forged = `${own.slice(0, -1)}${own.endsWith("A") ? "B" : "A"}`;
    secrets.set("forged next URL", forged);
    const others = secrets.get("next URL of the device that types") ?? "";
    const ask = async (folder: string) => {
      const url = `${gateway.provisioningUrl}/noam/${folder}805ec05ec401.cfg`;
      const headers = { "user-agent": "Yealink SIP-T46S 66.86.0.15 80:5e:c0:5e:c4:01" };
      const reply = await fetch(url, { headers });
      return { status: reply.status, text: await reply.text() };
    };
    expect((await ask(`device/${own}/`)).status).toBe(200);
    for (const secret of [forged, others]) {
      expect(await ask(`device/${secret}/`)).toEqual({
        status: 403,
        text: "The secret in the URL is not the one of this enrolled phone.\n",
      });
    }
    expect((await ask("")).status).toBe(403);
  });

  it("passes: what breaks off, and what is no request", async () => {
    for (const url of [gateway.adminUrl, gateway.provisioningUrl]) {
      const socket = createConnection(Number(new URL(url).port), "127.0.0.1");
      await once(socket, "connect");
      socket.write(
        `GET /api/v1/devices HTTP/1.1\r\nAuthorization: Bearer ${gateway.token}\r\nBad\r\n\r\n`,
      );
      await once(socket, "data");
      socket.destroy();
    }
    for (const path of ["calls", "registrations", "devices", "openapi.json"]) {
      await show(`/api/v1/${path}`);
    }
    await show(`/api/v1/devices/${dialling}/events`);
    await show(`/api/v1/devices/${typing}/events`);
    await show("/metrics");
  });
});

describe("afterwards", () => {
  it("the log has been written, and none of it was cut off here", async () => {
    await waitUntil(async () => gateway.output.includes("/activation") || undefined, {
      what: "The log arrived",
    });
    expect(gateway.output).toContain('"level":"debug"');
    expect(gateway.output.length).toBeLessThan(199_000);
    expect(secrets.size).toBeGreaterThan(14);
  });

  it("no secret stands in the log", () => {
    expect(found(gateway.output)).toEqual([]);
  });

  it("no secret stands in events, calls, registrations, the device list or metrics", () => {
    expect(shown).toHaveLength(7);
    expect(shown.flatMap(found)).toEqual([]);
  });

  function found(text: string): string[] {
    return [...secrets].flatMap(([what, secret]) => {
      // Six digits can be part of a longer number by chance.
      const digits = /^[0-9]+$/.test(secret);
      const match = digits
        ? new RegExp(`(?<![0-9])${secret}(?![0-9])`).exec(text)
        : text.includes(secret) || undefined;
      return match ? [what] : [];
    });
  }
});
