import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasChromium } from "../support/chromium.ts";
import { PageRig } from "./page-rig.ts";

const timeout = 60_000;

/** A row of the page's table. */
function row(page: Page, text: string) {
  return page.getByRole("row").filter({ hasText: text });
}

describe.skipIf(!hasChromium)(
  "provision devices",
  () => {
    let rig: PageRig;
    let page: Page;
    beforeAll(async () => {
      rig = await PageRig.open();
      page = await rig.visit("/provision");
    }, timeout);
    afterAll(() => rig.close());

    test("a MAC address is checked as it is typed, and added by hand", async () => {
      const open = page.getByRole("button", { name: "Add MAC address" });
      await open.click();
      const field = page.getByRole("textbox", { name: "MAC address" });
      await field.fill("80:5e:c");
      await page.getByText("5 of 12 digits").waitFor();
      await field.fill("80:5e:cx");
      await page.getByText("this has other characters").waitFor();
      await field.fill("805E-C0AA-BB01");
      await page.getByText("80:5e:c0:aa:bb:01").waitFor();
      await page.getByRole("textbox", { name: "Location" }).fill("Reception <b>1</b>");
      await rig.expectAccessible(page);
      await rig.screenshot(page, "provision-add-wide");
      await page.getByRole("button", { name: "Save and add another" }).click();
      await page.getByText("80:5e:c0:aa:bb:01 was added.").waitFor();
      await field.fill("805ec0aabb01");
      await page.getByText("has been added before").waitFor();
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "detached" });
      await row(page, "Reception <b>1</b>").waitFor();
      expect(await page.evaluate("document.activeElement.textContent")).toBe("Add MAC address");
    });
  },
  timeout,
);
