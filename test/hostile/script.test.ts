import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SipTestPhone } from "../support/sip-test-phone.ts";
import { BesiegedGateway } from "./besieged-gateway.ts";

const script = "<script>alert(document.cookie)</script>";
const macAddress = "80:5e:c0:5c:41:01";

let gateway: BesiegedGateway;

beforeAll(async () => {
  gateway = await BesiegedGateway.start({ LOG_LEVEL: "trace" });
});

afterAll(() => gateway?.stop());

async function read(path: string): Promise<Response> {
  const reply = await fetch(`${gateway.process.adminUrl}/api/v1${path}`, {
    headers: { authorization: `Bearer ${gateway.process.token}` },
  });
  expect(reply.status).toBe(200);
  expect(reply.headers.get("x-content-type-options")).toBe("nosniff");
  return reply;
}

async function readJson(path: string): Promise<unknown> {
  const reply = await read(path);
  expect(reply.headers.get("content-type")).toMatch(/^application\/json\b/);
  return reply.json();
}

describe("script from phones", () => {
  it("in User-Agent, From and Call-ID of a REGISTER: inert JSON", async () => {
    const phone = await SipTestPhone.open(gateway.sipPort, gateway.account);
    const answer = await phone.call({
      method: "REGISTER",
      uri: `sip:${gateway.account.domain}`,
      to: `"${script}" <${phone.aor}>`,
      from: `"${script}" <${phone.aor}>;tag=1`,
      callId: `${script}@phone`,
      headers: [`User-Agent: ${script}`],
    });
    expect(answer.status).toBe(200);
    expect(await readJson("/registrations")).toMatchObject({
      items: [{ userAgent: script, callId: `${script}@phone` }],
    });
    await phone.close();
  });

  it("in the User-Agent, the file name and the Host of an HTTP request: inert JSON, plain text", async () => {
    await gateway.admin.addDevice(macAddress);
    const userAgent = `Yealink SIP-T46S 66.86.0.15 80:5e:c0:5c:41:01 ${script}`;
    const reply = await fetch(`${gateway.process.provisioningUrl}/noam/805ec05c4101.cfg`, {
      headers: { "user-agent": userAgent },
    });
    expect(reply.status).toBe(200);
    const missing = await fetch(
      `${gateway.process.provisioningUrl}/noam/${encodeURIComponent(script)}`,
      { headers: { "user-agent": userAgent } },
    );
    expect(missing.headers.get("content-type")).toMatch(/^text\/plain/);
    expect(await readJson(`/devices/${macAddress}`)).toMatchObject({
      lastRequest: { userAgent: expect.stringContaining(script) },
    });
    await readJson(`/devices/${macAddress}/events`);
    await readJson("/calls");
  });

  it("control characters of a User-Agent reach neither the log nor the API", async () => {
    const phone = await SipTestPhone.open(gateway.sipPort, gateway.account);
    const answer = await phone.call({
      method: "REGISTER",
      uri: `sip:${gateway.account.domain}`,
      to: `<${phone.aor}>`,
      headers: ["User-Agent: Phone\u001b[2J\u0007\u0085 1.0"],
    });
    await phone.close();
    expect([200, 400, 401]).toContain(answer.status);
    expect(gateway.process.output).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f]/);
  });
});

describe("formulas from administrators", () => {
  it.each(["=cmd|'/c calc'!A1", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", '=1+1","x\r\n=2+2'])(
    "the location %j is no formula in the exported CSV",
    async (location) => {
      const reply = await fetch(`${gateway.process.adminUrl}/api/v1/devices/${macAddress}`, {
        method: "PATCH",
        headers: {
          authorization: `Bearer ${gateway.process.token}`,
          "content-type": "application/json",
        },
        body: JSON.stringify({ location }),
      });
      expect([200, 400]).toContain(reply.status);
      await gateway.admin.generateCode(macAddress);
      const export_ = await read("/verification-codes/export.csv");
      expect(export_.headers.get("content-type")).toMatch(/^text\/csv\b/);
      expect(export_.headers.get("content-disposition")).toMatch(/^attachment/);
      expect(await export_.text()).not.toMatch(/(?:^|,)"?[=+\-@\t]/m);
    },
  );
});
