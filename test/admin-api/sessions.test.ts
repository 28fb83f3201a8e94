import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { eventStreamLimits } from "../../src/admin-api/event-clients.ts";
import { wrongTokenLimits } from "../../src/admin-api/wrong-token-brake.ts";
import { type AdminFixture, startAdminFixture, tenant, token } from "./admin-fixture.ts";
import { addAdministrator, openPage, pageOrigin, sendRaw, signIn } from "./page-session.ts";

let fixture: AdminFixture;
beforeEach(async () => {
  fixture = await startAdminFixture();
});
afterEach(() => fixture.stop());

const url = "/api/v1/session";
const hour = 3_600_000;
const newDevice = {
  method: "POST",
  url: "/api/v1/devices",
  payload: { macAddress: "805ec0000001" },
} as const;

describe("signing in to the page with a token", () => {
  test("gives a cookie that scripts do not see and other sites do not send", async () => {
    const page = await openPage(fixture);
    expect(page.setCookie).toMatch(
      /^sip-gateway-session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/,
    );
    expect(page.json).toEqual({
      name: "admin",
      role: "administrator",
      expiresAt: new Date(fixture.clock.nowMilliseconds() + 2 * hour).toISOString(),
      csrfToken: expect.stringMatching(/^[\w-]{43}$/),
    });
    expect((await page.send({ url })).json).toEqual(page.json);
  });

  test("the cookie does not leave TLS where browsers come by TLS", async () => {
    const own = await startAdminFixture({ publicUrl: "https://gateway.example" });
    const origin = { headers: { origin: "https://gateway.example" } };
    const { headers } = await signIn(own, token, origin);
    expect(headers["set-cookie"]).toMatch(/; HttpOnly; Secure; SameSite=Strict$/);
    await own.stop();
  });

  test("only a hash of the session's id is kept", async () => {
    const page = await openPage(fixture);
    const [, id = ""] = page.cookie.split("=");
    expect(await fixture.stores.administratorSessions.find(tenant.id, id)).toBeUndefined();
  });

  test("wrong tokens are refused and braked, together with those in headers", async () => {
    for (let tries = 0; tries < wrongTokenLimits.tries; tries++) {
      expect((await signIn(fixture, "wrong")).status).toBe(401);
    }
    expect((await signIn(fixture, "wrong")).status).toBe(429);
    const headers = { authorization: "Bearer wrong" };
    expect((await fixture.call({ url: "/api/v1/regions", headers })).status).toBe(429);
    expect((await signIn(fixture, token)).status).toBe(200);
  });

  test.each<[string, Record<string, string>, number]>([
    ["another site's page", { origin: "https://evil.example" }, 403],
    ["another site's frame", { "sec-fetch-site": "cross-site" }, 403],
    ["no browser", {}, 200],
  ])("from %s", async (_case, headers, status) => {
    expect((await signIn(fixture, token, { headers })).status).toBe(status);
  });

  test.each([{}, { token: "" }, { token: "x".repeat(257) }, { token, more: 1 }])(
    "400 for %j",
    async (payload) => {
      expect((await signIn(fixture, token, { payload })).status).toBe(400);
    },
  );

  test("the ways to sign in are told to everybody", async () => {
    const { status, json } = await sendRaw(fixture, { url: `${url}/methods` });
    expect([status, json]).toEqual([200, { token: true, openid: false }]);
  });
});

describe("a session", () => {
  test("calls the whole API: reading, changes, CSV files, metrics", async () => {
    const page = await openPage(fixture);
    expect((await page.send(newDevice)).status).toBe(201);
    for (const path of ["/api/v1/devices", "/api/v1/verification-codes/export.csv", "/metrics"]) {
      expect((await page.send({ url: path })).status, path).toBe(200);
    }
    const events = await page.send({ url: "/api/v1/devices/805ec0000001/events" });
    expect(events.json.items).toMatchObject([{ kind: "added", actor: "admin" }]);
  });

  test("follows events, over a real connection", async () => {
    const page = await openPage(fixture);
    await fixture.server.listen({ host: "127.0.0.1", port: 0 });
    const port = fixture.server.address?.port;
    const abort = new AbortController();
    const stream = await fetch(`http://127.0.0.1:${port}/api/v1/events`, {
      headers: { cookie: page.cookie },
      signal: abort.signal,
    });
    expect(stream.status).toBe(200);
    expect(stream.headers.get("content-type")).toMatch(/^text\/event-stream/);
    abort.abort();
  });

  test("that ends, ends its stream of events with the next heartbeat; watching is no use of it", async () => {
    const [page, other] = [await openPage(fixture), await openPage(fixture)];
    await fixture.server.listen({ host: "127.0.0.1", port: 0 });
    const events = `http://127.0.0.1:${fixture.server.address?.port}/api/v1/events`;
    const open = ({ cookie }: { cookie: string }) => fetch(events, { headers: { cookie } });
    const [closed, idle] = await Promise.all([open(page), open(other)]);
    await page.send({ method: "DELETE", url });
    fixture.clock.advance(eventStreamLimits.heartbeatMilliseconds);
    expect(await closed.text()).toMatch(/^retry: 3000\n\n: still here\n\n$/);
    fixture.clock.advance(2 * hour);
    expect(await idle.text()).toContain(": still here");
  });

  test.each<[string, Record<string, string | undefined>]>([
    ["the token", { "x-csrf-token": undefined }],
    ["the right token", { "x-csrf-token": "A".repeat(43) }],
    ["an origin", { origin: undefined }],
    ["its own origin", { origin: "http://evil.example" }],
    ["its own port", { origin: "http://localhost:8080" }],
    ["its own page", { "sec-fetch-site": "same-site" }],
  ])("403 for a change without %s; nothing is changed", async (_case, headers) => {
    const page = await openPage(fixture);
    const answer = await page.send({ ...newDevice, headers });
    expect(answer.status).toBe(403);
    expect(answer.json.detail).toMatch(/^With a session's cookie, changes /);
    expect((await page.send({ url: "/api/v1/devices" })).json.items).toEqual([]);
  });

  test("takes no other session's CSRF token", async () => {
    const [page, other] = [await openPage(fixture), await openPage(fixture)];
    expect(page.csrfToken).not.toBe(other.csrfToken);
    const headers = { "x-csrf-token": other.csrfToken };
    expect((await page.send({ ...newDevice, headers })).status).toBe(403);
  });

  test.each<[string, string | null, Record<string, string>]>([
    ["as the browser says", null, { origin: "null", "sec-fetch-site": "same-origin" }],
    ["at its public address", "https://gw.example", { origin: "https://gw.example" }],
    ["at the address in Host", null, { origin: "http://10.1.2.3:81", host: "10.1.2.3:81" }],
  ])("takes changes from its own page %s", async (_case, publicUrl, headers) => {
    const own = await startAdminFixture({ publicUrl });
    const page = await openPage(own, token);
    expect((await page.send({ ...newDevice, headers })).status).toBe(201);
    await own.stop();
  });

  test("a bearer token needs no CSRF token, also where there is a cookie", async () => {
    const { cookie } = await openPage(fixture);
    expect((await fixture.call({ ...newDevice, headers: { cookie } })).status).toBe(201);
    const wrong = { cookie, authorization: "Bearer wrong" };
    expect((await fixture.call({ url, headers: wrong })).status).toBe(401);
  });

  test("ends two hours after it was last used", async () => {
    const page = await openPage(fixture);
    fixture.clock.advance(2 * hour - 1);
    const renewed = new Date(fixture.clock.nowMilliseconds() + 2 * hour).toISOString();
    expect((await page.send({ url })).json.expiresAt).toBe(renewed);
    fixture.clock.advance(2 * hour - 1);
    expect((await page.send({ url })).status).toBe(200);
    fixture.clock.advance(2 * hour);
    const { status, json } = await page.send({ url });
    expect([status, json.detail]).toEqual([401, "The session has ended; sign in again."]);
  });

  test("ends twelve hours after it began, however much it is used", async () => {
    const page = await openPage(fixture);
    for (let hours = 1; hours < 12; hours++) {
      fixture.clock.advance(hour);
      expect((await page.send({ url })).status).toBe(200);
    }
    fixture.clock.advance(hour);
    expect((await page.send({ url })).status).toBe(401);
  });

  test("ends when it is closed, in this browser only", async () => {
    const [page, other] = [await openPage(fixture), await openPage(fixture)];
    const closed = await page.send({ method: "DELETE", url });
    expect(closed.status).toBe(204);
    expect(closed.headers["set-cookie"]).toMatch(
      /^sip-gateway-session=; .*Expires=Thu, 01 Jan 1970/,
    );
    expect((await page.send({ url })).status).toBe(401);
    expect((await other.send({ url })).status).toBe(200);
  });

  test("of the first administrator ends with his token, and is any node's that has the same", async () => {
    const page = await openPage(fixture);
    const { stores } = fixture;
    const node = await startAdminFixture({ stores });
    const changed = await startAdminFixture({ stores, token: "another-token" });
    const options = { url, headers: { cookie: page.cookie } };
    expect((await sendRaw(node, options)).status).toBe(200);
    expect((await sendRaw(changed, options)).status).toBe(401);
    await node.stop();
    await changed.stop();
  });

  test("of a reader is a reader's", async () => {
    const page = await openPage(fixture, await addAdministrator(fixture, "Adele", "reader"));
    expect(page.json).toMatchObject({ name: "Adele", role: "reader" });
    expect((await page.send({ url: "/api/v1/devices" })).status).toBe(200);
    const { json } = await page.send(newDevice);
    expect(json).toMatchObject({ status: 403, detail: expect.stringContaining("technician") });
    expect((await page.send({ method: "DELETE", url })).status).toBe(204);
  });

  test.each(["", "x", "A".repeat(43), "%00", `${"A".repeat(5000)}`])(
    "401 for a cookie like %j",
    async (value) => {
      const headers = { cookie: `sip-gateway-session=${value}`, origin: pageOrigin };
      expect((await sendRaw(fixture, { url, headers })).status).toBe(401);
    },
  );

  test("GET /session with a token and no cookie is 401: there is no session", async () => {
    expect((await fixture.call({ url })).status).toBe(401);
  });
});

test("answers of the API are no pages and are not kept", async () => {
  const { headers } = await fixture.call({ url: "/api/v1/devices" });
  expect(headers["content-security-policy"]).toBe("default-src 'none'; frame-ancestors 'none'");
  expect(headers["cache-control"]).toBe("no-store");
});
