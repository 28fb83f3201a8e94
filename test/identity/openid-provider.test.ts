import type { ServerResponse } from "node:http";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type IdentityProvider, IdentityProviderError } from "../../src/domain/sign-in.ts";
import { boundedFetch } from "../../src/identity/bounded-fetch.ts";
import { OpenIdProvider } from "../../src/identity/openid-provider.ts";
import { Browser } from "./browser.ts";
import {
  gatewayAtIssuer,
  listen,
  type OutsideIssuer,
  startOutsideIssuer,
} from "./outside-issuer.ts";

let issuer: OutsideIssuer | undefined;
beforeEach(() => {
  // oidc-provider says loudly that its development pages are not for production.
  vi.spyOn(console, "warn").mockReturnValue();
  vi.spyOn(console, "info").mockReturnValue();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await issuer?.stop();
  issuer = undefined;
});

function providerAt(url: string, changes: { userClaim?: string; scopes?: string } = {}) {
  return new OpenIdProvider({
    ...gatewayAtIssuer,
    issuer: () => url,
    scopes: "openid profile",
    userClaim: "upn",
    fetch: boundedFetch(),
    ...changes,
  });
}

async function outside(options: { inIdToken: boolean }): Promise<OpenIdProvider> {
  issuer = await startOutsideIssuer(options);
  return providerAt(issuer.url);
}

/** Signs in on the issuer's own pages. */
async function signInOutside(uri: string, userCode: string, name: string): Promise<void> {
  const browser = new Browser();
  const confirmation = await browser.submit(await browser.open(uri), { user_code: userCode });
  const login = await browser.submit(confirmation, {});
  const consent = await browser.submit(login, { prompt: "login", login: name, password: "x" });
  const done = await browser.submit(consent, { prompt: "consent" });
  expect(done.html).toContain("successful");
}

describe("an outside issuer", () => {
  test.each([true, false])(
    "grants the user's name, lower case (claim in the ID token: %s)",
    async (inIdToken) => {
      const provider = await outside({ inIdToken });
      const { deviceCode, userCode, verificationUri } = await provider.authorizeDevice();
      expect(await provider.poll(deviceCode)).toEqual({ outcome: "pending", slowDown: false });
      await signInOutside(verificationUri, userCode, "adele@contoso.example");
      const granted = { outcome: "granted", upn: "adele@contoso.example" };
      expect(await provider.poll(deviceCode)).toEqual(granted);
      expect(await provider.poll(deviceCode)).toMatchObject({ outcome: "denied" });
    },
  );

  test("RFC 8628 §3.5 where the user cancels is denied", async () => {
    const provider = await outside({ inIdToken: true });
    const { deviceCode, userCode, verificationUri } = await provider.authorizeDevice();
    const browser = new Browser();
    const page = await browser.submit(await browser.open(verificationUri), {
      user_code: userCode,
    });
    await browser.submit(page, { abort: "yes" });
    expect(await provider.poll(deviceCode)).toMatchObject({ outcome: "denied" });
  });

  test("that tells no such claim is denied with the setting to change", async () => {
    issuer = await startOutsideIssuer({ inIdToken: true });
    const provider = providerAt(issuer.url, { userClaim: "email" });
    const { deviceCode, userCode, verificationUri } = await provider.authorizeDevice();
    await signInOutside(verificationUri, userCode, "adele@contoso.example");
    expect(await provider.poll(deviceCode)).toEqual({
      outcome: "denied",
      reason: expect.stringContaining("OIDC_USER_CLAIM"),
    });
  });

  test("that does not know the gateway gives no code, and the reason is its own", async () => {
    issuer = await startOutsideIssuer({ inIdToken: true });
    const stranger = new OpenIdProvider({
      issuer: () => issuer?.url ?? "",
      clientId: "gateway-at-issuer",
      clientSecret: "another-secret",
      scopes: "openid",
      userClaim: "upn",
      fetch: boundedFetch(),
    });
    const refusal = await failure(stranger);
    expect(refusal).toBeInstanceOf(IdentityProviderError);
    expect(refusal.message).toMatch(/invalid_client/);
    expect(refusal.message).not.toContain("another-secret");
  });
});

async function failure(provider: IdentityProvider): Promise<Error> {
  try {
    await provider.authorizeDevice();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error("it did not fail");
}

interface Script {
  /** Answers to the token endpoint. */
  token?: (response: ServerResponse) => void;
  /** Whether discovery answers, asked at each request. */
  isUp?: () => boolean;
  discovery?: Record<string, unknown>;
}

/** An issuer that answers what the test says. */
function scripted({ token, isUp = () => true, discovery = {} }: Script): Promise<OutsideIssuer> {
  return listen((url) => (request, response) => {
    if (request.url === "/token" && token !== undefined) return token(response);
    if (!isUp()) return json(response, 503, {});
    if (request.url === "/device") {
      return json(response, 200, {
        device_code: "device",
        user_code: "USER",
        verification_uri: `${url}/login`,
        expires_in: 10_000_000,
      });
    }
    const metadata = {
      issuer: url,
      token_endpoint: `${url}/token`,
      device_authorization_endpoint: `${url}/device`,
      jwks_uri: `${url}/jwks`,
      ...discovery,
    };
    return json(response, 200, request.url === "/jwks" ? { keys: [] } : metadata);
  });
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

describe("an issuer that misbehaves", () => {
  async function pollWith(token: (response: ServerResponse) => void) {
    issuer = await scripted({ token });
    return providerAt(issuer.url).poll("device");
  }

  test("RFC 8628 §3.5 slow_down is pending, and slower", async () => {
    const answer = await pollWith((response) => json(response, 400, { error: "slow_down" }));
    expect(answer).toEqual({ outcome: "pending", slowDown: true });
  });

  test("RFC 8628 §3.5 expired_token is expired", async () => {
    const answer = await pollWith((response) => json(response, 400, { error: "expired_token" }));
    expect(answer).toEqual({ outcome: "expired" });
  });

  test("RFC 8628 §3.2 without an interval is polled every 5 s, a day at most", async () => {
    issuer = await scripted({});
    expect(await providerAt(issuer.url).authorizeDevice()).toEqual({
      deviceCode: "device",
      userCode: "USER",
      verificationUri: `${issuer.url}/login`,
      verificationUriComplete: `${issuer.url}/login`,
      intervalSeconds: 5,
      lifetimeSeconds: 86_400,
    });
  });

  test.each<[string, (response: ServerResponse) => void]>([
    ["a fault of its own", (response) => json(response, 500, {})],
    ["no JSON", (response) => response.end("<html>")],
    ["a closed connection", (response) => response.destroy()],
    ["an endless answer", (response) => response.end("x".repeat(600 * 1024))],
  ])("with %s is unavailable and asked again", async (_case, token) => {
    const answer = await pollWith(token);
    expect(answer).toEqual({ outcome: "unavailable", reason: expect.stringMatching(/.{5}/) });
  });

  test("with a reason of many lines is quoted in one short line", async () => {
    const description = `first\nsecond ${"x".repeat(1000)}`;
    const answer = await pollWith((response) =>
      json(response, 400, { error: "access_denied", error_description: description }),
    );
    if (answer.outcome !== "denied") throw new Error(answer.outcome);
    expect(answer.reason).toMatch(/^access_denied, first second x+$/);
    expect(answer.reason.length).toBeLessThanOrEqual(200);
  });

  test("OpenID Connect Core §3.1.3.7 with an ID token that nobody signed grants nothing", async () => {
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const now = Math.floor(Date.now() / 1000);
    const answer = await pollWith((response) => {
      const claims = {
        iss: issuer?.url,
        aud: gatewayAtIssuer.clientId,
        sub: "a",
        upn: "adele@contoso.example",
        iat: now,
        exp: now + 60,
      };
      const idToken = `${encode({ alg: "RS256" })}.${encode(claims)}.${"A".repeat(342)}`;
      json(response, 200, { access_token: "a", token_type: "bearer", id_token: idToken });
    });
    expect(answer.outcome).toBe("unavailable");
  });

  test("without an ID token is denied", async () => {
    const tokens = { access_token: "a", token_type: "bearer" };
    const answer = await pollWith((response) => json(response, 200, tokens));
    expect(answer).toEqual({ outcome: "denied", reason: expect.stringContaining("OIDC_SCOPES") });
  });

  test("that was away when first asked is discovered anew", async () => {
    let up = false;
    issuer = await scripted({ isUp: () => up });
    const provider = providerAt(issuer.url);
    expect((await failure(provider)).message).toMatch(/gave no pairing code/);
    up = true;
    expect(await provider.authorizeDevice()).toMatchObject({ userCode: "USER" });
  });

  test("that says it is another issuer is not believed", async () => {
    issuer = await scripted({ discovery: { issuer: "https://another.example" } });
    expect(await failure(providerAt(issuer.url))).toBeInstanceOf(IdentityProviderError);
  });
});
