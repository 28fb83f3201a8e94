import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasChromium } from "../support/chromium.ts";
import { PageRig } from "./page-rig.ts";

const timeout = 60_000;

describe.skipIf(!hasChromium)(
  "the dashboard",
  () => {
    let rig: PageRig;
    let page: Page;
    beforeAll(async () => {
      rig = await PageRig.open();
      page = await rig.visit("/");
    }, timeout);
    afterAll(() => rig.close());

    test("counts devices by state, live, each number leading to its devices", async () => {
      await page.getByRole("link", { name: "SIP devices 0", exact: true }).waitFor();
      await rig.enrolledPhone();
      await page.getByRole("link", { name: "Waiting for sign in 1" }).waitFor();
      await page.getByRole("link", { name: "Online 1 0 offline" }).waitFor();
      await page.getByRole("link", { name: "Waiting for sign in 1" }).click();
      await page.getByRole("cell", { name: "Waiting for sign in" }).waitFor();
      await page.goBack();
      await page.getByRole("link", { name: "Need attention 0" }).click();
      await page.waitForURL(/filter=attention$/);
      await page.goBack();
    });

    test("tells the health of storage and SIP, and the node", async () => {
      const health = page.getByRole("region", { name: "Health" });
      await health.getByText("Storage: works").waitFor();
      await health.getByText("SIP: works").waitFor();
      await health.getByText(`UDP 127.0.0.1:${rig.gateway.sipPort}`).waitFor();
      await health.getByText(/seconds?$|minutes?/).waitFor();
    });

    test("shows what happened as charts, in words, and as a table", async () => {
      for (let minute = 0; minute < 8; minute++) {
        await rig.api("POST", "/lab/clock/advance", { seconds: 60 });
      }
      await page.reload();
      const enrollments = page.getByRole("region", { name: "Enrolments" });
      await enrollments.getByText(/Phones enrolled: last \d+, highest 1/).waitFor();
      await enrollments.locator("svg path").first().waitFor();
      await rig.expectAccessible(page);
      await rig.screenshot(page, "dashboard-wide");
      await rig.expectNoSidewaysScroll(page);
      await enrollments.getByRole("button", { name: "Enrolments as a table" }).click();
      const table = enrollments.getByRole("table");
      expect(await table.getByRole("row").count()).toBeGreaterThan(5);
      await rig.expectAccessible(page);
      await page.getByRole("radio", { name: "Last day" }).check();
      await enrollments.getByText(/Phones enrolled: last \d+, highest 1/).waitFor();
    });

    test("stands on a narrow screen in the dark", async () => {
      const narrow = await rig.visit("/", { size: "narrow", colorScheme: "dark" });
      await narrow
        .getByRole("region", { name: "Failures", exact: true })
        .locator("svg path")
        .first()
        .waitFor();
      await rig.expectNoSidewaysScroll(narrow);
      await rig.expectAccessible(narrow);
      await rig.screenshot(narrow, "dashboard-narrow-dark");
      await narrow.getByRole("heading", { name: "Calls" }).scrollIntoViewIfNeeded();
      await rig.screenshot(narrow, "dashboard-charts-narrow-dark");
    });

    test("stands in high contrast", async () => {
      await page.evaluate("localStorage.setItem('sip-gateway-appearance', 'high-contrast')");
      await page.reload();
      const failures = page.getByRole("region", { name: "Failures", exact: true });
      await failures.locator("svg path").first().waitFor();
      await rig.expectAccessible(page);
      await failures.scrollIntoViewIfNeeded();
      await rig.screenshot(page, "dashboard-high-contrast");
    });
  },
  timeout,
);
