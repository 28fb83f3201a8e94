import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasChromium } from "../support/chromium.ts";
import { PageRig } from "./page-rig.ts";

const timeout = 60_000;

describe.skipIf(!hasChromium)(
  "conditional access",
  () => {
    let rig: PageRig;
    let page: Page;
    beforeAll(async () => {
      rig = await PageRig.open();
      page = await rig.visit("/conditional-access");
    }, timeout);
    afterAll(() => rig.close());

    test("says which addresses are blocked, and excludes them all at once", async () => {
      await page.getByText("The rule is off").first().waitFor();
      await page.getByRole("switch").check();
      await page.getByText(/Sign-ins are blocked from 52\.170\.38\.140 \(Americas\)/).waitFor();
      await rig.expectAccessible(page);
      await rig.screenshot(page, "conditional-access-wide");
      await page.getByRole("checkbox", { name: "Exclude 52.170.38.140" }).check();
      await page.getByText(/Sign-ins are blocked from 40\.112\.144\.212/).waitFor();
      await page.getByRole("button", { name: "Exclude all of them" }).click();
      await page.getByText("Every address of the gateway is excluded or trusted").waitFor();
      expect(await rig.api("GET", "/conditional-access")).toMatchObject({
        enabled: true,
        missingAddresses: [],
      });
    });

    test("takes trusted ranges that are ranges, and removes them", async () => {
      const field = page.getByRole("textbox", { name: "Range" });
      await field.fill("20.92.120.71/33");
      await page.keyboard.press("Enter");
      await page.getByText("This is no range").waitFor();
      await field.fill("20.92.120.0/24");
      await page.keyboard.press("Enter");
      const remove = page.getByRole("button", { name: "Remove 20.92.120.0/24" });
      await remove.waitFor();
      await page.getByRole("checkbox", { name: "Exclude 20.92.120.71" }).uncheck();
      await page.getByText("In a trusted range").waitFor();
      await remove.click();
      await page.getByText(/Sign-ins are blocked from 20\.92\.120\.71 \(Asia Pacific\)/).waitFor();
      await page.getByText("Saved", { exact: true }).waitFor();
      expect(await page.evaluate("document.activeElement.tagName")).toBe("SECTION");
    });

    test("stands on a narrow screen in the dark, where a reader changes nothing", async () => {
      const reader = (await rig.api("POST", "/administrators", {
        name: "Rita",
        role: "reader",
      })) as { token: string };
      const narrow = await rig.visit("/conditional-access", {
        size: "narrow",
        colorScheme: "dark",
        token: reader.token,
      });
      await narrow
        .getByText(/Sign-ins are blocked from/)
        .first()
        .waitFor();
      expect(await narrow.getByRole("switch").count()).toBe(0);
      expect(await narrow.getByRole("button", { name: "Add range" }).count()).toBe(0);
      await rig.expectNoSidewaysScroll(narrow);
      await rig.expectAccessible(narrow);
      await rig.screenshot(narrow, "conditional-access-narrow-dark");
    });
  },
  timeout,
);
