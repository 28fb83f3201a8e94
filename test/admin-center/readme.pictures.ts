import { join } from "node:path";
import { describe, test } from "vitest";
import { projectRoot } from "../support/gateway-process.ts";
import { PageRig } from "./page-rig.ts";
import { fillWithPhones } from "./sample-fleet.ts";

const timeout = 120_000;

/** The README's pictures: file, page, and a text that stands on it when its data is there. */
const pictures = [
  ["admin-center-devices", "/devices", "Megan Bowen"],
  ["admin-center-device", "/devices/80:5e:c0:00:00:01", "Adele Vance"],
  ["admin-center-provision", "/provision", "Gate 3"],
  ["admin-center-dashboard", "/", "Storage: works"],
] as const;

// No test, and not among them: npm run pictures
describe("the README", () => {
  test(
    "has pictures of the admin center as it is",
    async () => {
      const rig = await PageRig.open();
      let minutes = 0;
      const aMinuteLater = async () => {
        minutes++;
        await rig.api("POST", "/lab/clock/advance", { seconds: 60 });
      };
      const adele = await fillWithPhones(rig, aMinuteLater);
      for (const number of ["+14255550101", "+14255550102", "+14255550101", "+14255550199"]) {
        await adele.dial(number);
        await aMinuteLater();
      }
      const page = await rig.visit("/");
      // The browser's time goes with the gateway's.
      await page.clock.setSystemTime(Date.now() + minutes * 60_000);
      for (const [file, path, text] of pictures) {
        await page.goto(`${rig.gateway.adminUrl}${path}`);
        await page.getByText(text).first().waitFor();
        await page.getByText("Live", { exact: true }).waitFor();
        if (path === "/") await page.locator("main svg path").first().waitFor();
        await page.screenshot({ path: join(projectRoot, "docs", "images", `${file}.png`) });
      }
      await rig.close();
    },
    timeout,
  );
});
