import { readFile } from "node:fs/promises";
import { parse } from "csv-parse/sync";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DemoAdministrator } from "../../src/cli/demo/demo-administrator.ts";
import { signInAsPerson } from "../../src/cli/sign-in-as-person.ts";
import { hasChromium } from "../support/chromium.ts";
import { adele } from "../support/signed-in-phone.ts";
import { SipTestPhone } from "../support/sip-test-phone.ts";
import { readYealinkAccount } from "../support/yealink-configuration.ts";
import { PageRig } from "./page-rig.ts";
import { row } from "./table-row.ts";

const timeout = 60_000;

const markup = `"><img src=x onerror="window.pwned=1"><script>window.pwned=1</script>`;
const rightToLeft = "\u202egnp.exe";
const location = `=HYPERLINK("http://evil.example","${rightToLeft}"),${markup}{{constructor}}\${7*7}`;
const displayName = `@SUM(1)${markup}${rightToLeft}`;
const policyName = `+1 ${markup.slice(0, 40)}`;
const user = { ...adele, displayName };
/** What a name can hold is narrow; this is as near to a formula as one comes. */
const administratorName = "O'Brien @x +1-1";
const strangerMac = "80:5e:c0:00:77:01";
const userAgent = `Yealink SIP-T46S 66.86.0.15 ${strangerMac} ${markup}`;

describe.skipIf(!hasChromium)(
  "names from the network",
  () => {
    let rig: PageRig;
    let page: Page;
    let macAddress: string;
    let caller: SipTestPhone;

    beforeAll(async () => {
      rig = await PageRig.open();
      await callAsStranger();
      await rig.api("PUT", `/calling-policies/${encodeURIComponent(policyName)}`, {});
      const { phone, macAddress: mac } = await rig.enrolledPhone("yealink", location);
      macAddress = mac;
      const administrator = new DemoAdministrator(rig.gateway);
      await administrator.putUser(user);
      await signInAsPerson(await administrator.startSignIn(mac), user);
      await phone.waitForAccount(user.phoneNumber);
      await rig.api("POST", "/devices", { macAddress: "80:5e:c0:00:77:02", location });
      await rig.api("POST", "/verification-codes", { macAddresses: ["80:5e:c0:00:77:02"] });
      await changeAs(administratorName, "80:5e:c0:00:77:02");
      page = await rig.visit("/devices");
      page.setDefaultTimeout(10_000);
    }, timeout);
    afterAll(async () => {
      caller.close();
      await rig.close();
    });

    /** A phone that nobody entered, whose User-Agent and From are what an attacker likes to write. */
    async function callAsStranger(): Promise<void> {
      const file = `${strangerMac.replaceAll(":", "")}.cfg`;
      const reply = await fetch(`${rig.gateway.provisioningUrl}/emea/${file}`, {
        headers: { "user-agent": userAgent },
      });
      const account = readYealinkAccount(await reply.text());
      caller = await SipTestPhone.open(rig.gateway.sipPort, account);
      const headers = [`User-Agent: ${userAgent}`];
      const aor = `sip:${account.user}@${account.domain}`;
      await caller.call({ method: "REGISTER", uri: `sip:${account.domain}`, from: aor, headers });
      const name = markup.replaceAll('"', String.raw`\"`);
      const uri = `sip:*55*000000@${account.domain}`;
      await caller.call({ method: "INVITE", uri, from: `"${name}" <${aor}>`, headers });
    }

    async function changeAs(name: string, mac: string): Promise<void> {
      const added = await rig.api("POST", "/administrators", { name, role: "technician" });
      const { token } = added as { token: string };
      const reply = await fetch(`${rig.gateway.adminUrl}/api/v1/devices/${mac}`, {
        method: "PATCH",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: JSON.stringify({ location: `${location}.` }),
      });
      expect(reply.status).toBe(200);
    }

    async function open(path: string): Promise<void> {
      await page.goto(`${rig.gateway.adminUrl}${path}`);
    }

    /** Nothing ran, no element came of a name, and every row is as high as the others. */
    async function expectHarmless(): Promise<void> {
      expect(await page.evaluate("window.pwned")).toBeUndefined();
      expect(await page.locator("img, #root script").count()).toBe(0);
      await rig.expectNoSidewaysScroll(page);
      const heights = await page
        .locator('[role="row"][aria-rowindex]:not([aria-rowindex="1"])')
        .evaluateAll((rows) => rows.map((one) => one.getBoundingClientRect().height));
      expect(new Set(heights).size).toBeLessThanOrEqual(1);
    }

    test("are text in the inventory", async () => {
      await row(page, location).first().waitFor();
      await row(page, displayName).waitFor();
      await expectHarmless();
      await rig.screenshot(page, "hostile-devices");
    });

    test("are text on a device's page, its history and registration", async () => {
      await open(`/devices/${macAddress}`);
      await page.getByText(location).first().waitFor();
      await page.getByText(displayName).first().waitFor();
      await expectHarmless();
      await open(`/devices/${strangerMac}`);
      await page.getByText(userAgent).first().waitFor();
      await expectHarmless();
      await rig.screenshot(page, "hostile-device");
      await open("/devices/80:5e:c0:00:77:02");
      await page.getByText(administratorName).first().waitFor();
      await expectHarmless();
    });

    test("are text where devices are provisioned, and on the technician's sheet", async () => {
      await open("/provision");
      await row(page, location).waitFor();
      await expectHarmless();
      await open("/provision/sheet");
      await row(page, location).waitFor();
      expect(await page.evaluate("window.pwned")).toBeUndefined();
      await rig.expectNoSidewaysScroll(page);
    });

    test("are text among users, policies and calls", async () => {
      await open("/users");
      await row(page, displayName).waitFor();
      await expectHarmless();
      await open("/policies");
      await row(page, policyName).waitFor();
      await expectHarmless();
      await page.getByRole("link", { name: policyName }).click();
      await page.getByRole("heading", { level: 1, name: policyName }).waitFor();
      await expectHarmless();
      await open("/calls");
      await row(page, "Verification code").first().waitFor();
      await expectHarmless();
    });

    test("calculate nothing in the files that are saved, and keep to their cells", async () => {
      await open("/devices");
      await row(page, displayName).waitFor();
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("button", { name: "Export CSV" }).click(),
      ]);
      const devices = expectPlainCells(await readFile(await download.path(), "utf8"));
      expect(devices.flat()).toContain(`'${location}`);
      expect(devices.flat()).toContain(`'${displayName}`);
      expect(devices).toHaveLength(4);

      const codes = expectPlainCells(await textOf("/verification-codes/export.csv"));
      expect(codes).toHaveLength(2);
      expect(codes[1]?.[1]).toBe(`'${location}.`);
      expectPlainCells(await textOf("/devices/template.csv"));
    });

    async function textOf(path: string): Promise<string> {
      const reply = await fetch(`${rig.gateway.adminUrl}/api/v1${path}`, {
        headers: { authorization: `Bearer ${rig.gateway.token}` },
      });
      return reply.text();
    }
  },
  timeout,
);

/** The file's cells, all lines of one length, none of which a spreadsheet takes for a formula. */
function expectPlainCells(text: string): readonly (readonly string[])[] {
  const lines: string[][] = parse(text, { bom: true });
  for (const cell of lines.flat()) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
  return lines;
}
