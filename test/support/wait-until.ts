import { setTimeout as delay } from "node:timers/promises";

/** How often and how long a test looks. */
export interface Patience {
  /** What is waited for, for the error. */
  readonly what: string;
  readonly timeoutMilliseconds?: number;
  readonly intervalMilliseconds?: number;
}

/**
 * Looks again and again until `look` gives something other than undefined, and returns that. For
 * what happens in another process, where no fake clock reaches.
 * @throws Error naming what was waited for, with the last error of `look` as its cause
 */
export async function waitUntil<Found>(
  look: () => Promise<Found | undefined>,
  patience: Patience,
): Promise<Found> {
  const { what, timeoutMilliseconds = 10_000, intervalMilliseconds = 50 } = patience;
  const deadline = Date.now() + timeoutMilliseconds;
  let lastError: unknown;
  while (Date.now() < deadline) {
    try {
      const found = await look();
      if (found !== undefined) return found;
      lastError = undefined;
    } catch (error) {
      lastError = error;
    }
    await delay(intervalMilliseconds);
  }
  throw new Error(`${what}: not within ${timeoutMilliseconds} ms.`, { cause: lastError });
}
