import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DemoAdministrator } from "../../src/cli/demo/demo-administrator.ts";
import { signInAsPerson } from "../../src/cli/sign-in-as-person.ts";
import { hasChromium } from "../support/chromium.ts";
import { adele } from "../support/signed-in-phone.ts";
import { PageRig } from "./page-rig.ts";

const timeout = 60_000;
const bianca = { ...adele, upn: "bianca@contoso.example", phoneNumber: "+14255550101" };

describe.skipIf(!hasChromium)(
  "the calls",
  () => {
    let rig: PageRig;
    let page: Page;
    beforeAll(async () => {
      rig = await PageRig.open();
      page = await rig.visit("/calls");
    }, timeout);
    afterAll(() => rig.close());

    /** An enrolled phone on which a user is signed in. */
    async function phoneOf(user: typeof adele) {
      const { phone, macAddress } = await rig.enrolledPhone("yealink", "Lobby", {
        answersForSeconds: 5,
      });
      const administrator = new DemoAdministrator(rig.gateway);
      await administrator.putUser(user);
      await signInAsPerson(await administrator.startSignIn(macAddress), user);
      await phone.waitForAccount(user.phoneNumber);
      return phone;
    }

    const row = (text: string) => page.getByRole("row").filter({ hasText: text });

    test("appear as they begin, are answered and end, without a reload", async () => {
      await page.getByText("No call was made since the gateway's start.").waitFor();
      const caller = await phoneOf(adele);
      await row("Verification code").filter({ hasText: "Completed" }).waitFor();
      await phoneOf(bianca);
      const call = caller.dial(bianca.phoneNumber);
      const userCall = row("To a user").filter({ hasText: adele.phoneNumber });
      await Promise.all([
        userCall.filter({ hasText: "In progress" }).waitFor(),
        page.getByRole("button", { name: "In progress 1" }).waitFor(),
      ]);
      await call;
      await userCall.filter({ hasText: "Completed" }).waitFor();
      await page.getByRole("button", { name: "In progress 0" }).waitFor();
      await rig.expectAccessible(page);
      await rig.screenshot(page, "calls-wide");
    });

    test("are filtered, searched and saved as CSV", async () => {
      await page.getByRole("searchbox").fill("to a user");
      await page.getByText("1 of 3 calls").waitFor();
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("button", { name: "Export" }).click(),
      ]);
      expect(download.suggestedFilename()).toMatch(/^calls-\d{4}-\d\d-\d\d\.csv$/);
      const [, line] = (await readFile(await download.path(), "utf8")).split("\r\n");
      expect(line).toContain(`sip:${bianca.phoneNumber}@`);
      expect(line).toContain("Completed");
      await page.getByRole("searchbox").fill("nothing of the kind");
      await page.getByText("No call matches.").waitFor();
    });

    test("stand on a narrow screen in the dark", async () => {
      const narrow = await rig.visit("/calls", { size: "narrow", colorScheme: "dark" });
      await narrow.getByRole("row").filter({ hasText: "To a user" }).waitFor();
      await rig.expectNoSidewaysScroll(narrow);
      await rig.expectAccessible(narrow);
      await rig.screenshot(narrow, "calls-narrow-dark");
    });
  },
  timeout,
);
