import type { FastifyInstance } from "fastify";
import pino from "pino";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createProvisioningServer } from "../../provisioning-http/provisioning-server.ts";
import { RecordingDirectory, sampleConfiguration } from "./recording-directory.ts";

const yealinkAgent = "Yealink SIP-T46S 66.86.0.15 80:5e:c0:aa:bb:cc";
const polyAgent = "FileTransport PolycomVVX-VVX_400-UA/5.9.5.7430 Type/Application";
const ciscoAgent = "Cisco-CP-8841-3PCC/11.3.5 (00562b043615)";
const file = "/emea/805ec0aabbcc.cfg";

let directory: RecordingDirectory;
let server: FastifyInstance;
let nowMilliseconds: number;
let logged: string[];

beforeEach(() => {
  directory = new RecordingDirectory();
  nowMilliseconds = 1_800_000_000_000;
  logged = [];
  server = createProvisioningServer({
    directory,
    regions: ["noam", "emea", "apac"],
    nowMilliseconds: () => nowMilliseconds,
    requestsPerMinute: 20,
    activation: async ({ macAddress, verificationCode, address }) => {
      if (verificationCode === "000000") throw new Error("database password is hunter2");
      if (verificationCode !== "123456") {
        return { status: 429, reason: "Too many wrong codes", retryAfterSeconds: 60 };
      }
      return { status: 200, tenantName: `Contoso ${macAddress} ${address}` };
    },
    logger: pino({ level: "info" }, { write: (line: string) => logged.push(line) }),
  });
});

afterEach(() => server.close());

function get(url: string, headers: Record<string, string> = {}, method: "GET" | "HEAD" = "GET") {
  return server.inject({
    method,
    url,
    headers: { host: "192.0.2.10:8080", "user-agent": yealinkAgent, ...headers },
  });
}

describe("a phone's configuration", () => {
  test("is what the directory says, in the phone's own format", async () => {
    const response = await get("/emea/lang_de/device/n3xt-s3cret/805ec0aabbcc.cfg");
    expect(response.statusCode).toBe(200);
    expect(response.headers["content-type"]).toBe("text/plain; charset=utf-8");
    expect(response.headers["cache-control"]).toBe("no-store");
    expect(response.headers["content-length"]).toBe(String(response.rawPayload.length));
    expect(response.body).toContain("account.1.user_name = +4989123456");
    expect(directory.asked).toEqual([
      {
        phone: {
          vendor: "yealink",
          mac: "805ec0aabbcc",
          model: "T46S",
          firmware: "66.86.0.15",
          bootStage: false,
        },
        compatibility: { supported: true },
        file: "configuration",
        region: "emea",
        language: "de",
        tenantId: undefined,
        secret: "n3xt-s3cret",
        path: "/emea/lang_de/device/***/805ec0aabbcc.cfg",
        method: "GET",
        userAgent: yealinkAgent,
        address: "127.0.0.1",
      },
    ]);
    expect(directory.recorded).toHaveLength(1);
    expect(directory.recorded[0]?.outcome).toEqual({ status: 200, note: undefined });
  });

  test.each([
    ["/noam/$PSN.xml", ciscoAgent, "text/xml; charset=utf-8", "<User_ID_1_"],
    ["/noam/%24PSN.xml", ciscoAgent, "text/xml; charset=utf-8", "<User_ID_1_"],
    ["/Cisco/CP-8841-3PCC/00562b043615.cfg", ciscoAgent, "text/xml; charset=utf-8", "<User_ID_1_"],
    ["/lang_ja/CP-8841-3PCC.cfg", ciscoAgent, "text/xml; charset=utf-8", "<User_ID_1_"],
    ["/0004f2aabbcc-gateway.cfg", polyAgent, "text/xml; charset=utf-8", "reg.1.address"],
    [
      "/00908F602AAC.cfg",
      "AUDC-IPPhone/2.2.16 (440HD-Rev0; 00908F602AAC)",
      "text/plain; charset=utf-8",
      "voip/line/0/id=",
    ],
  ])("%s for %s", async (url, userAgent, contentType, text) => {
    const response = await get(url, { "user-agent": userAgent });
    expect(response.statusCode).toBe(200);
    expect(response.headers["content-type"]).toBe(contentType);
    expect(response.body).toContain(text);
  });

  test("is refused with the directory's reason, which the record holds too", async () => {
    directory.willAnswer(() => ({ outcome: "refused", status: 403, reason: "Reset it first" }));
    const response = await get(file);
    expect(response.statusCode).toBe(403);
    expect(response.headers["content-type"]).toBe("text/plain; charset=utf-8");
    expect(response.body).toBe("Reset it first\n");
    expect(directory.recorded[0]?.outcome).toEqual({ status: 403, note: "Reset it first" });
  });

  test("of an incompatible phone is the directory's to refuse; the reason is noted either way", async () => {
    await get(file, { "user-agent": "Yealink SIP-T46S 66.82.0.20 805ec0aabbcc" });
    const reason =
      "Firmware 66.82.0.20 is older than the least compatible one, 83: upgrade the phone first";
    expect(directory.asked[0]?.compatibility).toEqual({ supported: false, reason });
    expect(directory.recorded[0]?.outcome).toEqual({ status: 200, note: reason });
  });

  test("fails without detail when the directory fails", async () => {
    directory.willAnswer(() => {
      throw new Error("redis://user:hunter2@host is down");
    });
    const response = await get(file);
    expect(response.statusCode).toBe(500);
    expect(response.body).toBe("Internal Server Error\n");
    expect(directory.recorded[0]?.outcome).toEqual({ status: 500, note: "Internal Server Error" });
  });

  test("is sent even when it cannot be recorded", async () => {
    directory.record = () => Promise.reject(new Error("disk full"));
    expect((await get(file)).statusCode).toBe(200);
    expect(logged.join()).toContain("could not record");
  });
});

describe("files that lead to the configuration", () => {
  test("Yealink's boot file names the phone's own file", async () => {
    const response = await get("/emea/805EC0AABBCC.boot");
    expect(response.body).toBe(
      '#!version:1.0.0.1\ninclude:config "805ec0aabbcc.cfg"\noverwrite_mode = 1\n',
    );
  });

  test.each(["/0004f2aabbcc.cfg", "/000000000000.cfg"])("Poly's master file %s", async (url) => {
    const { body } = await get(url, { "user-agent": polyAgent });
    expect(body).toContain('CONFIG_FILES="[PHONE_MAC_ADDRESS]-gateway.cfg"');
    expect(body).toContain('APP_FILE_PATH="sip.ld"');
  });

  test("a Cisco phone that hides its MAC is sent to the file of its own, in the same folder", async () => {
    const { body } = await get("/noam/lang_ja/8851-3PCC.xml", { "user-agent": "" });
    expect(body).toContain(
      '<Profile_Rule ua="na">http://192.0.2.10:8080/noam/lang_ja/$MA.xml</Profile_Rule>',
    );
  });

  test("hold no account and ask the directory for none", async () => {
    await get("/emea/805ec0aabbcc.boot");
    await get("/0004f2aabbcc.cfg", { "user-agent": polyAgent });
    expect(directory.asked).toEqual([]);
    expect(directory.recorded.map(({ request }) => request.file)).toEqual(["entry", "entry"]);
  });
});

describe("what is not there says why, to the phone and to the administrator", () => {
  test.each([
    [
      "/SEP00562B043615.cnf.xml",
      "",
      "This Cisco phone runs enterprise firmware (it asked for SEP00562B043615.cnf.xml): convert it to multiplatform (MPP) firmware",
    ],
    [
      "/CTLSEP00562B043615.tlv",
      "",
      "This Cisco phone runs enterprise firmware (it asked for CTLSEP00562B043615.tlv): convert it to multiplatform (MPP) firmware",
    ],
    [
      "/snomD785-00041396D9B4.htm",
      "Mozilla/4.0 (compatible; snomD785-SIP 10.1.169.16 00041396D9B4)",
      "Snom phones are not served yet",
    ],
    [
      "/cfgc074ad0b63ee.xml",
      "Grandstream Model HW GRP2614 SW 1.0.5.15 DevId c074ad0b63ee",
      "Grandstream phones are not in the list of compatible devices",
    ],
    [
      "/emeea/805ec0aabbcc.cfg",
      yealinkAgent,
      '"emeea" is neither a region (noam, emea, apac) nor anything else known here: check the provisioning URL',
    ],
    ["/emea/favicon.ico", yealinkAgent, "No file of that name for a Yealink phone: favicon.ico"],
    [
      "/emea/",
      yealinkAgent,
      "A phone adds its own file name to this URL; there is nothing else here",
    ],
  ])("%s", async (url, userAgent, reason) => {
    const response = await get(url, { "user-agent": userAgent });
    expect(response.statusCode).toBe(404);
    expect(response.body).toBe(`${reason}\n`);
    expect(directory.recorded[0]?.outcome).toEqual({ status: 404, note: reason });
  });

  test("enterprise firmware counts as incompatible", async () => {
    await get("/SEP00562B043615.cnf.xml", { "user-agent": "" });
    expect(directory.recorded[0]?.request.compatibility).toMatchObject({ supported: false });
  });

  test.each([
    ["/805ec0aabbcc_Security.enc", yealinkAgent],
    ["/805ec0aabbcc-local.cfg", yealinkAgent],
    ["/0004f2aabbcc-license.cfg", polyAgent],
    ["/sip.ld", polyAgent],
    ["/440HD.img", "AUDC-IPPhone/2.2.16 (440HD-Rev0; 00908F602AAC)"],
  ])("%s is missing and nobody minds", async (url, userAgent) => {
    expect((await get(url, { "user-agent": userAgent })).statusCode).toBe(404);
    for (const { outcome } of directory.recorded) expect(outcome.note).toMatch(/the phone/);
  });

  test("requests without a MAC are not recorded", async () => {
    await get("/index.html", { "user-agent": "curl/8.5.0" });
    expect(directory.recorded).toEqual([]);
  });
});

describe("RFC 9110", () => {
  test("§13.1.2 answers 304 to the ETag it gave, and records that", async () => {
    const etag = String((await get(file)).headers.etag);
    expect(etag).toMatch(/^"[\w-]{27}"$/);
    const again = await get(file, { "if-none-match": `"other", W/${etag}` });
    expect([again.statusCode, again.body, again.headers.etag]).toEqual([304, "", etag]);
    expect(directory.recorded[1]?.outcome.status).toBe(304);
    const configuration = { ...sampleConfiguration, configurationVersion: "42" };
    directory.willAnswer(() => ({ outcome: "configuration", configuration }));
    expect((await get(file, { "if-none-match": etag })).statusCode).toBe(200);
  });

  test("§14 answers 206 to a range, 416 to one past the end, 200 to what is no range", async () => {
    const whole = await get(file);
    const size = whole.rawPayload.length;
    const part = await get(file, { range: "bytes=2-10" });
    expect([part.statusCode, part.body]).toEqual([206, "version:1"]);
    expect(part.headers["content-range"]).toBe(`bytes 2-10/${size}`);
    expect((await get(file, { range: "bytes=-4" })).body).toBe(whole.body.slice(-4));
    const beyond = await get(file, { range: `bytes=${size}-` });
    expect([beyond.statusCode, beyond.headers["content-range"]]).toEqual([416, `bytes */${size}`]);
    expect((await get(file, { range: "lines=1-2" })).statusCode).toBe(200);
    expect((await get(file, { range: "bytes=0-1,4-5" })).statusCode).toBe(200);
  });

  test("§13.1.5 sends the whole when If-Range is of another version", async () => {
    const etag = String((await get(file)).headers.etag);
    expect((await get(file, { range: "bytes=0-3", "if-range": etag })).statusCode).toBe(206);
    expect((await get(file, { range: "bytes=0-3", "if-range": '"old"' })).statusCode).toBe(200);
  });

  test("§9.3.2 answers HEAD with the headers of GET and no body", async () => {
    const whole = await get(file);
    const head = await get(file, {}, "HEAD");
    expect([head.statusCode, head.body]).toEqual([200, ""]);
    for (const name of ["content-length", "content-type", "etag"]) {
      expect(head.headers[name]).toBe(whole.headers[name]);
    }
    expect(directory.asked[1]?.method).toBe("HEAD");
  });

  test.each(["POST", "DELETE", "OPTIONS", "PATCH"] as const)(
    "§15.5.6 answers 405 with Allow to %s",
    async (method) => {
      const response = await server.inject({ method, url: file });
      expect(response.statusCode).toBe(405);
      expect(response.headers.allow).toBe("GET, HEAD, PUT");
    },
  );
});

describe("what phones put", () => {
  const put = (url: string, payload: string | Buffer, headers: Record<string, string> = {}) =>
    server.inject({
      method: "PUT",
      url,
      payload,
      headers: { "user-agent": polyAgent, ...headers },
    });

  test.each(["app.log", "boot.log", "phone.cfg", "web.cfg", "directory.xml"])(
    "a Poly phone's %s is accepted, whatever its type",
    async (name) => {
      for (const type of ["text/plain", "application/json", "multipart/form-data", ""]) {
        const headers = type === "" ? {} : { "content-type": type };
        const response = await put(`/emea/0004f2aabbcc-${name}`, "not { json", headers);
        expect([response.statusCode, response.body]).toEqual([200, ""]);
      }
      expect(directory.recorded[0]?.request).toMatchObject({ file: "upload", method: "PUT" });
    },
  );

  test("a mebibyte is accepted, a byte more is 413", async () => {
    const url = "/0004f2aabbcc-app.log";
    expect((await put(url, Buffer.alloc(1024 * 1024))).statusCode).toBe(200);
    expect((await put(url, Buffer.alloc(1024 * 1024 + 1))).statusCode).toBe(413);
    expect(directory.recorded[1]?.outcome).toEqual({ status: 413, note: "Larger than 1 MiB" });
  });

  test("anything else is 405", async () => {
    const response = await put("/0004f2aabbcc.cfg", "x");
    expect([response.statusCode, response.headers.allow]).toEqual([405, "GET, HEAD"]);
  });
});

describe("POST /activation", () => {
  const activate = (payload: object | string) =>
    server.inject({
      method: "POST",
      url: "/activation",
      payload,
      headers: { "content-type": "application/json" },
    });

  test("answers with the tenant's name", async () => {
    const response = await activate({
      macAddress: "80:5E:C0:AA:BB:CC",
      verificationCode: "123456",
    });
    expect(response.statusCode).toBe(200);
    expect(response.json()).toEqual({ tenantName: "Contoso 805ec0aabbcc 127.0.0.1" });
  });

  test("answers refusals as problem documents, with Retry-After where there is one", async () => {
    const response = await activate({ macAddress: "805ec0aabbcc", verificationCode: "654321" });
    expect(response.statusCode).toBe(429);
    expect(response.headers["content-type"]).toMatch("application/problem+json");
    expect(response.headers["retry-after"]).toBe("60");
    expect(response.json()).toMatchObject({ status: 429, detail: "Too many wrong codes" });
  });

  test.each([
    ["a MAC of 11 digits", { macAddress: "805ec0aabbc", verificationCode: "123456" }],
    ["a MAC that is none", { macAddress: "805ec0aabbcx", verificationCode: "123456" }],
    ["no code", { macAddress: "805ec0aabbcc" }],
    ["no JSON", "{"],
    ["an object as code", { macAddress: "805ec0aabbcc", verificationCode: {} }],
  ])("answers 400 to %s", async (_what, payload) => {
    const response = await activate(payload);
    expect(response.statusCode).toBe(400);
    expect(response.headers["content-type"]).toMatch("application/problem+json");
  });

  test("answers 413 to a long body, 500 without detail to a fault, 405 to GET", async () => {
    expect((await activate({ macAddress: "8".repeat(2000) })).statusCode).toBe(413);
    const fault = await activate({ macAddress: "805ec0aabbcc", verificationCode: "000000" });
    expect(fault.statusCode).toBe(500);
    expect(fault.body).not.toContain("hunter2");
    const wrongMethod = await get("/activation");
    expect([wrongMethod.statusCode, wrongMethod.headers.allow]).toEqual([405, "POST"]);
  });
});

test("an address that asks too often gets 429 until the next minute", async () => {
  for (let count = 0; count < 20; count++) expect((await get(file)).statusCode).toBe(200);
  nowMilliseconds += 10_000;
  const response = await get(file);
  expect(response.statusCode).toBe(429);
  expect(Number(response.headers["retry-after"])).toBeGreaterThan(0);
  expect(Number(response.headers["retry-after"])).toBeLessThanOrEqual(60);
  nowMilliseconds += 60_000;
  expect((await get(file)).statusCode).toBe(200);
});

test("neither log nor record holds the secret of a URL, a password, or a control character", async () => {
  for (const url of [
    "/emea/device/top-secret-1/805ec0aabbcc.cfg?top-secret-1",
    "/emea/d%65vice/top-secret-1/805ec0aabbcc.cfg",
    "/emea/device/top-secret-1/../x",
    "/emea/device/top-secret-1/%ff",
  ]) {
    await get(url, { "user-agent": "Yealink \u001b[31m SIP-T46S" });
  }
  const seen = JSON.stringify([logged, directory.recorded.map(({ request }) => request.path)]);
  expect(logged.length).toBeGreaterThanOrEqual(3);
  expect(seen).not.toMatch(/top-secret-1|Pa55-word|\\u001b/);
});
