import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { MacAddress } from "../../src/domain/mac-address.ts";
import type { AskingDevice, DeviceAuthorization } from "../../src/domain/sign-in.ts";
import { Browser, type Page } from "./browser.ts";
import {
  adele,
  folderWithUsers,
  type IdentityFixture,
  password,
  startIdentity,
} from "./identity-fixture.ts";

const lobbyPhone: AskingDevice = {
  macAddress: "805ec0aabbcc",
  location: "Lobby <b>",
  model: "Yealink T46U",
};

let data: { folder: string; remove: () => void };
let identity: IdentityFixture;
let browser: Browser;

beforeEach(async () => {
  data = await folderWithUsers();
  identity = await startIdentity(data.folder);
  browser = new Browser();
});
afterEach(async () => {
  vi.useRealTimers();
  await identity.stop();
  data.remove();
});

function authorize(): Promise<DeviceAuthorization> {
  return identity.provider.authorizeDevice(lobbyPhone);
}

/** From the pairing code to the page that asks for the password. */
async function confirm({ verificationUri, userCode }: DeviceAuthorization): Promise<Page> {
  const first = await browser.open(verificationUri);
  const second = await browser.submit(first, { user_code: userCode });
  return browser.submit(second, { confirm: "yes" });
}

function signIn(page: Page, name = adele.upn, secret = password): Promise<Page> {
  return browser.submit(page, { user_name: name, password: secret, action: "sign-in" });
}

describe("the pairing code", () => {
  test("RFC 8628 §3.2 is nine characters, with a page, a lifetime and an interval", async () => {
    const authorization = await authorize();
    expect(authorization.userCode).toMatch(/^[A-Z0-9]{9}$/);
    expect(authorization).toMatchObject({
      verificationUri: `${identity.origin}/devicelogin`,
      verificationUriComplete: `${identity.origin}/devicelogin?user_code=${authorization.userCode}`,
      lifetimeSeconds: 900,
      intervalSeconds: 5,
    });
  });

  test("on a listener for all addresses names the public one", async () => {
    await identity.stop();
    identity = await startIdentity(data.folder, { host: "0.0.0.0" });
    const { port } = new URL(identity.origin);
    expect((await authorize()).verificationUri).toBe(`http://192.0.2.10:${port}/devicelogin`);
  });

  test("RFC 8628 §3.5 is pending until somebody has signed in", async () => {
    const { deviceCode } = await authorize();
    expect(await identity.provider.poll(deviceCode)).toEqual({
      outcome: "pending",
      slowDown: false,
    });
  });

  test("RFC 8628 §6.1 is taken in lower case and with a hyphen", async () => {
    const { verificationUri, userCode } = await authorize();
    const typed = `${userCode.slice(0, 4)}-${userCode.slice(4)}`.toLowerCase();
    const page = await browser.submit(await browser.open(verificationUri), { user_code: typed });
    expect(page.heading).toBe("Is this your phone?");
  });

  test("in the URL is put into the form, and nothing sends itself", async () => {
    const { verificationUriComplete, userCode } = await authorize();
    const page = await browser.open(verificationUriComplete);
    expect(page.html).toContain(`value="${userCode}"`);
    expect(page.html).not.toContain("<script");
  });

  test("that is unknown is told so, and guessing is slowed by address", async () => {
    let page = await browser.open(`${identity.origin}/devicelogin`);
    for (let guess = 0; guess < 20; guess++) {
      page = await browser.submit(page, { user_code: "BBBBBBBBB" });
      expect(page.alert).toMatch(/no such pairing code/);
    }
    page = await browser.submit(page, { user_code: (await authorize()).userCode });
    expect(page.status).toBe(429);
    expect(page.headers.get("retry-after")).toBe("900");
    identity.clock.advance(900_000);
    expect((await browser.open(`${identity.origin}/devicelogin`)).status).toBe(200);
  });

  test("that is missing is asked for", async () => {
    const page = await browser.open(`${identity.origin}/devicelogin`);
    expect((await browser.submit(page, { user_code: "" })).alert).toBe("Enter the pairing code.");
  });

  test("that has expired is told so on the page and to the poll", async () => {
    const { verificationUri, userCode, deviceCode } = await authorize();
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 901_000 });
    const page = await browser.open(verificationUri);
    expect((await browser.submit(page, { user_code: userCode })).alert).toMatch(/has expired/);
    expect(await identity.provider.poll(deviceCode)).toEqual({ outcome: "expired" });
  });
});

describe("a sign-in", () => {
  test("names tenant, phone and code, asks for the password, and grants the UPN once", async () => {
    const authorization = await authorize();
    const { verificationUri, userCode, deviceCode } = authorization;
    const confirmation = await browser.submit(await browser.open(verificationUri), {
      user_code: userCode,
    });
    for (const text of ["Contoso &lt;Ltd&gt;", "Yealink T46U", "Lobby &lt;b&gt;", userCode]) {
      expect(confirmation.html).toContain(text);
    }
    const login = await browser.submit(confirmation, { confirm: "yes" });
    expect(login.html).toContain("Yealink T46U");
    const done = await signIn(login, " Adele@Contoso.Example ");
    expect([done.status, done.heading]).toEqual([200, "Signed in"]);
    expect(await identity.provider.poll(deviceCode)).toEqual({
      outcome: "granted",
      upn: adele.upn,
    });
    expect(await identity.provider.poll(deviceCode)).toMatchObject({ outcome: "denied" });
  });

  test("is polled by two at once and granted to one", async () => {
    const authorization = await authorize();
    await signIn(await confirm(authorization));
    const polls = [1, 2, 3].map(() => identity.provider.poll(authorization.deviceCode));
    const outcomes = (await Promise.all(polls)).map(({ outcome }) => outcome);
    expect(outcomes.filter((outcome) => outcome === "granted").length).toBeLessThanOrEqual(1);
    expect(outcomes).not.toContain("pending");
  });

  test("uses a code up: a second person cannot take it", async () => {
    const authorization = await authorize();
    await signIn(await confirm(authorization));
    browser = new Browser();
    const page = await browser.open(authorization.verificationUri);
    const answer = await browser.submit(page, { user_code: authorization.userCode });
    expect(answer.alert).toMatch(/used already/);
  });

  test("in the same browser asks for the password again, and may be another's", async () => {
    const bruno = { ...adele, upn: "bruno@contoso.example", phoneNumber: "+14255550101" };
    const found = await identity.stores.users.find(adele.tenantId, adele.upn);
    await identity.stores.users.putMany([{ ...bruno, passwordHash: found?.passwordHash ?? null }]);
    await signIn(await confirm(await authorize()));
    const second = await authorize();
    const login = await confirm(second);
    expect(login.heading).toBe("Sign in");
    expect((await signIn(login, bruno.upn)).heading).toBe("Signed in");
    expect(await identity.provider.poll(second.deviceCode)).toMatchObject({ upn: bruno.upn });
  });

  test("goes on after the gateway was started again in the middle of it", async () => {
    const authorization = await authorize();
    const login = await confirm(authorization);
    await identity.stop();
    identity = await startIdentity(data.folder, { port: Number(new URL(identity.origin).port) });
    expect((await signIn(login)).heading).toBe("Signed in");
    expect(await identity.provider.poll(authorization.deviceCode)).toMatchObject({
      outcome: "granted",
    });
  });

  test.each(["the confirmation", "the password"])("cancelled at %s is denied", async (step) => {
    const authorization = await authorize();
    const { verificationUri, userCode, deviceCode } = authorization;
    let page: Page;
    if (step === "the password") {
      page = await browser.submit(await confirm(authorization), { action: "cancel" });
    } else {
      page = await browser.submit(await browser.open(verificationUri), { user_code: userCode });
      page = await browser.submit(page, { abort: "yes" });
    }
    expect(page.heading).toBe("Cancelled");
    expect(await identity.provider.poll(deviceCode)).toMatchObject({ outcome: "denied" });
  });

  test("of a user who was deleted meanwhile names them: the gateway says that they are not there", async () => {
    const authorization = await authorize();
    await signIn(await confirm(authorization));
    await identity.stores.users.remove(adele.tenantId, adele.upn);
    expect(await identity.provider.poll(authorization.deviceCode)).toEqual({
      outcome: "granted",
      upn: adele.upn,
    });
  });
});

describe("a wrong password", () => {
  test("is told in the same words as an unknown user", async () => {
    const login = await confirm(await authorize());
    const wrong = await signIn(login, adele.upn, "wrong");
    const unknown = await signIn(login, "nobody@contoso.example", "wrong");
    expect([wrong.status, unknown.status]).toEqual([401, 401]);
    expect(wrong.alert).toBe("User name or password is wrong.");
    expect(unknown.html.replace("nobody@contoso.example", adele.upn)).toBe(wrong.html);
  });

  test.each([adele.upn, "nobody@contoso.example"])(
    "five times locks %s for a quarter of an hour, even for the right one",
    async (name) => {
      const login = await confirm(await authorize());
      for (let guess = 0; guess < 5; guess++) await signIn(login, name, `guess ${guess}`);
      const locked = await signIn(login, name);
      expect([locked.status, locked.headers.get("retry-after")]).toEqual([429, "900"]);
      expect(locked.alert).toMatch(/Wait 15 minutes/);
    },
  );

  test("stands in the phone's history, with the address and without what was typed", async () => {
    await signIn(await confirm(await authorize()), "my-password", "wrong");
    const macAddress = "805ec0aabbcc" as MacAddress;
    const page = await identity.stores.history.list(adele.tenantId, macAddress, { limit: 9 });
    expect(page.items).toMatchObject([
      {
        kind: "refused",
        text: "Wrong user name or password on the sign-in page, from 127.0.0.1.",
        actor: "sign-in page",
      },
    ]);
  });

  test("can be mended on the page", async () => {
    const authorization = await authorize();
    const wrong = await signIn(await confirm(authorization), adele.upn, "wrong");
    expect((await signIn(wrong)).heading).toBe("Signed in");
  });

  test("a user without a password cannot sign in", async () => {
    await identity.stores.users.putMany([adele]);
    const answer = await signIn(await confirm(await authorize()), adele.upn, "");
    expect(answer.status).toBe(401);
  });
});

describe("the pages", () => {
  test("forbid scripts, frames and other sites, and are not kept", async () => {
    const page = await browser.open(`${identity.origin}/devicelogin`);
    const policy = page.headers.get("content-security-policy") ?? "";
    expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-/);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(page.headers.get("cache-control")).toContain("no-store");
    expect(page.html).not.toMatch(/<script|https?:\/\/| on[a-z]+=/);
  });

  test("refuse a form that another site made (CSRF)", async () => {
    const { verificationUri, userCode } = await authorize();
    await browser.open(verificationUri);
    const forged = { url: new URL(verificationUri), html: '<form action="">' } as Page;
    for (const fields of [{ user_code: userCode }, { user_code: userCode, xsrf: "0" }]) {
      const page = await browser.submit(forged, { ...fields, confirm: "yes" });
      expect([page.status, page.heading]).toEqual([400, "Sign in on a phone"]);
    }
  });

  test("give the password's form to nobody but who confirmed the code", async () => {
    const login = await confirm(await authorize());
    browser = new Browser();
    const answer = await signIn(login);
    expect([answer.status, answer.heading]).toEqual([400, "This page has expired"]);
  });

  test("take no form larger than theirs", async () => {
    const login = await confirm(await authorize());
    const answer = await signIn(login, adele.upn, "x".repeat(10_000));
    expect(answer.status).toBe(400);
  });

  test("show what was typed as text", async () => {
    const page = await browser.open(
      `${identity.origin}/devicelogin?user_code=${encodeURIComponent('"><script>')}`,
    );
    expect(page.html).toContain("&quot;&gt;&lt;script&gt;");
  });
});

describe("a stranger", () => {
  test("gets no pairing code without the gateway's secret", async () => {
    const response = await fetch(`${identity.origin}/oidc/device-authorization`, {
      method: "POST",
      body: new URLSearchParams({ client_id: "sip-gateway", scope: "openid" }),
    });
    expect(response.status).toBe(401);
  });

  test("cannot make the page's URL point elsewhere", async () => {
    const headers = { "x-forwarded-host": "evil.example", "x-forwarded-proto": "https" };
    const url = `${identity.origin}/.well-known/openid-configuration`;
    const text = await (await fetch(url, { headers })).text();
    expect(text).not.toContain("evil.example");
    expect(JSON.parse(text)).toMatchObject({ issuer: identity.origin });
  });
});
