import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { signInAsPerson } from "../../src/cli/sign-in-as-person.ts";
import { hasChromium } from "../support/chromium.ts";
import { adele } from "../support/signed-in-phone.ts";
import { PageRig, sizes } from "./page-rig.ts";

const { upn, ...user } = adele;

describe.skipIf(!hasChromium)("the page of a device", { timeout: 90_000 }, () => {
  let rig: PageRig;
  beforeAll(async () => {
    rig = await PageRig.open();
  }, 60_000);
  afterAll(() => rig.close());

  test("shows all of a signed-in phone, in every look and at both widths", async () => {
    const { macAddress } = await signedInPhone(rig);
    const page = await rig.visit(`/devices/${macAddress}`);
    const phone = page.getByRole("region", { name: "Phone", exact: true });
    await phone.getByText("Least firmware").waitFor();
    const registration = page.getByRole("region", { name: "Network and registration" });
    await registration.getByText(`sip:${user.phoneNumber}@contoso.example`).first().waitFor();
    await registration.getByText(/^\d\d:\d\d$/).waitFor();
    await page.getByRole("list", { name: "History" }).getByText("Activated").waitFor();
    await rig.screenshot(page, "device-wide");
    await rig.expectAccessible(page);
    await page.setViewportSize(sizes.narrow);
    await rig.expectNoSidewaysScroll(page);
    await rig.screenshot(page, "device-narrow");
    await rig.expectAccessible(page);
    await page.emulateMedia({ colorScheme: "dark" });
    await rig.screenshot(page, "device-narrow-dark");
    await page.setViewportSize(sizes.wide);
    await rig.screenshot(page, "device-wide-dark");
    await page.evaluate("localStorage.setItem('sip-gateway-appearance', 'high-contrast')");
    await page.reload();
    await registration.getByText(/^\d\d:\d\d$/).waitFor();
    await rig.expectAccessible(page);
  });

  test("follows a restart to the phone's answer, signs out, and deletes", async () => {
    const { phone, macAddress } = await signedInPhone(rig);
    const page = await rig.visit(`/devices/${macAddress}`);
    const commands = page.getByRole("region", { name: "Commands" });

    const heard = new Promise((resolve) => phone.once("notify", resolve));
    await confirm(page, "Restart", /restarts at once/);
    await page.getByRole("status").getByText("The phone accepted it (200 OK).").waitFor();
    await heard;
    await commands.getByText("Restart: accepted").waitFor();

    await rename(page, '<b onclick="alert(1)">Room 7</b>');
    await page.getByRole("list", { name: "History" }).getByText("Changed").waitFor();

    await phone.waitForAccount(user.phoneNumber);
    await page.getByText("Online", { exact: true }).waitFor();
    await confirm(page, "Sign out", /calls do not reach it any more/);
    await page
      .getByRole("status")
      .getByText(/^Done/)
      .or(page.getByText("Sign out: accepted"))
      .first()
      .waitFor();
    await page.getByText("Nobody: the last user was signed out.").waitFor();
    await page.getByLabel("Show").selectOption("Sign-in");
    const history = page.getByRole("list", { name: "History" });
    await history.getByText("Signed out", { exact: true }).waitFor();
    expect(await history.getByText("Configuration fetched").count()).toBe(0);

    await confirm(page, "Delete", /leaves the inventory/);
    await page.waitForURL(/\/devices$/);
    await page.goto(`${rig.gateway.adminUrl}/devices/${macAddress}`);
    await page.getByRole("heading", { name: "No such device" }).waitFor();
    await page.getByText("Deleted; its accounts and registrations ended.").waitFor();
    await rig.expectAccessible(page);
  });

  test("offers a technician codes alone, and says where an address names no device", async () => {
    const macAddress = "80:5e:c0:00:07:07";
    await rig.api("POST", "/devices", { macAddress, location: "Lobby" });
    const { token } = (await rig.api("POST", "/administrators", {
      name: "tina",
      role: "technician",
    })) as { token: string };
    const page = await rig.visit(`/devices/${macAddress}`, { token });
    await confirm(page, "Generate verification code", /24 hours/);
    await page.getByText(/^\*55\*\d{6}$/).waitFor();
    expect(await page.getByRole("button", { name: "Delete" }).count()).toBe(0);
    await page.goto(`${rig.gateway.adminUrl}/devices/nonsense`);
    await page.getByRole("heading", { name: "Not a MAC address" }).waitFor();
  });
});

async function signedInPhone(rig: PageRig) {
  await rig.api("PUT", `/users/${upn}`, user);
  const enrolled = await rig.enrolledPhone();
  const path = `/devices/${enrolled.macAddress}/sign-in`;
  const started = (await rig.api("POST", path)) as Parameters<typeof signInAsPerson>[0];
  await signInAsPerson(started, adele);
  await enrolled.phone.waitForAccount(user.phoneNumber);
  return enrolled;
}

/** Chooses an action, reads what it will do, and confirms. */
async function confirm(page: Page, action: string, willDo: RegExp): Promise<void> {
  await page.getByRole("button", { name: action, exact: true }).click();
  const dialog = page.getByRole("alertdialog");
  await dialog.getByText(willDo).waitFor();
  await dialog.getByRole("button", { name: action, exact: true }).click();
  await dialog.waitFor({ state: "detached" });
}

async function rename(page: Page, location: string): Promise<void> {
  await page.getByRole("button", { name: "Edit the location" }).click();
  await page.getByRole("textbox", { name: "Location" }).fill(location);
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("region", { name: "Phone", exact: true }).getByText(location).waitFor();
}
