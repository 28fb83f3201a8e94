import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasChromium } from "../support/chromium.ts";
import { PageRig, sizes } from "./page-rig.ts";
import { fillWithPhones } from "./sample-fleet.ts";

const timeout = 120_000;

/** Pages with a name of the sample phones that stands on each, in every language. */
const pages: readonly (readonly [path: string, text: string])[] = [
  ["/", "SQLite"],
  ["/devices", "Megan Bowen"],
  ["/devices/80:5e:c0:00:00:01", "Adele Vance"],
  ["/provision", "Gate 3"],
  ["/users", "Megan Bowen"],
  ["/policies/Global", "Adele Vance"],
  ["/regions", "Yealink"],
];

/** The longest words, and another script. */
const languages = { de: "SIP-Geräte", ja: "SIP デバイス" } as const;

describe.skipIf(!hasChromium)(
  "in another language",
  () => {
    let rig: PageRig;
    beforeAll(async () => {
      rig = await PageRig.open();
      await fillWithPhones(rig);
    }, timeout);
    afterAll(() => rig.close());

    test.each(
      Object.entries(languages).flatMap(([language, menuItem]) =>
        (Object.keys(sizes) as (keyof typeof sizes)[]).map(
          (size) => [language, size, menuItem] as const,
        ),
      ),
    )("%s, in a %s window, every page stands within it", async (language, size, menuItem) => {
      const page = await rig.visit("/devices", { size, locale: language });
      page.setDefaultTimeout(10_000);
      await page.getByRole("heading", { level: 1, name: menuItem }).waitFor();
      expect(await page.evaluate("document.documentElement.lang")).toBe(language);
      for (const [path, text] of pages) {
        await page.goto(`${rig.gateway.adminUrl}${path}`);
        await page.getByText(text).first().waitFor();
        await rig.expectNoSidewaysScroll(page);
        const name = path.replaceAll(/[^a-z]+/gi, "-").replaceAll(/^-|-$/g, "") || "dashboard";
        await rig.screenshot(page, `${language}-${name}-${size}`);
      }
    });
  },
  timeout,
);
