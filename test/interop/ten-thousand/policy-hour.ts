import { hasSynced } from "./fleet-progress.ts";
import { type PolicyGauges, readPolicyGauges } from "./policy-gauges.ts";
import { type Rehearsal, stepSeconds } from "./rehearsal.ts";

/** A change of the policy that every phone's user has. */
export interface PolicyChange {
  readonly atMilliseconds: number;
  readonly version: number;
  /** Right after it, before any phone could hear of it. */
  readonly gauges: PolicyGauges;
}

const hourMilliseconds = 3_600_000;
/** Gateway time between two looks at the gauges, as a Prometheus would scrape. */
const scrapeMilliseconds = 60_000;

/**
 * Starts all phones and lets each fetch the policy as it is: the gateway has never seen them.
 * @throws Error when one has not done so within an hour of gateway time
 */
export async function warmUp(rehearsal: Rehearsal): Promise<void> {
  const { phones } = rehearsal.fleet;
  const deadline = rehearsal.nowMilliseconds + hourMilliseconds;
  while (!phones.every(hasSynced)) {
    if (rehearsal.nowMilliseconds > deadline) {
      const late = phones.filter((phone) => !hasSynced(phone)).length;
      throw new Error(`${late} phones have not got their policy. ${rehearsal.output}`);
    }
    await rehearsal.step();
  }
}

/** Changes the policy of all, and begins the phones' logs anew. */
export async function changePolicy(rehearsal: Rehearsal): Promise<PolicyChange> {
  const { admin, fleet, nowMilliseconds: atMilliseconds } = rehearsal;
  for (const phone of fleet.phones) phone.beginLog();
  const version = await admin.putCallingPolicy("Global", { busyOnBusy: true });
  return { atMilliseconds, version, gauges: await readPolicyGauges(admin) };
}

/**
 * Lets gateway time pass until an hour after the change, all but the last moment of it.
 * @param beforeStep called before each step, and may itself let time pass
 * @returns the highest value that the gauge of the oldest one pending had, in seconds
 */
export async function passHour(
  rehearsal: Rehearsal,
  { atMilliseconds }: PolicyChange,
  beforeStep: () => Promise<void> = async () => {},
): Promise<number> {
  let oldestPendingSeconds = 0;
  let scrapeAt = atMilliseconds;
  const lastStepAt = atMilliseconds + hourMilliseconds - stepSeconds * 1000;
  while (rehearsal.nowMilliseconds <= lastStepAt) {
    await beforeStep();
    await rehearsal.step();
    if (rehearsal.nowMilliseconds < scrapeAt) continue;
    scrapeAt = rehearsal.nowMilliseconds + scrapeMilliseconds;
    const gauges = await readPolicyGauges(rehearsal.admin);
    oldestPendingSeconds = Math.max(oldestPendingSeconds, gauges.oldestPendingSeconds);
  }
  return oldestPendingSeconds;
}
