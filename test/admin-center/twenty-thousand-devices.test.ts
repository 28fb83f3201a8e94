import { setTimeout as delay } from "node:timers/promises";
import type { CDPSession, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasChromium } from "../support/chromium.ts";
import { PageRig } from "./page-rig.ts";

const devices = 20_000;
/** Half of them wait on activation, half have a user signed in. */
const half = devices / 2;
/** What is promised: the first page in a second, a filter or a sort in 200 ms. */
const firstRowsMilliseconds = 1000;
const changeMilliseconds = 200;
/** Tests run beside others on a few cores: the best of some tries, with so much added, is held. */
const slack = 2;
const tries = 5;
const updatesPerSecond = 200;
const warmUpSeconds = 4;
const updateSeconds = 15;
/**
 * A device that changes is replaced by one as large, so that nothing may be left of each; what V8
 * keeps of compiled code and of half-filled pages after a collection moves by a few percent.
 */
const heapGrowth = 1.1;

describe.skipIf(!hasChromium)("the inventory of 20,000 devices", () => {
  let rig: PageRig;
  let page: Page;

  beforeAll(async () => {
    rig = await PageRig.open();
    await rig.api("POST", "/lab/sample-users", { from: 1, count: half });
    await importDevices(rig);
    page = await rig.visit("/devices");
    await page.addInitScript(noteFirstRow);
  }, 60_000);
  afterAll(() => rig?.close(), 30_000);

  const allShown = () => page.getByText("20,000 of 20,000 devices").waitFor();

  it("shows its first rows within a second", async () => {
    const firstRows: number[] = [];
    for (let time = 0; time < tries; time++) {
      await page.reload();
      firstRows.push(await page.evaluate<number>("globalThis.firstRowMilliseconds"));
    }
    await allShown();
    await rig.screenshot(page, "devices-twenty-thousand");
    tell("first rows", firstRows);
    expect(Math.min(...firstRows)).toBeLessThan(firstRowsMilliseconds * slack);
  }, 60_000);

  it.each([
    [
      "a filter",
      pressButton("Waiting"),
      "10,000 of 20,000",
      pressButton("All"),
      "20,000 of 20,000",
    ],
    ["a search", type("room 499"), /^[1-9]\d{1,2} of 20,000/.source, type(""), "20,000 of 20,000"],
    [
      "a sort",
      pressHeader("Location"),
      "Building 0",
      pressHeader("MAC address"),
      "02:00:00:00:00:01",
    ],
  ])("answers %s within 200 milliseconds", async (what, act, expected, back, expectedBack) => {
    const taken: number[] = [];
    for (let time = 0; time < tries; time++) {
      taken.push(await page.evaluate<number>(timed(act, expected)));
      taken.push(await page.evaluate<number>(timed(back, expectedBack)));
    }
    tell(what, taken);
    const forth = taken.filter((_, index) => index % 2 === 0);
    const backAgain = taken.filter((_, index) => index % 2 === 1);
    expect(Math.min(...forth)).toBeLessThan(changeMilliseconds * slack);
    expect(Math.min(...backAgain)).toBeLessThan(changeMilliseconds * slack);
  });

  it("keeps its memory level while 200 devices a second change", async () => {
    const protocol = await page.context().newCDPSession(page);
    await changeDevices(rig, warmUpSeconds, "before");
    const before = await heapBytes(protocol);
    const begun = performance.now();
    await changeDevices(rig, updateSeconds, "after");
    const perSecond = (updatesPerSecond * updateSeconds * 1000) / (performance.now() - begun);
    await page.getByText("Moved after 0").first().waitFor();
    const after = await heapBytes(protocol);
    console.info(
      `heap ${megabytes(before)} MB, after ${updateSeconds * updatesPerSecond} updates ` +
        `(${Math.round(perSecond)} a second) ${megabytes(after)} MB`,
    );
    expect(after).toBeLessThan(before * heapGrowth);
  }, 90_000);
});

async function importDevices(rig: PageRig): Promise<void> {
  const lines = Array.from({ length: half }, (_, index) => {
    const mac = (0x805ec0000000 + index).toString(16);
    return `${mac},"Building ${(index * 7919) % 37}, room ${(index * 104_729) % 500}"`;
  });
  const response = await fetch(`${rig.gateway.adminUrl}/api/v1/devices/import`, {
    method: "POST",
    headers: { authorization: `Bearer ${rig.gateway.token}`, "content-type": "text/csv" },
    body: `MAC id,Location\r\n${lines.join("\r\n")}\r\n`,
  });
  if (!response.ok) throw new Error(await response.text());
}

/** Moves devices, another one each time, at an even pace; waits until all are answered. */
async function changeDevices(rig: PageRig, seconds: number, phase: string): Promise<void> {
  const perTick = updatesPerSecond / 10;
  const begun = performance.now();
  for (let tick = 0; tick < seconds * 10; tick++) {
    const moves = Array.from({ length: perTick }, (_, index) => {
      const number = tick * perTick + index;
      const mac = (0x020000000001 + number).toString(16).padStart(12, "0");
      return rig.api("PATCH", `/devices/${mac}`, { location: `Moved ${phase} ${number}` });
    });
    await Promise.all(moves);
    await delay(Math.max(0, begun + (tick + 1) * 100 - performance.now()));
  }
}

async function heapBytes(protocol: CDPSession): Promise<number> {
  await protocol.send("HeapProfiler.collectGarbage");
  const { usedSize } = await protocol.send("Runtime.getHeapUsage");
  return usedSize;
}

/** Runs in each page before its own code: when the first row was painted, in time since the navigation. */
const noteFirstRow = `globalThis.firstRowMilliseconds = new Promise((resolve) => {
  const look = () => {
    if (document.querySelector('[role="row"][aria-rowindex="2"]') === null) requestAnimationFrame(look);
    else setTimeout(() => resolve(performance.now()));
  };
  requestAnimationFrame(look);
})`;

function pressButton(name: string): string {
  return `[...document.querySelectorAll('[role="group"] button')]
    .find((button) => button.textContent.startsWith(${JSON.stringify(name)})).click()`;
}

function pressHeader(name: string): string {
  return `[...document.querySelectorAll('[role="columnheader"] button')]
    .find((button) => button.textContent === ${JSON.stringify(name)}).click()`;
}

/** As a keyboard does: React listens for the event, and asks the element for its value. */
function type(text: string): string {
  return `{
    const input = document.querySelector('input[type="search"]');
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set
      .call(input, ${JSON.stringify(text)});
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }`;
}

/** Does something in the page. @returns code whose value is the time until the frame that shows the outcome was painted */
function timed(act: string, expected: string): string {
  return `new Promise((resolve) => {
    const expected = new RegExp(${JSON.stringify(expected)}, "m");
    const shows = () => expected.test(document.querySelector("main").innerText);
    const begun = performance.now();
    ${act};
    const look = () => {
      if (shows()) setTimeout(() => resolve(performance.now() - begun));
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  })`;
}

function tell(what: string, milliseconds: readonly number[]): void {
  console.info(`${what}: ${milliseconds.map(Math.round).join(", ")} ms`);
}

function megabytes(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(1);
}
