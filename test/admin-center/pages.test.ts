import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasChromium } from "../support/chromium.ts";
import { PageRig, sizes } from "./page-rig.ts";
import { fillWithPhones } from "./sample-fleet.ts";

const timeout = 120_000;

/** Every page, with a text that stands on it when its data is there. */
const pages: readonly (readonly [path: string, text: string])[] = [
  ["/", "Storage: works"],
  ["/devices", "Adele Vance"],
  ["/devices/80:5e:c0:00:00:01", "Adele Vance"],
  ["/provision", "Gate 3"],
  ["/provision/sign-in", "Meeting room"],
  ["/provision/bulk-sign-in", "There was no bulk sign-in yet."],
  ["/users", "Adele Vance"],
  ["/policies", "Global"],
  ["/policies/Global", "Voicemail for unanswered calls"],
  ["/calls", "Verification code"],
  ["/conditional-access", "The rule is off: no sign-in is blocked."],
  ["/regions", "DHCP options"],
  ["/administrators", "The token in the settings"],
  ["/nowhere", "There is nothing at this address."],
];

const looks = {
  light: { colorScheme: "light", contrast: "no-preference", reducedMotion: "reduce" },
  dark: { colorScheme: "dark", contrast: "no-preference", reducedMotion: "reduce" },
  "high-contrast": { colorScheme: "dark", contrast: "more", reducedMotion: "reduce" },
} as const;

describe.skipIf(!hasChromium)(
  "every page",
  () => {
    let rig: PageRig;
    beforeAll(async () => {
      rig = await PageRig.open();
      await fillWithPhones(rig);
    }, timeout);
    afterAll(() => rig.close());

    describe.each(Object.keys(sizes) as (keyof typeof sizes)[])("in a %s window", (size) => {
      let page: Page;
      beforeAll(async () => {
        page = await rig.visit("/nowhere", { size });
        page.setDefaultTimeout(10_000);
      });

      test.each(pages)(
        "%s is for everybody, in each look, without scrolling sideways",
        async (path, text) => {
          await page.goto(`${rig.gateway.adminUrl}${path}`);
          await page.getByText(text).first().waitFor();
          expect(await page.getByRole("heading", { level: 1 }).count()).toBe(1);
          for (const [look, media] of Object.entries(looks)) {
            await page.emulateMedia({ ...media });
            await untilColored(page);
            // What else axe looks for is the same in every look.
            await rig.expectAccessible(page, look === "light" ? undefined : ["color-contrast"]);
            await rig.expectNoSidewaysScroll(page);
            const name = path.replaceAll(/[^a-z]+/gi, "-").replaceAll(/^-|-$/g, "") || "dashboard";
            await rig.screenshot(page, `all-${name}-${size}-${look}`);
          }
        },
      );
    });
  },
  timeout,
);

/** Resolves when a change of the look is drawn, and no color is on its way any more. */
async function untilColored(page: Page): Promise<void> {
  await page.evaluate(`(async () => {
    for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
    const transitions = document.getAnimations().filter((one) => one instanceof CSSTransition);
    await Promise.allSettled(transitions.map(({ finished }) => finished));
  })()`);
}
