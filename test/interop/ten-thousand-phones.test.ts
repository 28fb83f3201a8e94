import { describe, expect, it } from "vitest";
import { type StoreKind, storeKinds } from "./gateway-on-store.ts";
import { whyMissing } from "./peer-programs.ts";
import type { DeskPhone } from "./ten-thousand/desk-phone.ts";
import {
  countSynced,
  mostAskedPerSecond,
  syncedAt,
  timesOf,
} from "./ten-thousand/fleet-progress.ts";
import { nothingPending, untilNothingPending } from "./ten-thousand/policy-gauges.ts";
import { changePolicy, type PolicyChange, passHour, warmUp } from "./ten-thousand/policy-hour.ts";
import { Rehearsal, stepSeconds } from "./ten-thousand/rehearsal.ts";

/** How many; `POLICY_PHONES` asks for fewer or more. */
const count = Number(process.env.POLICY_PHONES ?? 10_000);
const hourSeconds = 3600;
/** Under a minute on an idle machine with two cores; there is none of that while all tests run. */
const timeoutMilliseconds = 600_000;

/** On the second storage a quarter shows the same: what differs there is the storage, not the number. */
const countOn: Readonly<Record<StoreKind, number>> = { sqlite: count, redis: count / 4 };

/** Every phone did it once. */
function onceEach(phones: readonly DeskPhone[]): ReadonlyMap<number, number> {
  return new Map([[1, phones.length]]);
}

async function rehearse(store: StoreKind, play: (rehearsal: Rehearsal) => Promise<void>) {
  const rehearsal = await Rehearsal.begin(store, countOn[store]);
  try {
    await warmUp(rehearsal);
    const { phones } = rehearsal.fleet;
    expect(timesOf(phones, "asked")).toEqual(onceEach(phones));
    expect(timesOf(phones, "fetched")).toEqual(onceEach(phones));
    expect(await untilNothingPending(rehearsal.admin)).toEqual(nothingPending);
    await play(rehearsal);
  } finally {
    await rehearsal.stop();
  }
}

/** All have the new version, the gateway knows it, and says so of a few that are looked at. */
async function expectAllSynced(rehearsal: Rehearsal, change: PolicyChange): Promise<void> {
  const { admin, fleet } = rehearsal;
  const { phones } = fleet;
  expect(countSynced(phones)).toBe(phones.length);
  expect(await untilNothingPending(admin)).toEqual(nothingPending);
  for (const number of [1, Math.ceil(phones.length / 2), phones.length]) {
    const macAddress = phones[number - 1]?.identity.macAddress ?? "";
    expect(await admin.device(macAddress)).toMatchObject({
      policy: {
        assignedVersion: change.version,
        appliedVersion: change.version,
        pendingSince: null,
      },
    });
    const lines = await admin.events(macAddress);
    const synced = lines.filter(({ kind }) => kind === "policy-synced");
    const isOfChange = synced.map(({ text }) => text.includes(`version ${change.version} `));
    // One line for it, and before that one for the version that the phone began with.
    expect(isOfChange).toEqual([true, false]);
  }
}

function tell(phones: readonly DeskPhone[], { atMilliseconds }: PolicyChange, title: string): void {
  const last = Math.max(...phones.map((phone) => syncedAt(phone) ?? 0));
  const most = mostAskedPerSecond(phones, stepSeconds);
  console.info(
    `${title}: ${phones.length} phones, the last one synced after ${Math.ceil((last - atMilliseconds) / 1000)} s; ` +
      `at most ${most} NOTIFYs a second of gateway time.`,
  );
}

describe("a change of the policy of ten thousand signed-in phones", () => {
  it(
    `reaches each of ${count} within the hour, and asks none of them twice`,
    () =>
      rehearse("sqlite", async (rehearsal) => {
        const { phones } = rehearsal.fleet;
        const change = await changePolicy(rehearsal);
        expect(change.gauges.pendingDevices).toBe(phones.length);
        const oldestPendingSeconds = await passHour(rehearsal, change);
        expect(oldestPendingSeconds).toBeLessThanOrEqual(hourSeconds);
        await expectAllSynced(rehearsal, change);
        tell(phones, change, "no kill");
        expect(timesOf(phones, "asked")).toEqual(onceEach(phones));
        expect(timesOf(phones, "fetched")).toEqual(onceEach(phones));
      }),
    timeoutMilliseconds,
  );

  const missing = whyMissing("redis-server");
  const stores = missing === undefined ? storeKinds : (["sqlite"] as const);
  it.each(stores)(
    "does so across a kill -9 in the middle, on %s",
    (store) =>
      rehearse(store, async (rehearsal) => {
        const { phones } = rehearsal.fleet;
        const change = await changePolicy(rehearsal);
        expect(change.gauges.pendingDevices).toBe(phones.length);
        let killedAt: number | undefined;
        const oldestPendingSeconds = await passHour(rehearsal, change, async () => {
          if (killedAt !== undefined || countSynced(phones) < phones.length / 2) return;
          killedAt = await rehearsal.stepThroughKill();
        });
        expect(killedAt).toBeDefined();
        expect(oldestPendingSeconds).toBeLessThanOrEqual(hourSeconds);
        await expectAllSynced(rehearsal, change);
        tell(phones, change, `kill -9 on ${store}`);
        expect(timesOf(phones, "fetched")).toEqual(onceEach(phones));
        // Who agreed at the moment of the kill, unwritten, is asked again: he might not have heard.
        const momentBefore = (killedAt ?? 0) - stepSeconds * 1000 * 1.5;
        for (const { log } of phones.filter((phone) => phone.log.asked.length > 1)) {
          expect(log.asked).toHaveLength(2);
          expect(log.asked[0]).toBeGreaterThan(momentBefore);
        }
      }),
    timeoutMilliseconds,
  );
});
