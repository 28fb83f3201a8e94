import { spawnSync } from "node:child_process";
import { type Browser, chromium } from "playwright-core";

const executablePath = spawnSync("which", ["chromium"], { encoding: "utf8" }).stdout.trim();
if (executablePath === "" && process.env.CI !== undefined) throw new Error("no chromium");

/** Whether this machine has a Chromium; in CI it must. */
export const hasChromium = executablePath !== "";

/** The system's Chromium, without a window and without talk of its own. Whoever launches one closes it. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}
