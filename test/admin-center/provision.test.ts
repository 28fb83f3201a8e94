import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SimulatedPhone } from "../../src/lab/simulated-phones/simulated-phone.ts";
import { hasChromium } from "../support/chromium.ts";
import { csvFile } from "./csv-file.ts";
import { PageRig } from "./page-rig.ts";
import { row } from "./table-row.ts";

const timeout = 60_000;

/** The text of the file that a click saves. */
async function savedBy(page: Page, button: string): Promise<string> {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: button }).click(),
  ]);
  return readFile(await download.path(), "utf8");
}

describe.skipIf(!hasChromium)(
  "provision devices",
  () => {
    let rig: PageRig;
    let page: Page;
    let phone: SimulatedPhone;
    let macAddress: string;

    beforeAll(async () => {
      rig = await PageRig.open();
      ({ phone, macAddress } = rig.phone());
      page = await rig.visit("/provision");
    }, timeout);
    afterAll(() => rig.close());

    test("a MAC address is checked as it is typed, and added by hand", async () => {
      await page.getByRole("button", { name: "Add MAC address" }).click();
      const field = page.getByRole("textbox", { name: "MAC address" });
      await field.fill("80:5e:c");
      await page.getByText("5 of 12 digits").waitFor();
      await field.fill("80:5e:cx");
      await page.getByText("this has other characters").waitFor();
      await field.fill(macAddress.replaceAll(":", "-").toUpperCase());
      await page.getByText(macAddress, { exact: true }).waitFor();
      await page.getByRole("textbox", { name: "Location" }).fill("Reception <b>1</b>");
      await rig.expectAccessible(page);
      await page.getByRole("button", { name: "Save and add another" }).click();
      await page.getByText(`${macAddress} was added.`).waitFor();
      await field.fill(macAddress);
      await page.getByText("has been added before").waitFor();
      await page.keyboard.press("Escape");
      await row(page, "Reception <b>1</b>").waitFor();
      expect(await page.evaluate("document.activeElement.textContent")).toBe("Add MAC address");
    });

    test("a file is shown with its faults before anything is saved, and its good lines are kept", async () => {
      await page.getByRole("button", { name: "Upload file" }).click();
      expect(await savedBy(page, "Download the template")).toContain("MAC id,Location");
      await page
        .getByLabel("CSV file with MAC addresses")
        .setInputFiles(
          csvFile([
            "MAC id,Location",
            "80:5e:c0:bb:00:01,=1+1",
            '805ec0bb0002,"Desk 2, left"',
            "805ec0bb000,Desk 3",
            `${macAddress},Reception`,
          ]),
        );
      await row(page, "this has 11").waitFor();
      await page
        .getByText("2 devices will be added. 1 is there already. 1 line has a fault")
        .waitFor();
      await rig.expectAccessible(page);
      await rig.screenshot(page, "provision-upload-wide");
      await expect(rig.api("GET", "/devices/805ec0bb0001")).rejects.toThrow("404");
      await page.getByRole("button", { name: "Add 2 devices" }).click();
      await page.getByText("2 devices were added and are selected. 1 line was left out.").waitFor();
      await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();
      await row(page, "Desk 2, left").waitFor();
    });

    test("a file can be dropped, and one that is no such file is refused with what to do", async () => {
      await page.getByRole("button", { name: "Upload file" }).click();
      const dataTransfer = await page.evaluateHandle(`(() => {
      const transfer = new DataTransfer();
      transfer.items.add(new File(["MAC,Place\\n1,2"], "other.csv", { type: "text/csv" }));
      return transfer;
    })()`);
      await page.getByText("Drop a CSV file here").dispatchEvent("drop", { dataTransfer });
      await page.getByRole("alert").filter({ hasText: "MAC id,Location" }).waitFor();
      await page.getByRole("button", { name: "Cancel" }).click();
    });

    test("codes are made, shown with their time left, exported, and printed for the technician", async () => {
      await page.getByRole("button", { name: "Generate verification codes (2)" }).click();
      await row(page, "Desk 2, left")
        .getByText(/^2[34] hr/)
        .waitFor();
      await page.getByRole("checkbox", { name: "Select all" }).check();
      await page.getByRole("button", { name: "Generate verification codes (3)" }).click();
      await page.getByText("2 devices have codes that can still be dialled").waitFor();
      await page.getByRole("button", { name: "Generate", exact: true }).click();
      await row(page, "Reception")
        .getByText(/^2[34] hr/)
        .waitFor();
      await page.getByRole("checkbox", { name: "Select all" }).uncheck();
      await rig.expectAccessible(page);
      await rig.screenshot(page, "provision-codes-wide");
      const exported = await savedBy(page, "Export codes");
      expect(exported).toMatch(/\r\n80:5e:c0:bb:00:01,'=1\+1,\d{6},20.*Z\r\n/);

      await page.getByRole("button", { name: "Print sheet" }).click();
      await row(page, "Desk 2, left")
        .getByText(/^\*55\*\d{6}$/)
        .waitFor();
      await rig.expectAccessible(page);
      await rig.screenshot(page, "provision-sheet-wide");
      await page.getByRole("button", { name: "Back" }).click();
    });

    test("a phone that dials its code moves to the other tab while the page is watched", async () => {
      expect(await phone.boot()).toMatchObject({ outcome: "registered" });
      await row(page, macAddress).getByText("Registered, ready for its code").waitFor();
      const { verificationCode } = (await rig.api("GET", `/devices/${macAddress}`)) as {
        verificationCode: { code: string };
      };
      expect(await phone.dial(`*55*${verificationCode.code}`)).toMatchObject({ status: 200 });
      await page.getByText(`Reception <b>1</b> (${macAddress}) was activated.`).waitFor();
      await row(page, macAddress).waitFor({ state: "detached" });
      await page.getByRole("tab", { name: "Waiting on activation (2)" }).waitFor();
      await rig.expectAccessible(page);
      await page.getByRole("button", { name: "Show devices waiting for sign in" }).click();
      await row(page, macAddress).getByText("Registered, ready to sign in").waitFor();
      await rig.expectAccessible(page);
      await rig.screenshot(page, "provision-sign-in-wide");
      await page.getByRole("button", { name: `Sign in a user: ${macAddress}` }).click();
      await page.getByRole("dialog", { name: "Sign in a user" }).waitFor();
      await page.getByRole("button", { name: "Close" }).click();
    });

    test("a sheet of many devices is printed black on white over whole pages, also from a dark page", async () => {
      const lines = Array.from(
        { length: 60 },
        (_, index) => `805ec0cc00${10 + index},Room ${index}`,
      );
      const file = ["MAC id,Location", ...lines].join("\n");
      const imported = await fetch(`${rig.gateway.adminUrl}/api/v1/devices/import`, {
        method: "POST",
        headers: { authorization: `Bearer ${rig.gateway.token}`, "content-type": "text/csv" },
        body: file,
      });
      expect(imported.status).toBe(200);
      await rig.api("POST", "/verification-codes", { all: true });
      const dark = await rig.visit("/provision/sheet", { colorScheme: "dark" });
      await row(dark, "Room 59").waitFor();
      await dark.emulateMedia({ media: "print" });
      await dark.getByRole("button", { name: "Print", exact: true }).waitFor({ state: "hidden" });
      const ink = "getComputedStyle([...document.querySelectorAll('td')].at(-1)).color";
      expect(await dark.evaluate(ink)).toBe("rgb(0, 0, 0)");
      const pdf = await dark.pdf({
        path: "artifacts/screenshots/provision-sheet.pdf",
        format: "A4",
      });
      const pages = pdf.toString("latin1").match(/\/Type \/Page\b/g)?.length;
      // How many lines a page takes hangs on the machine's fonts.
      expect(pages).toBeGreaterThanOrEqual(2);
      expect(pages).toBeLessThanOrEqual(4);
      await rig.screenshot(dark, "provision-sheet-print");
    });

    test("what a role may not do is not offered", async () => {
      const tokenOf = async (role: string) => {
        const added = await rig.api("POST", "/administrators", { name: `A ${role}`, role });
        return (added as { token: string }).token;
      };
      const reader = await rig.visit("/provision", { token: await tokenOf("reader") });
      await row(reader, "Desk 2, left").waitFor();
      expect(await reader.getByRole("checkbox").count()).toBe(0);
      expect(await reader.getByRole("button", { name: "Add MAC address" }).count()).toBe(0);
      const technician = await rig.visit("/provision", { token: await tokenOf("technician") });
      await technician.getByRole("button", { name: "Add MAC address" }).waitFor();
      await row(technician, "Desk 2, left").getByRole("checkbox").check();
      await technician.getByRole("button", { name: "Generate verification code (1)" }).waitFor();
      expect(await technician.getByRole("button", { name: "Remove (1)" }).count()).toBe(0);
      await technician.getByRole("tab", { name: "Waiting for sign in (1)" }).click();
      await row(technician, macAddress).waitFor();
      expect(await technician.getByRole("button", { name: /^Sign in a user/ }).count()).toBe(0);
    });

    test("narrow and dark, nothing is cut off", async () => {
      const narrow = await rig.visit("/provision", { size: "narrow", colorScheme: "dark" });
      await row(narrow, "Desk 2, left").waitFor();
      await rig.expectAccessible(narrow);
      await rig.expectNoSidewaysScroll(narrow);
      await rig.screenshot(narrow, "provision-narrow-dark");
      for (const path of ["sign-in", "sheet"]) {
        await narrow.goto(`${rig.gateway.adminUrl}/provision/${path}`);
        await narrow.getByRole("heading", { level: 1 }).waitFor();
        await narrow.getByText("Loading").waitFor({ state: "detached" });
        await rig.expectNoSidewaysScroll(narrow);
        await rig.screenshot(narrow, `provision-${path}-narrow-dark`);
      }
    });
  },
  timeout,
);
