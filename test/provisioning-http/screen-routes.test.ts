import type { FastifyInstance } from "fastify";
import pino from "pino";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ScreenAnswer, ScreenRequest } from "../../provisioning-http/phone-screens.ts";
import { createProvisioningServer } from "../../provisioning-http/provisioning-server.ts";
import { RecordingDirectory } from "./recording-directory.ts";

const folder = "/device/n3xt-s3cret/screen/yealink/805ec0aabbcc";
const form = { "content-type": "application/x-www-form-urlencoded" };

let directory: RecordingDirectory;
let server: FastifyInstance;
let asked: ScreenRequest[];
let answer: () => ScreenAnswer;
let logged: string[];

beforeEach(() => {
  directory = new RecordingDirectory();
  asked = [];
  logged = [];
  answer = () => ({
    outcome: "page",
    page: {
      kind: "text",
      title: "Sign in",
      lines: ["Pair Code: PY89F9J3N"],
      actions: [],
      refresh: { seconds: 10, target: { page: "sign-in", values: { id: "42" } } },
    },
  });
  server = createProvisioningServer({
    directory,
    regions: ["noam", "emea", "apac"],
    nowMilliseconds: () => 1_800_000_000_000,
    requestsPerMinute: 30,
    screens: {
      show: async (request) => {
        asked.push(request);
        return answer();
      },
    },
    logger: pino({ level: "info" }, { write: (line: string) => logged.push(line) }),
  });
});

afterEach(() => server.close());

function send(
  method: "GET" | "POST" | "PUT" | "HEAD" | "DELETE",
  url: string,
  more: { payload?: string; headers?: Record<string, string> } = {},
) {
  const headers = { host: "192.0.2.10:8080", "user-agent": "Yealink T54W", ...more.headers };
  return server.inject({ method, url, ...more, headers });
}

describe("a page of a phone's screen", () => {
  test("is asked for with the secret, and told to look again", async () => {
    const response = await send("GET", `${folder}/sign-in?id=42&else=1`);
    expect(response.statusCode).toBe(200);
    expect(response.headers).toMatchObject({
      "content-type": "text/xml; charset=utf-8",
      "cache-control": "no-store",
      refresh: `10; url=http://192.0.2.10:8080${folder}/sign-in?id=42`,
    });
    expect(response.body).toContain("Pair Code: PY89F9J3N");
    const path = {
      secret: "n3xt-s3cret",
      vendor: "yealink",
      mac: "805ec0aabbcc",
      page: "sign-in",
    };
    expect(asked).toEqual([{ path, values: { id: "42", else: "1" }, address: "127.0.0.1" }]);
  });

  test("is noted with its device, and no secret or code is in the note or the log", async () => {
    await send("GET", `${folder}/provision?code=123456`);
    expect(directory.recorded).toEqual([
      {
        request: expect.objectContaining({
          file: "page",
          path: "/device/***/screen/yealink/805ec0aabbcc/provision",
          phone: expect.objectContaining({ mac: "805ec0aabbcc", vendor: "yealink" }),
        }),
        outcome: { status: 200, note: undefined },
      },
    ]);
    expect(logged.join()).toContain("/device/***/screen/");
    expect(logged.join()).not.toMatch(/n3xt-s3cret|123456/);
  });

  test("takes a form by POST, and then nothing from the query", async () => {
    const payload = "code=123456&code=654321";
    await send("POST", `${folder}/provision?confirm=x`, { headers: form, payload });
    expect(asked[0]?.values).toEqual({ code: "654321" });
  });

  test("a refusal is one line, and stands with the device", async () => {
    const reason = "The secret in the URL is not the one of this phone.";
    answer = () => ({ outcome: "refused", status: 403, reason });
    const response = await send("GET", `${folder}/menu`);
    expect(response.statusCode).toBe(403);
    expect(response.body).toBe(`${reason}\n`);
    expect(directory.recorded[0]?.outcome).toEqual({ status: 403, note: reason });
  });
});

describe("what is no page", () => {
  test.each([
    ["/device/n3xt-s3cret/screen/audiocodes/805ec0aabbcc/menu", 404],
    ["/device/n3xt-s3cret/screen/yealink/nobody/menu", 404],
    [`${folder}/elsewhere`, 404],
    ["/device/a%2Fb%2Fc%2Fd%2Fe/screen/yealink/805ec0aabbcc/menu", 404],
    [`${folder}/provision?code=${"1".repeat(17)}`, 400],
    [`${folder}/provision?code=1&code=2`, 400],
    [`${folder}/sign-out?confirm=${"a".repeat(65)}`, 400],
  ])("%s is answered %i and asks nobody", async (url, status) => {
    const response = await send("GET", url);
    expect(response.statusCode).toBe(status);
    expect(asked).toEqual([]);
  });

  test("without the secret there are none", async () => {
    const response = await send("GET", "/emea/screen/yealink/805ec0aabbcc/menu");
    expect(response.statusCode).toBe(404);
    expect(asked).toEqual([]);
  });

  test("a Host header that is none", async () => {
    const headers = { host: "x><y" };
    expect((await send("GET", `${folder}/menu`, { headers })).statusCode).toBe(400);
    expect(asked).toEqual([]);
  });

  test.each(["PUT", "HEAD", "DELETE"] as const)("%s", async (method) => {
    const response = await send(method, `${folder}/menu`);
    expect(response.statusCode).toBe(405);
    expect(response.headers.allow).toBe("GET, POST");
    expect(asked).toEqual([]);
  });

  test("a body that is too large or no form", async () => {
    const large = { headers: form, payload: `code=${"1".repeat(1100)}` };
    expect((await send("POST", `${folder}/provision`, large)).statusCode).toBe(413);
    const json = { headers: { "content-type": "application/json" }, payload: '{"code":"1"}' };
    expect((await send("POST", `${folder}/provision`, json)).statusCode).toBe(415);
    expect(asked).toEqual([]);
  });

  test("an address that asks too often is told to wait", async () => {
    for (let times = 0; times < 30; times++) await send("GET", `${folder}/menu`);
    const response = await send("GET", `${folder}/menu`);
    expect(response.statusCode).toBe(429);
    expect(asked).toHaveLength(30);
  });
});

describe("a fault", () => {
  test("is told without detail and logged without the secret", async () => {
    answer = () => {
      throw new Error("the database is on fire");
    };
    const response = await send("GET", `${folder}/menu`);
    expect(response.statusCode).toBe(500);
    expect(response.body).toBe("Internal Server Error\n");
    expect(logged.join()).toContain("the database is on fire");
    expect(logged.join()).not.toContain("n3xt-s3cret");
  });

  test("of the note takes nothing from the phone", async () => {
    directory.record = () => Promise.reject(new Error("the disk is full"));
    expect((await send("GET", `${folder}/menu`)).statusCode).toBe(200);
    expect(logged.join()).toContain("the disk is full");
  });
});
