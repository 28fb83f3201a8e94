import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { wrongTokenLimits } from "../../src/admin-api/wrong-token-brake.ts";
import { StoreUnavailableError } from "../../src/domain/stores.ts";
import { type AdminFixture, startAdminFixture, token } from "./admin-fixture.ts";

let fixture: AdminFixture;
beforeAll(async () => {
  fixture = await startAdminFixture();
});
afterAll(() => fixture.stop());

const wrong = { authorization: "Bearer wrong" };

/** Every error has this shape, whoever raises it. */
function expectProblem(
  answer: { status: number; headers: Record<string, unknown>; json: unknown },
  status: number,
) {
  expect(answer.status).toBe(status);
  expect(answer.headers["content-type"]).toMatch(/^application\/problem\+json/);
  expect(answer.json).toMatchObject({
    type: "about:blank",
    title: expect.any(String),
    status,
    detail: expect.stringMatching(/\.$/),
  });
}

describe("the bearer token (RFC 6750)", () => {
  test.each([
    ["missing", undefined],
    ["of another scheme", `Basic ${token}`],
    ["empty", "Bearer "],
    ["wrong", "Bearer wrong"],
    ["right, but for its last letter", `Bearer ${token.slice(0, -1)}x`],
    ["right, with more behind it", `Bearer ${token} x`],
  ])("401 with a challenge when it is %s", async (_case, authorization) => {
    const headers = authorization === undefined ? {} : { authorization };
    const response = await fixture.server.app.inject({ url: "/api/v1/devices", headers });
    const answer = {
      status: response.statusCode,
      headers: response.headers,
      json: response.json(),
    };
    expectProblem(answer, 401);
    expect(response.headers["www-authenticate"]).toMatch(/^Bearer /);
    expect(response.body).not.toContain(token.slice(0, 8));
  });

  test.each(["/metrics", "/api/v1/openapi.json", "/api/v1/nothing-here", "/api/v1/events"])(
    "%s needs it too",
    async (url) => {
      expectProblem(await fixture.call({ url, headers: wrong }), 401);
    },
  );

  test.each(["/healthz", "/readyz"])("%s does not", async (url) => {
    expect((await fixture.call({ url, headers: wrong })).status).toBe(200);
  });

  test("a bad body is not judged before the token is", async () => {
    const options = {
      method: "POST",
      url: "/api/v1/devices",
      payload: "{",
      headers: wrong,
    } as const;
    expectProblem(await fixture.call(options), 401);
  });

  test("too many wrong ones from an address are braked; the right one never is", async () => {
    const own = await startAdminFixture();
    const send = (remoteAddress: string, headers = wrong) =>
      own.call({ url: "/api/v1/regions", headers, remoteAddress });
    for (let tries = 0; tries < wrongTokenLimits.tries; tries++) {
      expect((await send("203.0.113.1")).status).toBe(401);
    }
    const braked = await send("203.0.113.1");
    expectProblem(braked, 429);
    expect(Number(braked.headers["retry-after"])).toBe(60);
    expect((await send("203.0.113.2")).status).toBe(401);
    const right = { authorization: `Bearer ${token}` };
    expect((await send("203.0.113.1", right)).status).toBe(200);
    own.clock.advance(wrongTokenLimits.windowMilliseconds);
    expect((await send("203.0.113.1")).status).toBe(401);
    await own.stop();
  });
});

describe("requests that cannot be served", () => {
  test.each([
    ["GET", "/api/v1/nothing-here"],
    ["GET", "/nothing-here"],
    ["PUT", "/api/v1/devices"],
    ["GET", "/api/v1/users/adele@contoso.example"],
    ["GET", "/api/v1/calling-policies/Lobby"],
    ["POST", "/api/v1/devices/805ec0000001/sign-in"],
  ] as const)("404 as a problem: %s %s", async (method, url) => {
    expectProblem(await fixture.call({ method, url }), 404);
  });

  test.each([
    ["not JSON", "{macAddress:", 400],
    ["no object", "[]", 400],
    ["null", "null", 400],
    ["a prototype in it", '{"__proto__":{"x":1},"macAddress":"805ec0000001"}', 400],
    ["too large", JSON.stringify({ location: "x".repeat(1_100_000) }), 413],
  ])("a body that is %s", async (_case, payload, status) => {
    const headers = { "content-type": "application/json" };
    const options = { method: "POST", url: "/api/v1/devices", payload, headers } as const;
    expectProblem(await fixture.call(options), status);
  });

  test("415 for another Content-Type", async () => {
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const options = { method: "POST", url: "/api/v1/devices", payload: "a=b", headers } as const;
    expectProblem(await fixture.call(options), 415);
  });

  test("400 for a path that is not well escaped", async () => {
    expectProblem(await fixture.call({ url: "/api/v1/devices/%E0%A4%A" }), 400);
  });

  test("503 with Retry-After when the storage does not answer", async () => {
    const { stores } = fixture;
    const broken = {
      ...stores,
      devices: {
        ...stores.devices,
        list: () => Promise.reject(new StoreUnavailableError(new Error("redis://:secret@host"))),
      },
    };
    const own = await startAdminFixture({ stores: broken });
    const answer = await own.call({ url: "/api/v1/devices" });
    expectProblem(answer, 503);
    expect(answer.headers["retry-after"]).toBe("5");
    expect(answer.text).not.toContain("secret");
    await own.stop();
  });

  test("500 tells nothing of the fault", async () => {
    const own = await startAdminFixture({
      calls: {
        list: () => {
          throw new Error("password=hunter2");
        },
      },
    });
    const answer = await own.call({ url: "/api/v1/calls" });
    expectProblem(answer, 500);
    expect(answer.text).not.toContain("hunter2");
    await own.stop();
  });
});

describe("bytes that are no HTTP request", () => {
  test.each([
    ["no request line", "hello\r\n\r\n", 400],
    ["a bare carriage return in a header", "GET / HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n", 400],
    ["two lengths", "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400],
    ["too large headers", `GET / HTTP/1.1\r\nX: ${"x".repeat(20_000)}\r\n\r\n`, 431],
  ])("%s: a problem too, then the connection is closed", async (_case, bytes, status) => {
    const own = await startAdminFixture();
    await own.server.listen({ host: "127.0.0.1", port: 0 });
    const answer = await sendBytes(own.server.address?.port ?? 0, bytes);
    const [head = "", body = ""] = answer.split("\r\n\r\n");
    expect(head).toContain(`HTTP/1.1 ${status} `);
    const headers = { "content-type": /^content-type: (.*)$/im.exec(head)?.[1] };
    expectProblem({ status, headers, json: JSON.parse(body) }, status);
    await own.stop();
  });
});

/** Everything that comes back until the other end closes. */
function sendBytes(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = "";
    const socket = connect(port, "127.0.0.1", () => socket.write(bytes));
    socket.setEncoding("latin1");
    socket.on("data", (text) => {
      answer += text;
    });
    socket.on("error", reject);
    socket.on("close", () => resolve(answer));
  });
}

test("/readyz is 503 and names what fails", async () => {
  const checks = [
    { name: "storage", ok: false },
    { name: "sip", ok: true },
  ];
  const own = await startAdminFixture({ readiness: async () => ({ ready: false, checks }) });
  const { status, json } = await own.call({ url: "/readyz" });
  expect([status, json]).toEqual([503, { ready: false, checks }]);
  await own.stop();
});

test("/metrics is Prometheus' text", async () => {
  const { status, headers, text } = await fixture.call({ url: "/metrics" });
  expect(status).toBe(200);
  expect(headers["content-type"]).toMatch(/^text\/plain/);
  expect(text).toContain("sip_gateway_calls_in_progress 0");
});
