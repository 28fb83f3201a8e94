import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BesiegedGateway } from "./besieged-gateway.ts";
import { askStream, openStream } from "./raw-sockets.ts";

let gateway: BesiegedGateway;
let before: number;

beforeAll(async () => {
  gateway = await BesiegedGateway.start();
  before = gateway.residentMegabytes();
});

afterAll(async () => {
  try {
    await gateway.expectWell("All of HTTP", before);
  } finally {
    await gateway.stop();
  }
});

interface Answer {
  readonly status: number;
  readonly type: string | null;
  readonly text: string;
}

interface Call {
  readonly method?: string;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly type?: string;
  readonly token?: string;
}

async function call(path: string, { method = "POST", body, type, token }: Call): Promise<Answer> {
  const headers: Record<string, string> = {
    authorization: `Bearer ${token ?? gateway.process.token}`,
  };
  if (type !== undefined) headers["content-type"] = type;
  const reply = await fetch(`${gateway.process.adminUrl}/api/v1${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body }),
  });
  return {
    status: reply.status,
    type: reply.headers.get("content-type"),
    text: await reply.text(),
  };
}

function problem({ type, text }: Answer): { detail: string; errors?: Record<string, string> } {
  expect(type).toContain("application/problem+json");
  return JSON.parse(text) as { detail: string; errors?: Record<string, string> };
}

function importCsv(csv: string | Uint8Array<ArrayBuffer>): Promise<Answer> {
  return call("/devices/import", { body: csv, type: "text/csv" });
}

describe("what an administrator reads", () => {
  it("of a CSV file without its header", async () => {
    const answer = await importCsv("80:5e:c0:00:00:01,Lobby\r\n");
    expect(answer.status).toBe(400);
    expect(problem(answer).detail).toBe(
      "The first line must name the columns: MAC id,Location. Download the template and fill it in.",
    );
  });

  it("of a CSV file whose lines are bad: which line, what value, and why; good ones are kept", async () => {
    const answer = await importCsv(
      "MAC id,Location\r\n80:5e:c0:00:00:01,Lobby\r\n805ec000000,Hall\r\nzz,Roof\r\n80:5e:c0:00:00:02,a,b\r\n",
    );
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.text)).toEqual({
      added: 1,
      unchanged: 0,
      rejected: [
        {
          line: 3,
          value: "805ec000000",
          reason: "A MAC address has 12 hexadecimal digits; this has 11.",
        },
        { line: 4, value: "zz", reason: expect.stringContaining("hexadecimal digits") },
        {
          line: 5,
          value: "80:5e:c0:00:00:02",
          reason:
            "The line has 3 columns, the header 2. Put a location with a comma in double quotes.",
        },
      ],
    });
  });

  it("of a file that is no text, of one with an endless quote, and of an empty one", async () => {
    const binary = await importCsv(Uint8Array.from([0xff, 0xfe, 0x00, 0x80, 0xc3]));
    expect(problem(binary).detail).toContain("not in UTF-8");
    const endless = await importCsv(`MAC id,Location\r\n"${"x".repeat(10_000)}`);
    expect(endless.status).toBe(400);
    expect(problem(endless).detail).toContain("cannot be read as CSV");
    expect((await importCsv("")).status).toBe(400);
  });

  it("of a MAC of 11 digits", async () => {
    const body = JSON.stringify({ macAddress: "80:5e:c0:aa:bb:c", location: "Lobby" });
    const answer = await call("/devices", { body, type: "application/json" });
    expect(answer.status).toBe(400);
    expect(problem(answer).errors).toEqual({
      macAddress: "A MAC address has 12 hexadecimal digits; this has 11.",
    });
  });

  it("of a wrong token, and of none", async () => {
    const wrong = await call("/devices", { method: "GET", token: "guessed" });
    expect(wrong.status).toBe(401);
    expect(problem(wrong).detail).toBe("The token is wrong.");
    const none = await fetch(`${gateway.process.adminUrl}/api/v1/devices`);
    expect(none.status).toBe(401);
    expect(await none.text()).toContain("Send the administrator's token: Authorization: Bearer");
  });

  it("of bad JSON, of the wrong type of content, of fields that are unknown or missing", async () => {
    const json = { type: "application/json" };
    const broken = await call("/devices", { ...json, body: '{"macAddress": "80' });
    expect(broken.status).toBe(400);
    expect(problem(broken).detail).toBe("The body is not valid JSON.");
    const text = await call("/devices", { body: "hello", type: "text/plain" });
    expect(text.status).toBe(415);
    expect(problem(text).detail).toBe("This call does not take this Content-Type.");
    const missing = await call("/devices", { ...json, body: "{}" });
    expect(problem(missing).errors?.macAddress).toBe("This field is needed.");
    const polluting = await call("/devices", {
      ...json,
      body: '{"__proto__": {"a": 1}, "macAddress": "80:5e:c0:00:00:09", "location": "x"}',
    });
    expect(polluting.status).toBe(400);
  });

  it("of a body that is too large: 413 and why, also while it is still being sent", async () => {
    const huge = JSON.stringify({ macAddress: "1", location: "x".repeat(3 * 1024 * 1024) });
    const answer = await call("/devices", { body: huge, type: "application/json" });
    expect(answer.status).toBe(413);
    expect(problem(answer).detail).toBe("The body is larger than this call takes.");
    const csv = await importCsv(`MAC id,Location\r\n${"x".repeat(9 * 1024 * 1024)}`);
    expect(csv.status).toBe(413);
  });

  it("of a path or a query that does not fit", async () => {
    const path = await call("/devices/805ec0", { method: "GET" });
    expect(path.status).toBe(400);
    expect(path.text).toContain("A MAC address has 12 hexadecimal digits; this has 6.");
    const query = await call("/devices?limit=-5", { method: "GET" });
    expect(query.status).toBe(400);
    expect(problem(query).errors).toHaveProperty("limit");
    const cursor = await call("/devices?cursor=%00%ff", { method: "GET" });
    expect(cursor.status).toBeLessThan(500);
    const nowhere = await call("/nowhere", { method: "GET" });
    expect(nowhere.status).toBe(404);
  });
});

describe("provisioning", () => {
  const port = () => Number(new URL(gateway.process.provisioningUrl).port);
  const userAgent = "User-Agent: Yealink SIP-T46S 66.86.0.15 80:5e:c0:00:00:01";

  /** Written by hand: fetch would take the dots out. */
  function get(path: string, method = "GET", headers = userAgent, body = ""): Promise<string> {
    const text = `${method} ${path} HTTP/1.1\r\nHost: gateway\r\n${headers}\r\nConnection: close\r\n\r\n${body}`;
    return askStream(port(), text).then((outcome) => outcome.received);
  }

  it.each([
    "/../../../../etc/passwd",
    "/firmware/../../../etc/passwd",
    "/firmware/yealink/..%2f..%2f..%2f..%2fetc%2fpasswd",
    "/firmware/%2e%2e/%2e%2e/%2e%2e/package.json",
    "/firmware/..%5c..%5cpackage.json",
    "/firmware/yealink/%00",
    "/firmware//etc/passwd",
    "/noam/..%2fgateway.db",
    "/noam/%c0%ae%c0%ae/x.cfg",
    "/%",
    "http://other.example/etc/passwd",
  ])("a traversal %s leads nowhere", async (path) => {
    const answer = await get(path);
    expect(answer).toMatch(/^HTTP\/1\.1 40[0-9] /);
    expect(answer).not.toMatch(/root:|"scripts"|SQLite format/);
  });

  it("a log of 500 MB is refused before it is read", async () => {
    const large = await get(
      "/noam/0004f2000001-app.log",
      "PUT",
      `${userAgent}\r\nContent-Length: 500000000`,
      "x".repeat(1000),
    );
    expect(large).toMatch(/^HTTP\/1\.1 413 /);
  });

  it("other methods: 405 with Allow", async () => {
    const answer = await get("/noam/805ec0000001.cfg", "DELETE");
    expect(answer).toMatch(/^HTTP\/1\.1 405 /);
    expect(answer).toMatch(/^allow: GET, HEAD, PUT/im);
  });

  it("a MAC of 11 digits, an unknown region: 404 with a text that says so", async () => {
    expect(await get("/noam/805ec000001.cfg")).toMatch(/^HTTP\/1\.1 40[0-9] /);
    const region = await get("/mars/805ec0000001.cfg");
    expect(region).toMatch(/^HTTP\/1\.1 404 /);
    expect(region).toContain('"mars" is neither a region (noam, emea, apac)');
  });

  it("a code typed on the screen: bad bodies are told apart", async () => {
    const post = async (body: string, type = "application/json") => {
      const reply = await fetch(`${gateway.process.provisioningUrl}/activation`, {
        method: "POST",
        headers: { "content-type": type },
        body,
      });
      return { status: reply.status, text: await reply.text() };
    };
    expect((await post("{")).status).toBe(400);
    expect((await post("x".repeat(5000))).status).toBe(413);
    const mac = await post('{"macAddress":"805ec0aabbc ","verificationCode":"123456"}');
    expect(mac.status).toBe(400);
    expect(mac.text).toContain("not 12 hex digits");
  });

  it("a hundred half requests are held, and others are answered meanwhile", async () => {
    const sockets = await Promise.all(Array.from({ length: 100 }, () => openStream(port())));
    for (const socket of sockets) socket.write("GET /noam/805ec0000001.cfg HTTP/1.1\r\nHost: ");
    expect(await get("/noam/805ec0000001.cfg")).toMatch(/^HTTP\/1\.1 200 /);
    const ended = sockets.map((socket) => once(socket, "close"));
    for (const socket of sockets) socket.destroy();
    await Promise.all(ended);
  });

  it("headers of 40 KB: 431", async () => {
    expect(await get("/noam/", "GET", `X: ${"x".repeat(40_000)}`)).toMatch(/^HTTP\/1\.1 431 /);
  });
});
