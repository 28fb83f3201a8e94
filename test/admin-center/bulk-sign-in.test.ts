import { afterAll, beforeAll, describe, test } from "vitest";
import { hasChromium } from "../support/chromium.ts";
import { csvFile } from "./csv-file.ts";
import { PageRig } from "./page-rig.ts";
import { row } from "./table-row.ts";

const timeout = 60_000;

describe.skipIf(!hasChromium)(
  "bulk sign-in",
  () => {
    let rig: PageRig;
    beforeAll(async () => {
      rig = await PageRig.open();
    }, timeout);
    afterAll(() => rig.close());

    test("users are signed in by a file, and each line says how it stands", async () => {
      const upn = "adele@contoso.example";
      await rig.api("PUT", `/users/${upn}`, {
        displayName: "Adele Vance",
        phoneNumber: "+14255550100",
      });
      await rig.api("PUT", "/conditional-access", {
        enabled: false,
        trustedRanges: ["127.0.0.0/8"],
        excludedAddresses: [],
      });
      const page = await rig.visit("/provision/sign-in");
      const { macAddress } = await rig.enrolledPhone();
      await row(page, macAddress).waitFor();
      await page.getByRole("button", { name: "Bulk sign-in" }).click();
      await page.getByText("Enable bulk sign-in to upload a file.").waitFor();
      await page.getByRole("switch", { name: "Bulk sign-in is enabled" }).check();
      const lines = ["Username,HardwareId", `${upn},${macAddress}`, "nobody,80:5e:c0:bb:00:02"];
      await page.getByLabel("CSV file with users").setInputFiles(csvFile(lines));
      await row(page, "Username malformed").getByText("Failed", { exact: true }).waitFor();
      await row(page, upn).getByText("Completed").waitFor();
      await page.getByText("All 2 lines have ended: 1 signed in, 1 failed.").waitFor();
      await rig.expectAccessible(page);
      await rig.screenshot(page, "provision-bulk-batch-wide");
      await page.getByRole("button", { name: "Back" }).click();
      await row(page, "Completed").waitFor();
      await rig.expectAccessible(page);
      await rig.screenshot(page, "provision-bulk-wide");

      const narrow = await rig.visit("/provision/bulk-sign-in", {
        size: "narrow",
        colorScheme: "dark",
      });
      await row(narrow, "Completed").waitFor();
      await rig.expectNoSidewaysScroll(narrow);
      await rig.screenshot(narrow, "provision-bulk-narrow-dark");
    });
  },
  timeout,
);
