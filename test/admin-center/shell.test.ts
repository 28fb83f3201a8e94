import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { hasChromium } from "../support/chromium.ts";
import { PageRig, sizes } from "./page-rig.ts";

describe.skipIf(!hasChromium)("the admin center", () => {
  let rig: PageRig;

  beforeAll(async () => {
    rig = await PageRig.open();
  });
  afterAll(() => rig.close());
  afterEach(() => expect(rig.complaints).toEqual([]));

  test("asks who it is, says that a token is wrong, and lets the right one in", async () => {
    const page = await rig.newPage(await rig.newContext());
    await page.goto(`${rig.gateway.adminUrl}/devices`);
    await page.getByLabel("Administrator's token").fill("wrong");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("alert").getByText("The token is wrong.").waitFor();
    await rig.expectAccessible(page);
    await rig.screenshot(page, "sign-in-wrong-token");
    await page.getByLabel("Administrator's token").fill(rig.gateway.token);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("heading", { name: "SIP devices" }).waitFor();
    expect(await page.evaluate("document.cookie")).toBe("");
    await page.reload();
    await page.getByRole("heading", { name: "SIP devices" }).waitFor();
  });

  test("says why an organization's account was not let in", async () => {
    const page = await rig.newPage(await rig.newContext());
    await page.goto(`${rig.gateway.adminUrl}/?sign-in-failed=no-role`);
    await page.getByText("Your account has no role in this gateway").waitFor();
    await page.goto(`${rig.gateway.adminUrl}/?sign-in-failed=<script>`);
    await page.getByText("The sign-in failed").waitFor();
  });

  test("ends the session for good", async () => {
    const page = await rig.visit("/devices");
    await page.getByRole("button", { name: "admin" }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.getByLabel("Administrator's token").waitFor();
    await page.reload();
    await page.getByLabel("Administrator's token").waitFor();
  });

  test.each(Object.keys(sizes) as (keyof typeof sizes)[])(
    "has a menu in a %s window",
    async (size) => {
      const page = await rig.visit("/devices", { size });
      await page.getByRole("heading", { name: "SIP devices" }).waitFor();
      if (size === "narrow") await page.getByRole("button", { name: "Open the menu" }).click();
      const menu = page.getByRole("navigation", { name: "Pages" });
      await menu.getByRole("link", { name: "Provision devices" }).waitFor();
      await rig.expectAccessible(page);
      await rig.expectNoSidewaysScroll(page);
      await rig.screenshot(page, `menu-${size}`);
    },
  );

  test("is told in German, and remembers it", async () => {
    const page = await rig.visit("/devices");
    await page.getByRole("button", { name: "admin" }).click();
    await page.getByRole("menuitemradio", { name: "Deutsch" }).click();
    await page.reload();
    expect(await page.evaluate("document.documentElement.lang")).toBe("de");
  });

  test("recovers by itself when the gateway is started again", async () => {
    const page = await rig.visit("/devices");
    await page.getByText("Live").waitFor();
    await rig.gateway.kill();
    await page.getByText("Reconnecting").waitFor();
    await rig.gateway.restart();
    await page.getByText("Live").waitFor();
    await rig.api("POST", "/devices", { macAddress: "80:5e:c0:00:99:01", location: "After" });
    await page.getByRole("link", { name: "80:5e:c0:00:99:01" }).waitFor();
  });
});
