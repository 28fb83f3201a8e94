import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { boundedFetch } from "../../src/identity/bounded-fetch.ts";
import { OpenIdAdministrators } from "../../src/identity/openid-administrators.ts";
import { OpenIdIssuer } from "../../src/identity/openid-issuer.ts";
import { Browser } from "../identity/browser.ts";
import {
  gatewayAtIssuer,
  type OutsideIssuer,
  startOutsideIssuer,
} from "../identity/outside-issuer.ts";
import { type AdminFixture, startAdminFixture, tenant } from "./admin-fixture.ts";
import { addAdministrator, sendRaw } from "./page-session.ts";

const name = "adele@contoso.example";

let fixture: AdminFixture;
let origin: string;
let issuer: OutsideIssuer;
let roles: unknown;

beforeEach(async () => {
  // oidc-provider says loudly that its development pages are not for production.
  vi.spyOn(console, "warn").mockReturnValue();
  vi.spyOn(console, "info").mockReturnValue();
  const redirectUri = () => `${origin}/api/v1/session/callback`;
  const administratorIdentity = new OpenIdAdministrators({
    issuer: new OpenIdIssuer({
      ...gatewayAtIssuer,
      issuer: () => issuer.url,
      fetch: boundedFetch(),
    }),
    scopes: "openid profile",
    userClaim: "upn",
    roleClaim: "roles",
    redirectUri,
  });
  fixture = await startAdminFixture({ administratorIdentity });
  await fixture.server.listen({ host: "127.0.0.1", port: 0 });
  origin = `http://127.0.0.1:${fixture.server.address?.port}`;
  issuer = await startOutsideIssuer({
    inIdToken: false,
    redirectUri: redirectUri(),
    rolesOf: () => roles,
  });
  roles = ["sip-gateway.reader"];
});
afterEach(async () => {
  vi.restoreAllMocks();
  await issuer.stop();
  await fixture.stop();
});

/** Walks from the page through the issuer's pages back. @returns where the browser ends up */
async function signIn(browser = new Browser()): Promise<{ browser: Browser; at: string }> {
  const login = await browser.open(`${origin}/api/v1/session/openid`);
  const consent = await browser.submit(login, { prompt: "login", login: name, password: "x" });
  const page = await browser.submit(consent, { prompt: "consent" });
  expect(page.url.origin).toBe(origin);
  return { browser, at: `${page.url.pathname}${page.url.search}` };
}

async function sessionOf(browser: Browser) {
  const { status, html } = await browser.open(`${origin}/api/v1/session`);
  return status === 200 ? JSON.parse(html) : status;
}

describe("signing in to the page through OpenID", () => {
  test("is offered, and leads back to the page with a session of the role that the claim names", async () => {
    const { json } = await sendRaw(fixture, { url: "/api/v1/session/methods" });
    expect(json).toEqual({ token: true, openid: true });
    roles = ["other", "sip-gateway.reader", "sip-gateway.technician"];
    const { browser, at } = await signIn();
    expect(at).toBe("/");
    expect(await sessionOf(browser)).toMatchObject({ name, role: "technician" });
    const { json: listed } = await fixture.call({ url: "/api/v1/administrators" });
    expect(listed.items[1]).toMatchObject({ name, role: "technician", kind: "openid" });
  });

  test("takes a claim that is one text, and another role the next time", async () => {
    roles = "sip-gateway.administrator";
    const { browser } = await signIn();
    expect(await sessionOf(browser)).toMatchObject({ role: "administrator" });
    roles = "sip-gateway.reader";
    await signIn();
    // The role of today is that of every session.
    expect(await sessionOf(browser)).toMatchObject({ role: "reader" });
    const change = { method: "PATCH", url: `/api/v1/administrators/${name}` } as const;
    const answer = await fixture.call({ ...change, payload: { role: "administrator" } });
    expect(answer.status).toBe(409);
  });

  test.each([undefined, [], "administrator", ["sip-gateway.king"], { reader: true }])(
    "lets nobody in whose claim is %j, and ends what sessions he had",
    async (claim) => {
      const { browser } = await signIn();
      roles = claim;
      const { browser: other, at } = await signIn();
      expect(at).toBe("/?sign-in-failed=no-role");
      expect(await sessionOf(other)).toBe(401);
      expect(await sessionOf(browser)).toBe(401);
      expect(await fixture.stores.administrators.list(tenant.id)).toEqual([]);
    },
  );

  test("lets nobody in under the name of an administrator with a token", async () => {
    await addAdministrator(fixture, name, "administrator");
    const { browser, at } = await signIn();
    expect(at).toBe("/?sign-in-failed=name-taken");
    expect(await sessionOf(browser)).toBe(401);
  });

  test("DELETE of the administrator ends his session", async () => {
    const { browser } = await signIn();
    await fixture.call({ method: "DELETE", url: `/api/v1/administrators/${name}` });
    expect(await sessionOf(browser)).toBe(401);
  });

  test("asks with PKCE, state and nonce, and keeps them in a short-lived cookie of these calls", async () => {
    const { status, headers } = await sendRaw(fixture, { url: "/api/v1/session/openid" });
    expect(status).toBe(303);
    const asked = new URL(String(headers.location)).searchParams;
    expect(Object.fromEntries(asked)).toMatchObject({
      response_type: "code",
      redirect_uri: `${origin}/api/v1/session/callback`,
      code_challenge_method: "S256",
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
    });
    expect(headers["set-cookie"]).toMatch(
      /^sip-gateway-sign-in=\S+; Max-Age=600; Path=\/api\/v1\/session; HttpOnly; SameSite=Lax$/,
    );
  });

  test("a callback that this browser did not ask for signs nobody in", async () => {
    const url = "/api/v1/session/callback?code=stolen&state=foreign";
    const without = await sendRaw(fixture, { url });
    expect([without.status, without.headers.location]).toEqual([303, "/?sign-in-failed=stale"]);
    const begun = await sendRaw(fixture, { url: "/api/v1/session/openid" });
    const [cookie = ""] = String([begun.headers["set-cookie"]].flat()[0]).split(";");
    const foreign = await sendRaw(fixture, { url, headers: { cookie } });
    expect(foreign.headers.location).toMatch(/^\/\?sign-in-failed=(refused|unavailable)$/);
    expect(String(foreign.headers["set-cookie"])).not.toContain("sip-gateway-session=");
  });

  test("who cancels at the provider is not signed in", async () => {
    const begun = await sendRaw(fixture, { url: "/api/v1/session/openid" });
    const [cookie = ""] = String([begun.headers["set-cookie"]].flat()[0]).split(";");
    const state = new URL(String(begun.headers.location)).searchParams.get("state");
    const iss = encodeURIComponent(issuer.url);
    const url = `/api/v1/session/callback?error=access_denied&state=${state}&iss=${iss}`;
    const answer = await sendRaw(fixture, { url, headers: { cookie } });
    expect(answer.headers.location).toBe("/?sign-in-failed=refused");
  });

  test("a provider that does not answer leads back to the page, which says so", async () => {
    await issuer.stop();
    const { headers } = await sendRaw(fixture, { url: "/api/v1/session/openid" });
    expect(headers.location).toBe("/?sign-in-failed=unavailable");
  });
});

test("without a provider there is no such way", async () => {
  const own = await startAdminFixture();
  for (const url of ["/api/v1/session/openid", "/api/v1/session/callback?code=x"]) {
    expect((await sendRaw(own, { url })).status).toBe(404);
  }
  await own.stop();
});
