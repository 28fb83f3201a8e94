import type { FakeClock } from "./fake-clock.ts";

/** Lets a clock that stands still run at a fast pace until the promise is settled. */
export async function passingTime<T>(clock: FakeClock, promise: Promise<T>): Promise<T> {
  let settled = false;
  const ended = promise.finally(() => {
    settled = true;
  });
  ended.catch(() => undefined);
  while (!settled) {
    await clock.advanceAsync(20);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return ended;
}
