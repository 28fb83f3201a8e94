import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasChromium } from "../support/chromium.ts";
import { adele } from "../support/signed-in-phone.ts";
import { PageRig, sizes } from "./page-rig.ts";

const { upn, ...user } = adele;

describe.skipIf(!hasChromium)("signing in a user from a device's page", { timeout: 90_000 }, () => {
  let rig: PageRig;
  beforeAll(async () => {
    rig = await PageRig.open();
  }, 60_000);
  afterAll(() => rig.close());

  test("shows where the user goes, follows the phone until it is his, and says why one was refused", async () => {
    const { phone, macAddress } = await rig.enrolledPhone();
    await rig.api("PUT", `/users/${upn}`, { ...user, phoneNumber: null });
    const page = await rig.visit(`/devices/${macAddress}`);
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.getByRole("button", { name: "Sign in a user" }).click();
    const dialog = page.getByRole("dialog", { name: "Sign in a user" });
    await dialog.getByRole("button", { name: "Copy the pairing code" }).click();
    await dialog.getByText("Copied").waitFor();
    const first = await page.evaluate<string>("navigator.clipboard.readText()");
    await dialog.getByText(first, { exact: true }).waitFor();
    await dialog.getByRole("img", { name: /QR code/ }).waitFor();
    await rig.screenshot(page, "sign-in-wide");
    await rig.expectAccessible(page);
    await page.setViewportSize(sizes.narrow);
    await rig.screenshot(page, "sign-in-narrow");
    await rig.expectNoSidewaysScroll(page);
    await page.setViewportSize(sizes.wide);

    const window = await rig.newPage(await rig.newContext());
    const link = dialog.getByRole("link", { name: /devicelogin/ });
    const address = (await link.getAttribute("href")) ?? "";
    await signInAt(window, address, first);
    await dialog.getByText("Phone number missing").waitFor();
    await rig.screenshot(page, "sign-in-refused-wide");
    await rig.expectAccessible(page);

    await rig.api("PUT", `/users/${upn}`, user);
    await dialog.getByRole("button", { name: "Start again" }).click();
    await dialog.getByText("Waiting for the user to sign in").waitFor();
    await dialog.getByRole("button", { name: "Copy the pairing code" }).click();
    await dialog.getByText("Copied").waitFor();
    const second = await page.evaluate<string>("navigator.clipboard.readText()");
    expect(second).not.toBe(first);
    const other = await rig.newPage(await rig.newContext());
    await signInAt(other, address, second);
    await dialog.getByText(`The phone is registered as ${upn}.`).waitFor();
    await rig.screenshot(page, "sign-in-done-wide");
    expect(phone.account?.user).toBe(user.phoneNumber);

    await dialog.getByRole("button", { name: "Close" }).click();
    await page.getByRole("region", { name: "User" }).getByText(user.displayName).waitFor();
    await page.getByRole("button", { name: "Sign out" }).waitFor();
    await page
      .getByRole("region", { name: "Calling policy" })
      .getByText("Applied")
      .first()
      .waitFor();
  });

  test("tells of a phone that is away, of a pairing code that another replaced, and of one that expired", async () => {
    const { phone, macAddress } = await rig.enrolledPhone();
    const page = await rig.visit(`/devices/${macAddress}`);
    await page.getByText("Online", { exact: true }).waitFor();
    await phone.stop();
    await page.getByText("Offline", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Restart" }).click();
    const confirmation = page.getByRole("alertdialog");
    await confirmation.getByText("gets this when it next registers").waitFor();
    await confirmation.getByRole("button", { name: "Restart" }).click();
    await page.getByRole("status").getByText("Queued: the phone is offline").waitFor();

    await page.getByRole("button", { name: "Sign in a user" }).click();
    const dialog = page.getByRole("dialog", { name: "Sign in a user" });
    await dialog.getByText("Waiting for the user to sign in").waitFor();
    await rig.api("POST", `/devices/${macAddress}/sign-in`);
    await dialog.getByText("Another sign-in was started on this device").waitFor();
    await dialog.getByRole("button", { name: "Start again" }).click();
    await dialog.getByText("Waiting for the user to sign in").waitFor();
    await rig.api("POST", "/lab/clock/advance", { seconds: 901 });
    await dialog.getByText("The pairing code expired").waitFor();
    await dialog.getByRole("button", { name: "Start again" }).click();
    // By how long it is good for: the gateway's clock is a quarter of an hour ahead of the browser's.
    await dialog.getByText(/^1[45]:\d\d$/).waitFor();
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    await page.waitForFunction("document.activeElement.textContent === 'Sign in a user'");
  });
});

/** As the user does it, in a window of his own. */
async function signInAt(window: Page, address: string, pairingCode: string): Promise<void> {
  await window.goto(address);
  await window.getByLabel("Pairing code").fill(pairingCode);
  await window.getByRole("button", { name: "Next" }).click();
  await window.getByRole("button", { name: "Continue" }).click();
  await window.getByLabel("User name").fill(upn);
  await window.getByLabel("Password").fill(user.password);
  await window.getByRole("button", { name: "Sign in" }).click();
  await window.getByRole("heading", { name: "Signed in" }).waitFor();
}
