import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { StartedSignIn } from "../../src/cli/sign-in-as-person.ts";
import { gatewayAtIssuer, startOutsideIssuer } from "../identity/outside-issuer.ts";
import { AdminClient } from "../support/admin-client.ts";
import { hasChromium, launchChromium } from "../support/chromium.ts";
import { GatewayProcess } from "../support/gateway-process.ts";
import { adele, type EnrolledPhone, enrolPhone } from "../support/signed-in-phone.ts";
import { waitUntil } from "../support/wait-until.ts";

/** An issuer is asked every five seconds, and Chromium takes its time on a busy machine. */
const patienceMilliseconds = 60_000;
const aor = `sip:${adele.phoneNumber}@contoso.example`;

interface SignInStatus {
  readonly status: string;
  readonly reason: string | null;
  readonly upn: string | null;
}

/** From the administrator's call to the phone's registration as the user, with a person in a real browser between. */
describe.skipIf(!hasChromium)("a sign-in in Chromium, to the phone's registration", () => {
  let browser: Browser;
  let page: Page;
  const toStop: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterEach(async () => {
    await page?.context().close();
    for (const stop of toStop.splice(0).reverse()) await stop();
    vi.restoreAllMocks();
  });
  afterAll(() => browser.close());

  async function signIn(
    environment: Record<string, string>,
    inBrowser: (started: StartedSignIn) => Promise<void>,
  ): Promise<void> {
    const gateway = await GatewayProcess.start({ environment });
    toStop.push(() => gateway.stop());
    const enrolled = await enrolPhone(gateway);
    toStop.push(() => enrolled.phone.stop());
    const { phone, administrator, macAddress, faults } = enrolled;
    await administrator.putUser(adele);
    const started = await administrator.startSignIn(macAddress);
    expect(await statusOf(gateway, macAddress)).toMatchObject({ status: "pending", upn: null });
    page = await (await browser.newContext()).newPage();
    await inBrowser(started);
    await phone.waitForAccount(adele.phoneNumber);
    await expectSignedIn(gateway, enrolled);
    expect(faults).toEqual([]);
  }

  it("with the built-in provider", { timeout: patienceMilliseconds }, async () => {
    await signIn({}, async ({ verificationUri, userCode }) => {
      await page.goto(verificationUri);
      await page.getByLabel("Pairing code").fill(userCode);
      await page.getByRole("button", { name: "Next" }).click();
      await page.getByRole("button", { name: "Continue" }).click();
      await page.getByLabel("User name").fill(adele.upn);
      await page.getByLabel("Password").fill(adele.password);
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.getByRole("heading", { name: "Signed in" }).waitFor();
    });
  });

  it("with an issuer of somebody else's", { timeout: patienceMilliseconds }, async () => {
    // oidc-provider says loudly that its development pages are not for production.
    vi.spyOn(console, "warn").mockReturnValue();
    vi.spyOn(console, "info").mockReturnValue();
    const issuer = await startOutsideIssuer({ inIdToken: false });
    toStop.push(() => issuer.stop());
    const settings = {
      OIDC_ISSUER: issuer.url,
      OIDC_CLIENT_ID: gatewayAtIssuer.clientId,
      OIDC_CLIENT_SECRET: gatewayAtIssuer.clientSecret,
      OIDC_SCOPES: "openid profile",
      OIDC_USER_CLAIM: "upn",
    };
    await signIn(settings, async ({ verificationUri, userCode }) => {
      expect(verificationUri.startsWith(issuer.url)).toBe(true);
      await page.goto(verificationUri);
      await page.locator("input[name=user_code]").fill(userCode);
      await page.locator("[type=submit]").click();
      await page.locator("[type=submit]").first().click();
      await page.locator("input[name=login]").fill(adele.upn);
      await page.locator("input[name=password]").fill("any");
      await page.locator("[type=submit]").click();
      await page.locator("[type=submit]").click();
      await page.getByText("successful").waitFor();
    });
  });
});

async function statusOf(gateway: GatewayProcess, macAddress: string): Promise<SignInStatus> {
  const reply = await fetch(`${gateway.adminUrl}/api/v1/devices/${macAddress}/sign-in`, {
    headers: { authorization: `Bearer ${gateway.token}` },
  });
  return (await reply.json()) as SignInStatus;
}

/** The phone is adele's, is reached by her number and by nothing else, and the administrator is told so. */
async function expectSignedIn(
  gateway: GatewayProcess,
  { macAddress, phone }: EnrolledPhone,
): Promise<void> {
  const admin = new AdminClient(gateway);
  const what = "The sign-in is completed and the onboarding binding has ended";
  const bindings = await waitUntil(
    async () => {
      const { items } = await admin.registrations(`?mac=${macAddress}`);
      const { status } = await statusOf(gateway, macAddress);
      return items.length === 1 && status === "completed" ? items : undefined;
    },
    { what },
  );
  expect(bindings.map((binding) => binding.aor)).toEqual([aor]);
  expect(phone.account).toMatchObject({ user: adele.phoneNumber, domain: "contoso.example" });
  expect(await statusOf(gateway, macAddress)).toMatchObject({ upn: adele.upn, reason: null });
  expect(await admin.device(macAddress)).toMatchObject({
    state: "signed-in",
    online: true,
    user: { upn: adele.upn, displayName: adele.displayName, phoneNumber: adele.phoneNumber },
  });
}
