import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasChromium } from "../support/chromium.ts";
import { RedisServer, whyNoRedisServer } from "../support/redis-server.ts";
import { waitUntil } from "../support/wait-until.ts";
import { PageRig } from "./page-rig.ts";
import { row } from "./table-row.ts";

const timeout = 60_000;
const macAddress = "80:5e:c0:00:88:01";

describe.skipIf(!hasChromium || whyNoRedisServer() !== undefined)(
  "what the gateway answers, the page explains",
  () => {
    let redis: RedisServer;
    let rig: PageRig;

    beforeAll(async () => {
      redis = await RedisServer.start({ appendOnly: true });
      rig = await PageRig.open({ REDIS_URL: redis.url });
      await rig.api("POST", "/devices", { macAddress, location: "Lobby" });
    }, timeout);
    afterAll(async () => {
      await rig.close();
      await redis.stop();
    });

    async function open(path: string, token?: string): Promise<Page> {
      const page = await rig.visit(path, token === undefined ? {} : { token });
      page.setDefaultTimeout(15_000);
      return page;
    }

    async function tokenOf(role: string): Promise<string> {
      const added = await rig.api("POST", "/administrators", { name: `A ${role}`, role });
      return (added as { token: string }).token;
    }

    test("401: the session is over; after a new sign-in the same page stands", async () => {
      const page = await open(`/devices/${macAddress}`);
      await page.getByText("Live", { exact: true }).waitFor();
      const other = await rig.newPage(page.context());
      await other.goto(`${rig.gateway.adminUrl}/users`);
      await other.getByRole("button", { name: "admin" }).click();
      await other.getByRole("menuitem", { name: "Sign out" }).click();
      // The gateway looks at a stream's session with each heartbeat.
      const over = page.getByText("Your session is over. Sign in again.");
      await over.waitFor({ timeout: 40_000 });
      await rig.expectAccessible(page);
      await rig.screenshot(page, "answer-401");
      await page.getByLabel("Administrator's token").fill(rig.gateway.token);
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.getByRole("heading", { level: 1, name: macAddress }).waitFor();
    });

    test("403: what a role may not do is not offered, and is explained where it is tried", async () => {
      const token = await tokenOf("technician");
      const page = await open(`/devices/${macAddress}`, token);
      await page.getByRole("button", { name: "Generate verification code" }).waitFor();
      expect(await page.getByRole("button", { name: "Delete" }).count()).toBe(0);
      // A page that believes in a greater role than the gateway gives.
      await page.route("**/api/v1/session", async (route) => {
        const answer = await route.fetch();
        await route.fulfill({ json: { ...(await answer.json()), role: "administrator" } });
      });
      await page.reload();
      await page.getByRole("button", { name: "Delete" }).click();
      await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
      await page.getByRole("alert").getByText("Your role does not allow this.").waitFor();
      await rig.screenshot(page, "answer-403");
      await rig.api("GET", `/devices/${macAddress}`);
    });

    test("403: a reader is offered nothing that changes anything", async () => {
      const page = await open(`/devices/${macAddress}`, await tokenOf("reader"));
      await page.getByRole("heading", { level: 1, name: macAddress }).waitFor();
      for (const name of ["Generate verification code", "Delete", "Edit the location"]) {
        expect(await page.getByRole("button", { name }).count()).toBe(0);
      }
    });

    test("409: a policy that users have is not deleted, and the page says why", async () => {
      await rig.api("PUT", "/calling-policies/Lobby", {});
      await rig.api("PUT", "/users/adele@contoso.example", {
        displayName: "Adele Vance",
        callingPolicy: "Lobby",
      });
      const page = await open("/policies/Lobby");
      await page.getByRole("button", { name: "Delete policy" }).click();
      const dialog = page.getByRole("alertdialog");
      await dialog.getByRole("button", { name: "Delete policy" }).click();
      await dialog
        .getByRole("alert")
        .getByText("This does not fit how things stand now.")
        .waitFor();
      await rig.screenshot(page, "answer-409");
    });

    test("429: who tries tokens is told how long to wait", async () => {
      const page = await rig.newPage(await rig.newContext());
      page.setDefaultTimeout(15_000);
      await page.goto(`${rig.gateway.adminUrl}/devices`);
      for (let tries = 0; tries < 21; tries++) {
        await fetch(`${rig.gateway.adminUrl}/api/v1/devices`, {
          headers: { authorization: `Bearer wrong-${tries}` },
        });
      }
      await page.getByLabel("Administrator's token").fill("wrong");
      await page.getByRole("button", { name: "Sign in" }).click();
      await page
        .getByRole("alert")
        .getByText(/Try again in \d+ seconds?\./)
        .waitFor();
      await rig.screenshot(page, "answer-429");
    });

    test("503: nothing was changed while the storage was away; the same click does it when it is back", async () => {
      const page = await open("/provision");
      await row(page, macAddress).waitFor();
      await page.getByRole("button", { name: "Add MAC address" }).click();
      await page.getByRole("textbox", { name: "MAC address" }).fill("80:5e:c0:00:88:02");
      await redis.kill();
      const dialog = page.getByRole("dialog");
      await dialog.getByRole("button", { name: "Save", exact: true }).click();
      await dialog.getByRole("alert").getByText("The gateway's storage does not answer.").waitFor();
      await rig.screenshot(page, "answer-503");
      await redis.launch();
      await waitUntil(
        async () => ((await fetch(`${rig.gateway.adminUrl}/readyz`)).ok ? true : undefined),
        { what: "The gateway has its storage again" },
      );
      await dialog.getByRole("button", { name: "Save", exact: true }).click();
      await row(page, "80:5e:c0:00:88:02").waitFor();
    });

    test("a gateway that is killed and started under an open page: the page shows the data as it then is", async () => {
      const page = await open("/devices");
      await row(page, macAddress).getByText("Lobby").waitFor();
      await rig.gateway.kill();
      await page.getByText("Reconnecting").waitFor();
      await rig.gateway.restart();
      await rig.api("PATCH", `/devices/${macAddress}`, { location: "Reception" });
      await rig.api("DELETE", "/devices/80:5e:c0:00:88:02");
      await row(page, macAddress).getByText("Reception").waitFor();
      await row(page, "80:5e:c0:00:88:02").waitFor({ state: "detached" });
      await page.getByText("Live", { exact: true }).waitFor();
    });
  },
  timeout,
);
