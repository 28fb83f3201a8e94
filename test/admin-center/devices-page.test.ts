import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasChromium } from "../support/chromium.ts";
import { PageRig } from "./page-rig.ts";

const lobby = "80:5e:c0:10:00:01";
const kitchen = "80:5e:c0:10:00:02";
/** Markup, and what a spreadsheet would calculate. */
const hostile = '=HYPERLINK("http://evil.example","<img src=x onerror=alert(1)>")';
const hostileDevice = "80:5e:c0:10:00:03";

describe.skipIf(!hasChromium)("the page of SIP devices", () => {
  let rig: PageRig;
  let page: Page;
  let enrolled: string;

  beforeAll(async () => {
    rig = await PageRig.open();
    await rig.api("POST", "/devices", { macAddress: lobby, location: "Lobby" });
    await rig.api("POST", "/verification-codes", { macAddresses: [lobby] });
    await rig.api("POST", "/lab/clock/advance", { seconds: 25 * 3600 });
    await rig.api("POST", "/devices", { macAddress: kitchen, location: "Kitchen" });
    await rig.api("POST", "/devices", { macAddress: hostileDevice, location: hostile });
    await rig.api("POST", "/lab/sample-users", { from: 1, count: 2 });
    enrolled = (await rig.enrolledPhone("yealink", "Reception")).macAddress;
    page = await rig.visit("/devices");
    // Less than a test has, so that a failure says what it waited for.
    page.setDefaultTimeout(10_000);
  }, 60_000);
  afterAll(() => rig?.close(), 30_000);

  const rowOf = (macAddress: string) => page.getByRole("row").filter({ hasText: macAddress });
  const filter = (name: string) =>
    page.getByRole("group", { name: "Show" }).getByRole("button", { name });
  const tick = (macAddress: string) =>
    page.getByRole("checkbox", { name: macAddress, exact: true }).check();
  const choose = async (action: RegExp) => {
    await page.getByRole("button", { name: "Actions" }).click();
    await page.getByRole("menuitem", { name: action }).click();
  };
  const dialog = () => page.getByRole("alertdialog");

  it("counts the devices, and shows those of a count that is pressed", async () => {
    await filter("All 6").waitFor();
    await filter("Online 1").waitFor();
    await filter("Offline 5").waitFor();
    await filter("Signed in 2").waitFor();
    await filter("Needs attention 1").waitFor();
    await filter("Waiting 4").click();
    await page.getByText("4 of 6 devices").waitFor();
    expect(await page.getByRole("row").count()).toBe(5);
    expect(new URL(page.url()).search).toBe("?filter=waiting");
    await filter("Waiting 4").click();
    await page.getByText("6 of 6 devices").waitFor();
  });

  it("says each device's state and what is wrong in words, and shows names as text", async () => {
    await rowOf(lobby).getByText("Waiting on activation").waitFor();
    await rowOf(lobby).getByText("The verification code expired. Generate a new one.").waitFor();
    await rig.screenshot(page, "devices-attention");
    await rowOf(enrolled).getByText("Waiting for sign in").waitFor();
    await rowOf(enrolled).getByText("Online").waitFor();
    await rowOf(hostileDevice).getByText(hostile).waitFor();
    await rowOf("02:00:00:00:00:01").getByText("Signed in").waitFor();
    expect(await page.locator("img").count()).toBe(0);
  });

  it("searches as typed, in the state's words too", async () => {
    const search = page.getByRole("searchbox", { name: "Search devices" });
    await search.fill("805EC010");
    await page.getByText("3 of 6 devices").waitFor();
    await search.fill("waiting for");
    await page.getByText("1 of 6 devices").waitFor();
    await search.fill("nothing of this kind");
    await page.getByText("No device fits the filter and the search.").waitFor();
    await page.getByRole("button", { name: "Show all devices" }).click();
    await page.getByText("6 of 6 devices").waitFor();
  });

  it("shows what changes elsewhere without being loaded again", async () => {
    await rig.api("PATCH", `/devices/${lobby}`, { location: "Lobby, left" });
    await rowOf(lobby).getByText("Lobby, left").waitFor();
    const { phone, macAddress } = rig.phone("cisco");
    await phone.boot();
    await rowOf(macAddress).getByText("Seen, not added").waitFor();
    await filter("All 7").waitFor();
    await rig.api("DELETE", `/devices/${macAddress}`);
    await filter("All 6").waitFor();
  });

  it("remembers the columns and the order that were chosen", async () => {
    await page.getByRole("button", { name: "Columns" }).click();
    await page.getByRole("menuitemcheckbox", { name: "Firmware" }).click();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Location" }).click();
    await page.getByRole("button", { name: "Location" }).click();
    await page.reload();
    await page.getByRole("columnheader", { name: "Firmware" }).waitFor();
    const header = page.getByRole("columnheader", { name: "Location" });
    expect(await header.getAttribute("aria-sort")).toBe("descending");
    await page.getByText("6 of 6 devices").waitFor();
    await page.getByRole("row").nth(1).getByText("Sample", { exact: true }).waitFor();
  });

  it("generates codes for the devices ticked, and says which are left out", async () => {
    for (const device of [lobby, kitchen, enrolled]) await tick(device);
    await page.getByText("3 selected").waitFor();
    await choose(/Generate verification code/);
    await dialog().getByText("1 selected device is left out").waitFor();
    await rig.expectAccessible(page);
    await rig.screenshot(page, "devices-bulk-plan");
    await dialog().getByRole("button", { name: "Generate" }).click();
    await dialog().getByText("2 verification codes were made.").waitFor();
    await dialog().getByRole("button", { name: "Close" }).click();
    const device = (await rig.api("GET", `/devices/${kitchen}`)) as { verificationCode: unknown };
    expect(device.verificationCode).not.toBeNull();
    await page.getByText("3 selected").waitFor({ state: "hidden" });
  });

  it("restarts a phone, which hears of it", async () => {
    await tick(enrolled);
    await choose(/Restart/);
    await dialog().getByText("The phones start anew").waitFor();
    await dialog().getByRole("button", { name: "Restart" }).click();
    await dialog().getByText("Restart ordered for 1 device.").waitFor();
    await dialog().getByRole("button", { name: "Close" }).click();
    const { items } = (await rig.api("GET", `/devices/${enrolled}/commands`)) as {
      items: { command: string }[];
    };
    expect(items[0]?.command).toBe("restart");
  });

  it("names the devices for which it failed, and why, and leaves them ticked", async () => {
    await tick("02:00:00:00:00:01");
    await tick("02:00:00:00:00:02");
    await choose(/Sign out/);
    await rig.api("POST", "/devices/02:00:00:00:00:01/sign-out");
    await dialog().getByRole("button", { name: "Sign out" }).click();
    await dialog().getByText("Sign-out ordered for 1 device.").waitFor();
    await dialog().getByText("1 device failed.").waitFor();
    await dialog()
      .getByText(/02:00:00:00:00:01, Sample: Nobody is signed in/)
      .waitFor();
    await rig.screenshot(page, "devices-bulk-summary");
    await dialog().getByRole("button", { name: "Close" }).click();
    await page.getByText("1 selected").waitFor();
    await page.getByRole("button", { name: "Clear selection" }).click();
  });

  it("begins a sign-in on the one device that waits for it", async () => {
    await tick(enrolled);
    await choose(/Sign in a user/);
    const signIn = page.getByRole("dialog", { name: "Sign in a user" });
    await signIn.getByText("/devicelogin").first().waitFor();
    await page.keyboard.press("Escape");
    await signIn.waitFor({ state: "hidden" });
    await page.getByRole("button", { name: "Clear selection" }).click();
  });

  it("exports what is shown, with nothing in it that a spreadsheet calculates", async () => {
    await page.getByRole("searchbox", { name: "Search devices" }).fill("hyperlink");
    await page.getByText("1 of 6 devices").waitFor();
    const downloading = page.waitForEvent("download");
    await page.getByRole("button", { name: "Export CSV" }).click();
    const download = await downloading;
    expect(download.suggestedFilename()).toMatch(/^sip-devices-\d{4}-\d{2}-\d{2}\.csv$/);
    const lines = (await readFile(await download.path(), "utf8")).trim().split("\r\n");
    expect(lines).toHaveLength(2);
    expect(lines[0]).toContain("MAC address,Location,State,Connection");
    expect(lines[1]).toContain(`${hostileDevice},"'=HYPERLINK(""http://evil.example""`);
    await page.getByRole("searchbox", { name: "Search devices" }).fill("");
    await page.getByText("6 of 6 devices").waitFor();
  });

  it("is worked by the keyboard alone", async () => {
    await filter("Waiting 4").focus();
    await page.keyboard.press("Enter");
    await page.getByText("4 of 6 devices").waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("checkbox", { name: kitchen, exact: true }).focus();
    await page.keyboard.press("Space");
    await page.getByRole("button", { name: "Actions" }).focus();
    await page.keyboard.press("Enter");
    await page.locator('[role="menuitem"]:focus').waitFor();
    await page.keyboard.press("End");
    await page.locator('[role="menuitem"]:focus', { hasText: "Delete" }).waitFor();
    await page.keyboard.press("Enter");
    await dialog().getByText("Delete 1 device?").waitFor();
    await dialog().getByRole("button", { name: "Delete" }).focus();
    await page.keyboard.press("Enter");
    await dialog().getByText("1 device was deleted.").waitFor();
    await page.keyboard.press("Escape");
    await filter("All 5").waitFor();
  });

  it("offers a reader nothing that changes a device", async () => {
    const { token } = (await rig.api("POST", "/administrators", {
      name: "reader",
      role: "reader",
    })) as { token: string };
    const readers = await rig.visit("/devices", { token });
    await readers.getByText("5 of 5 devices").waitFor();
    expect(await readers.getByRole("button", { name: "Actions" }).count()).toBe(0);
    await readers.close();
  });

  it.each(["wide", "narrow"] as const)("keeps nobody out, %s", async (size) => {
    const seen = await rig.visit("/devices", { size });
    await seen.getByText("5 of 5 devices").waitFor();
    await rig.expectAccessible(seen);
    await rig.expectNoSidewaysScroll(seen);
    await rig.screenshot(seen, `devices-${size}-light`);
    await seen.close();
  });

  it.each(["wide", "narrow"] as const)("is seen in the dark, %s", async (size) => {
    const seen = await rig.visit("/devices", { size, colorScheme: "dark" });
    await seen.getByText("5 of 5 devices").waitFor();
    await rig.expectAccessible(seen);
    await rig.screenshot(seen, `devices-${size}-dark`);
    await seen.close();
  });

  it("is seen in high contrast, what is ticked as well", async () => {
    const seen = await rig.visit("/devices");
    await seen.evaluate("localStorage.setItem('sip-gateway-appearance', 'high-contrast')");
    await seen.reload();
    await seen.getByText("5 of 5 devices").waitFor();
    await seen.getByRole("checkbox", { name: lobby, exact: true }).check();
    await seen.getByText("1 selected").waitFor();
    await rig.expectAccessible(seen);
    await rig.screenshot(seen, "devices-high-contrast");
    await seen.close();
  });
});
