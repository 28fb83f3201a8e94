import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasChromium } from "../support/chromium.ts";
import { PageRig } from "./page-rig.ts";

const timeout = 60_000;
const macAddress = "80:5e:c0:00:66:01";
/** Tab stops between two things that a person looks for, at the most. */
const mostStops = 40;

describe.skipIf(!hasChromium)(
  "the keyboard alone",
  () => {
    let rig: PageRig;
    beforeAll(async () => {
      rig = await PageRig.open();
      for (const [mac, location] of [
        [macAddress, "Lobby"],
        ["80:5e:c0:00:66:02", "Kitchen"],
      ]) {
        await rig.api("POST", "/devices", { macAddress: mac, location });
      }
    }, timeout);
    afterAll(() => rig.close());

    test("signs in, filters, selects, opens a device, and begins and cancels what asks first", async () => {
      const page = await rig.newPage(await rig.newContext());
      page.setDefaultTimeout(15_000);
      await page.goto(`${rig.gateway.adminUrl}/`);
      await page.getByLabel("Administrator's token").waitFor();
      await tabTo(page, "Administrator's token");
      await page.keyboard.type(rig.gateway.token);
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { level: 1, name: "Dashboard" }).waitFor();

      await tabTo(page, "SIP devices");
      await page.keyboard.press("Enter");
      await page.getByRole("link", { name: macAddress }).waitFor();
      await tabTo(page, "Search devices");
      await page.keyboard.type("lobby");
      await page.getByText("1 of 2 devices").waitFor();
      await tabTo(page, macAddress);
      await page.keyboard.press("Space");
      await page.getByText("1 selected").waitFor();

      await page.keyboard.press("Tab");
      expect(await focused(page)).toBe(macAddress);
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { level: 1, name: macAddress }).waitFor();
      await tabTo(page, "Delete");
      await page.keyboard.press("Enter");
      const dialog = page.getByRole("alertdialog");
      await dialog.waitFor();
      expect(
        await page.evaluate(`document.activeElement.closest('[role="alertdialog"]') !== null`),
      ).toBe(true);
      await page.keyboard.press("Escape");
      await dialog.waitFor({ state: "detached" });
      await page.locator("button:focus", { hasText: "Delete" }).waitFor();
    });
  },
  timeout,
);

/** Presses Tab until the focus is on what bears this name, and is seen to be there. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let stops = 0; stops < mostStops; stops++) {
    if ((await focused(page)).startsWith(name)) {
      expect(await isFocusVisible(page)).toBe(true);
      return;
    }
    await page.keyboard.press("Tab");
  }
  throw new Error(`${mostStops} presses of Tab did not lead to ${name}.`);
}

/** What names the element with the focus: its label, or its text. */
function focused(page: Page): Promise<string> {
  return page.evaluate<string>(`(() => {
    const { activeElement } = document;
    const label = activeElement.getAttribute("aria-label") ?? activeElement.labels?.[0]?.textContent;
    return (label ?? activeElement.getAttribute("placeholder") ?? activeElement.textContent ?? "").trim();
  })()`);
}

/** Whether the browser takes the focus for one that is to be shown, as after a key. */
function isFocusVisible(page: Page): Promise<boolean> {
  return page.evaluate<boolean>(`document.activeElement.matches(":focus-visible")`);
}
