import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { StartedSignIn } from "../../src/cli/sign-in-as-person.ts";
import { signInAsPerson } from "../../src/cli/sign-in-as-person.ts";
import type { SimulatedPhone } from "../../src/lab/simulated-phones/simulated-phone.ts";
import { hasChromium } from "../support/chromium.ts";
import { adele } from "../support/signed-in-phone.ts";
import { PageRig } from "./page-rig.ts";

const timeout = 60_000;

function row(page: Page, text: string) {
  return page.getByRole("row").filter({ hasText: text });
}

describe.skipIf(!hasChromium)(
  "users and calling policies",
  () => {
    let rig: PageRig;
    let page: Page;
    let phone: SimulatedPhone;
    beforeAll(async () => {
      rig = await PageRig.open();
      await rig.api("PUT", "/users/bob@contoso.example", {
        displayName: "=<b>Bob</b>",
        phoneNumber: "+14255550199",
      });
      page = await rig.visit("/users");
      // Less than a test may take, so that what did not come is named.
      page.setDefaultTimeout(25_000);
    }, timeout);
    afterAll(() => rig.close());

    async function open(path: string): Promise<void> {
      await page.goto(`${rig.gateway.adminUrl}${path}`);
    }

    test("a user is added, each fault told at its field: as it is typed, and as the gateway tells it", async () => {
      await page.getByRole("button", { name: "Add user" }).click();
      await page
        .getByRole("textbox", { name: "User principal name" })
        .fill("Adele@contoso.example");
      await page.getByRole("textbox", { name: "Display name" }).fill("Adele Vance");
      const number = page.getByRole("textbox", { name: "Phone number" });
      await number.fill("425 555 0199");
      await page.getByText("Write it with a plus and 7 to 15 digits").waitFor();
      await rig.expectAccessible(page);
      await rig.screenshot(page, "users-add-wide");
      await number.fill("+1 (425) 555-0199");
      await page.getByText("Will be kept as +14255550199.").waitFor();
      await page.getByLabel("Password", { exact: true }).fill(adele.password);
      const save = page.getByRole("dialog").getByRole("button", { name: "Add user" });
      await save.click();
      const taken = "This phone number is bob@contoso.example's.";
      await page.getByRole("alert").filter({ hasText: taken }).first().waitFor();
      await number.fill(adele.phoneNumber);
      await save.click();
      await row(page, adele.displayName).filter({ hasText: adele.phoneNumber }).waitFor();
      // The focus is where it was, for who works by the keyboard.
      await page.locator("button:focus", { hasText: "Add user" }).waitFor();
    });

    test("editing changes what was edited and leaves what a phone changed meanwhile", async () => {
      await page.getByRole("button", { name: "bob@contoso.example" }).click();
      await page.getByRole("combobox", { name: "Forwarding" }).selectOption({ label: "If busy" });
      await page.getByLabel("Forward to").fill("adele@contoso.example");
      await rig.api("PUT", "/users/bob@contoso.example", {
        displayName: "=<b>Bob</b>",
        phoneNumber: "+14255550199",
        doNotDisturb: true,
      });
      await page.getByRole("button", { name: "Save" }).click();
      await row(page, "If busy: adele@contoso.example").filter({ hasText: "On" }).waitFor();
      expect(await rig.api("GET", "/users/bob@contoso.example")).toMatchObject({
        displayName: "=<b>Bob</b>",
        doNotDisturb: true,
        forwarding: { when: "busy", to: adele.upn },
      });
      await row(page, "=<b>Bob</b>").waitFor();
    });

    test("users are searched for in the gateway", async () => {
      await page.getByRole("searchbox").fill("0199");
      await row(page, adele.displayName).waitFor({ state: "detached" });
      await page.getByText("1 user", { exact: true }).waitFor();
      await page.getByRole("searchbox").fill("nobody");
      await page.getByText("No user matches what you search for.").waitFor();
      await page.getByRole("searchbox").fill("");
      await row(page, adele.displayName).waitFor();
    });

    test("what another administrator writes is shown without reload", async () => {
      await rig.api("PUT", "/users/chris@contoso.example", { displayName: "Chris Green" });
      await row(page, "Chris Green").waitFor();
      await rig.api("DELETE", "/users/chris@contoso.example");
      await row(page, "Chris Green").waitFor({ state: "detached" });
    });

    test("a policy is made, and assigned to the users who are ticked", async () => {
      await open("/policies");
      await row(page, "Global").filter({ hasText: "Allowed" }).waitFor();
      await page.getByRole("button", { name: "Add policy" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel("Name").fill("global");
      await page.getByText("There is a policy of this name already.").waitFor();
      await dialog.getByLabel("Name").fill("Front desk/1");
      await dialog.getByRole("switch", { name: "Music on hold" }).click();
      await rig.expectAccessible(page);
      await dialog.getByRole("button", { name: "Add policy" }).click();
      await page.getByRole("heading", { name: "Front desk/1", level: 1 }).waitFor();
      await page.getByText("Nobody with this policy is signed in on a phone.").waitFor();
      await page.getByRole("link", { name: "Users" }).click();
      await page.getByRole("checkbox", { name: adele.upn }).click();
      await page.getByRole("button", { name: "Assign policy" }).click();
      await page.getByRole("combobox", { name: "Calling policy" }).selectOption("Front desk/1");
      await rig.expectAccessible(page);
      await page.getByRole("alertdialog").getByRole("button", { name: "Assign policy" }).click();
      await row(page, adele.displayName).filter({ hasText: "Front desk/1" }).waitFor();
      expect(await rig.api("GET", `/users/${adele.upn}`)).toMatchObject({
        displayName: adele.displayName,
        callingPolicy: "Front desk/1",
      });
    });

    test("a change of the policy is followed until the phone has it, without reload", async () => {
      const enrolled = await rig.enrolledPhone("yealink", "Lobby");
      phone = enrolled.phone;
      const path = `/devices/${enrolled.macAddress}/sign-in`;
      await signInAsPerson((await rig.api("POST", path)) as StartedSignIn, adele);
      await phone.waitForAccount(adele.phoneNumber);
      await row(page, adele.displayName).filter({ hasText: "Lobby" }).waitFor();
      await rig.screenshot(page, "users-wide");

      await page.getByRole("link", { name: "Front desk/1" }).click();
      await page.getByText("1 of 1 phone has it").waitFor();
      await row(page, "Lobby").filter({ hasText: "Has it" }).waitFor();
      await page.getByRole("switch", { name: "Voicemail for unanswered calls" }).click();
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByText("Saved. This is version 2.").waitFor();
      await row(page, "Lobby").filter({ hasText: "To come" }).waitFor();
      await row(page, "Lobby")
        .filter({ hasText: /by .+ at the latest/ })
        .waitFor();
      await page.getByText("0 of 1 phone has it").waitFor();
      await rig.expectAccessible(page);
      await rig.screenshot(page, "policy-wide");
      await phone.boot();
      await row(page, "Lobby").filter({ hasText: "Has it" }).waitFor();
      await page.getByText("1 of 1 phone has it").waitFor();
      // Another administrator's change is followed in the same way.
      await rig.api("PUT", "/calling-policies/Front%20desk%2F1", { busyOnBusy: true });
      await row(page, "Lobby").filter({ hasText: "To come" }).waitFor();
      expect(await page.getByRole("switch", { name: "Busy on busy" }).isChecked()).toBe(true);
    });

    test("the pages fit a phone's screen, in the dark too", async () => {
      const paths = {
        users: "/users",
        policies: "/policies",
        policy: "/policies/Front%20desk%2F1",
      };
      for (const [name, path] of Object.entries(paths)) {
        const narrow = await rig.visit(path, { size: "narrow", colorScheme: "dark" });
        await narrow.getByText("Front desk/1").first().waitFor();
        await rig.expectNoSidewaysScroll(narrow);
        await rig.expectAccessible(narrow);
        await rig.screenshot(narrow, `${name}-narrow-dark`);
        await narrow.context().close();
      }
    });

    test("who may only read is shown it all, and is offered no change", async () => {
      const { token } = (await rig.api("POST", "/administrators", {
        name: "reader",
        role: "reader",
      })) as { token: string };
      const reader = await rig.visit("/users", { token });
      await row(reader, adele.displayName).waitFor();
      await reader.getByRole("button", { name: "Export" }).waitFor();
      for (const name of ["Add user", "Assign policy", "Delete", adele.upn]) {
        expect(await reader.getByRole("button", { name }).count()).toBe(0);
      }
      await reader.getByRole("link", { name: "Front desk/1" }).click();
      expect(await reader.getByRole("switch", { name: "Busy on busy" }).isDisabled()).toBe(true);
      expect(await reader.getByRole("button", { name: /Save|Delete/ }).count()).toBe(0);
      await reader.context().close();
    });

    test("who would be signed out is told before a user is deleted, and before a permission is taken away", async () => {
      await open("/users");
      await row(page, adele.displayName).filter({ hasText: "Lobby" }).waitFor();
      await page.getByRole("checkbox", { name: adele.upn }).click();
      await page.getByRole("button", { name: "Delete" }).click();
      const warned = page.getByText("This device will be signed out:");
      await warned.filter({ hasText: "Lobby (80:5e:c0:" }).waitFor();
      await page.getByRole("button", { name: "Cancel" }).click();
      await page.getByRole("link", { name: "Front desk/1" }).click();
      await row(page, "Lobby").waitFor();
      await page.getByRole("switch", { name: "SIP devices can be used for calls" }).click();
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByText("1 device will be signed out at once").waitFor();
      await rig.expectAccessible(page);
      await page.getByRole("button", { name: "Cancel" }).click();
      expect(await rig.api("GET", "/calling-policies/Front%20desk%2F1")).toMatchObject({
        allowSipDevicesCalling: true,
      });
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByRole("button", { name: "Save and sign out" }).click();
      await page.getByText("Nobody with this policy is signed in on a phone.").waitFor();
    });

    test("a policy that users have stays, and says why; a user is deleted", async () => {
      await page.getByRole("button", { name: "Delete policy" }).click();
      await page.getByRole("alertdialog").getByRole("button", { name: "Delete policy" }).click();
      await page.getByText("1 user has this policy; give them another first.").waitFor();
      await page.getByRole("button", { name: "Cancel" }).click();
      await open("/users");
      await page.getByRole("button", { name: adele.upn }).click();
      await page.getByRole("button", { name: "Delete" }).last().click();
      await page.getByRole("heading", { name: `Delete ${adele.upn}?` }).waitFor();
      await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
      await row(page, adele.displayName).waitFor({ state: "detached" });
      await open("/policies/Front%20desk%2F1");
      await page.getByRole("button", { name: "Delete policy" }).click();
      await page.getByRole("alertdialog").getByRole("button", { name: "Delete policy" }).click();
      await row(page, "Global").waitFor();
      expect(await row(page, "Front desk").count()).toBe(0);
    });
  },
  timeout,
);
