import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasChromium } from "../support/chromium.ts";
import { PageRig } from "./page-rig.ts";

const timeout = 60_000;

describe.skipIf(!hasChromium)(
  "administrators",
  () => {
    let rig: PageRig;
    let page: Page;
    let token: string;
    beforeAll(async () => {
      rig = await PageRig.open();
      page = await rig.visit("/administrators");
    }, timeout);
    afterAll(() => rig.close());

    const row = (text: string) => page.getByRole("row").filter({ hasText: text });

    test("are added, with a token that is shown once and works", async () => {
      await row("The token in the settings").waitFor();
      await page.getByRole("button", { name: "Add administrator" }).click();
      await page.getByRole("textbox", { name: "Name" }).fill("admin");
      await page.getByRole("button", { name: "Add", exact: true }).click();
      await page.getByText("has a meaning of its own").waitFor();
      await page.getByRole("textbox", { name: "Name" }).fill("Theo");
      await rig.expectAccessible(page);
      await page.getByRole("button", { name: "Add", exact: true }).click();
      token = (await page.locator("code").textContent()) ?? "";
      expect(token).not.toBe("");
      await rig.screenshot(page, "administrators-token-wide");
      await page.getByRole("button", { name: "Close", exact: true }).click();
      await row("Theo").filter({ hasText: "Technician" }).waitFor();
      expect(await page.getByText(token).count()).toBe(0);
      expect(await page.evaluate("document.activeElement.textContent")).toBe("Add administrator");
      await rig.expectAccessible(page);
      await rig.screenshot(page, "administrators-wide");
    });

    test("get another role, and are told where they may not look", async () => {
      const theirs = await rig.visit("/administrators", { token, size: "narrow" });
      await theirs.getByText("Only administrators see who the others are").waitFor();
      await page.getByRole("button", { name: "Change role of Theo" }).click();
      await page.getByRole("radio", { name: /^Reader/ }).check();
      await page.getByRole("button", { name: "Save" }).click();
      await row("Theo").filter({ hasText: "Reader" }).waitFor();
      await theirs.context().close();
    });

    test("are deleted, and their sessions end", async () => {
      const theirs = await rig.visit("/devices", { token, size: "narrow", colorScheme: "dark" });
      await theirs.getByRole("heading", { level: 1 }).waitFor();
      await page.getByRole("button", { name: "Delete Theo" }).click();
      await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
      await row("Theo").waitFor({ state: "detached" });
      await theirs.reload();
      await theirs.getByRole("button", { name: "Sign in" }).waitFor();
    });

    test("stand on a narrow screen in the dark", async () => {
      const narrow = await rig.visit("/administrators", { size: "narrow", colorScheme: "dark" });
      await narrow.getByRole("row").filter({ hasText: "admin" }).waitFor();
      await rig.expectNoSidewaysScroll(narrow);
      await rig.expectAccessible(narrow);
      await rig.screenshot(narrow, "administrators-narrow-dark");
    });
  },
  timeout,
);
