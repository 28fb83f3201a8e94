import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { hasChromium, launchChromium } from "../support/chromium.ts";
import {
  adele,
  folderWithUsers,
  type IdentityFixture,
  password,
  startIdentity,
} from "./identity-fixture.ts";

/** The part of the sign-in that only a real browser can judge: forms, cookies, focus and the security policy. */
describe.skipIf(!hasChromium)("the sign-in page in Chromium", () => {
  let browser: Browser;
  let data: { folder: string; remove: () => void };
  let identity: IdentityFixture;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    data = await folderWithUsers();
    identity = await startIdentity(data.folder);
    page = await (await browser.newContext()).newPage();
    complaints = [];
    page.on("console", (message) => {
      // Chromium asks for an icon by itself.
      if (!message.location().url.endsWith("/favicon.ico")) complaints.push(message.text());
    });
    page.on("request", (request) => {
      if (!request.url().startsWith(identity.origin)) complaints.push(request.url());
    });
  });
  afterEach(async () => {
    await page.context().close();
    await identity.stop();
    data.remove();
  });

  test("signs a user in, by the keyboard alone", async () => {
    const { deviceCode, verificationUriComplete } = await identity.provider.authorizeDevice({
      macAddress: "80:5e:c0:aa:bb:cc",
      location: "Lobby",
      model: "Yealink T46U",
    });
    await page.goto(verificationUriComplete);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Is this your phone?" }).waitFor();
    await page.getByText("Yealink T46U").waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await page.keyboard.type(adele.upn);
    await page.keyboard.press("Tab");
    await page.keyboard.type(password);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Signed in" }).waitFor();
    expect(await identity.provider.poll(deviceCode)).toEqual({
      outcome: "granted",
      upn: adele.upn,
    });
    expect(complaints).toEqual([]);
  });

  test("says by label and alert what is asked and what is wrong, in its own style", async () => {
    const { userCode, verificationUri } = await identity.provider.authorizeDevice();
    await page.goto(verificationUri);
    await page.getByLabel("Pairing code").fill("BBBBBBBBB");
    await page.getByRole("button", { name: "Next" }).click();
    expect(await page.getByRole("alert").textContent()).toMatch(/no such pairing code/);
    await page.getByLabel("Pairing code").fill(userCode);
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByLabel("User name").fill(adele.upn);
    await page.getByLabel("Password").fill("wrong");
    await page.getByRole("button", { name: "Sign in" }).click();
    expect(await page.getByRole("alert").textContent()).toMatch(/is wrong/);
    // Without its style the page would be as wide as the window.
    expect((await page.locator("main").boundingBox())?.width).toBeLessThan(600);
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("heading", { name: "Cancelled" }).waitFor();
    // A 401 is written to the console by itself.
    expect(complaints.filter((line) => !line.includes("401"))).toEqual([]);
  });
});
