import type { DeskPhone } from "./desk-phone.ts";

/** Whether the phone has fetched its configuration and registered again since its log was begun. */
export function hasSynced({ log }: DeskPhone): boolean {
  const [fetchedAt] = log.fetched;
  const registeredAt = log.registered.at(-1);
  return fetchedAt !== undefined && registeredAt !== undefined && registeredAt > fetchedAt;
}

/** How many phones have. */
export function countSynced(phones: readonly DeskPhone[]): number {
  return phones.reduce((count, phone) => count + (hasSynced(phone) ? 1 : 0), 0);
}

/** When a phone had synced: its first registration after its first fetch; undefined: not yet. */
export function syncedAt({ log }: DeskPhone): number | undefined {
  const [fetchedAt = Number.POSITIVE_INFINITY] = log.fetched;
  return log.registered.find((registeredAt) => registeredAt > fetchedAt);
}

/** How many phones did it so many times: a Map from times to phones. */
export function timesOf(
  phones: readonly DeskPhone[],
  what: "asked" | "fetched",
): ReadonlyMap<number, number> {
  const phonesByTimes = new Map<number, number>();
  for (const { log } of phones) {
    const times = log[what].length;
    phonesByTimes.set(times, (phonesByTimes.get(times) ?? 0) + 1);
  }
  return phonesByTimes;
}

/** The most NOTIFYs that came at one gateway time, a step's, for each second of the step. */
export function mostAskedPerSecond(phones: readonly DeskPhone[], stepSeconds: number): number {
  const askedAt = new Map<number, number>();
  for (const { log } of phones) {
    for (const at of log.asked) askedAt.set(at, (askedAt.get(at) ?? 0) + 1);
  }
  return Math.max(0, ...askedAt.values()) / stepSeconds;
}
