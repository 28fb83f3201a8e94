import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasChromium } from "../support/chromium.ts";
import { PageRig } from "./page-rig.ts";

const timeout = 60_000;

describe.skipIf(!hasChromium)(
  "regions and provisioning",
  () => {
    let rig: PageRig;
    let page: Page;
    beforeAll(async () => {
      rig = await PageRig.open();
      page = await rig.visit("/regions");
      await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    }, timeout);
    afterAll(() => rig.close());

    test("copies the URL of a vendor and region, and says so", async () => {
      await page.getByRole("tab", { name: "EMEA" }).click();
      const yealink = page.getByRole("region", { name: "Yealink" });
      const url = `${rig.gateway.provisioningUrl}/emea/`;
      await yealink.getByText(url, { exact: true }).waitFor();
      await yealink.getByRole("button", { name: "Copy for Yealink: Provisioning URL" }).click();
      await yealink.getByRole("status").filter({ hasText: "Copied" }).waitFor();
      expect(await page.evaluate("navigator.clipboard.readText()")).toBe(url);
      await rig.expectAccessible(page);
      await rig.screenshot(page, "regions-wide");
    });

    test("says step by step how it is entered, and what else there is", async () => {
      const yealink = page.getByRole("region", { name: "Yealink" });
      await yealink.getByRole("button", { name: "How to enter it" }).click();
      await yealink.getByText("Press Auto Provision Now.").first().waitFor();
      await yealink.getByRole("button", { name: "URLs for bulk sign-in" }).click();
      await yealink.getByText("For a screen in another language: German").waitFor();
      await page
        .getByRole("table", { name: "Options by number" })
        .getByText("NTP server")
        .waitFor();
      await rig.expectAccessible(page);
      await rig.screenshot(page, "regions-steps-wide");
    });

    test("finds a model and its least firmware", async () => {
      const models = page.getByRole("region", { name: "Compatible devices" });
      await models.getByRole("searchbox").fill("yealink t54w");
      await models.getByRole("row").filter({ hasText: "T54W" }).waitFor();
      expect(await models.getByRole("row").count()).toBe(2);
      await models.getByRole("searchbox").fill("no such phone");
      await models.getByText("No compatible model matches.").waitFor();
    });

    test("stands on a narrow screen in the dark", async () => {
      const narrow = await rig.visit("/regions", { size: "narrow", colorScheme: "dark" });
      await narrow.getByRole("region", { name: "Yealink" }).waitFor();
      await narrow.getByRole("row").filter({ hasText: "Yealink" }).first().waitFor();
      await rig.expectNoSidewaysScroll(narrow);
      await rig.expectAccessible(narrow);
      await rig.screenshot(narrow, "regions-narrow-dark");
    });
  },
  timeout,
);
