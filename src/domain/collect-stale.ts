import { type OffBoardDevicesDependencies, offBoardDevices } from "./off-board-devices.ts";
import type { Stores } from "./stores.ts";
import type { TimeSource, WaitingTimeSource } from "./time-source.ts";
import { expiredCodeRetentionMilliseconds, guessLimits } from "./verification-code.ts";

const collectionIntervalMilliseconds = 60_000;

/** Between two looks at the devices that stay away; after a start, phones have that long to come back. */
const walkIntervalMilliseconds = 3_600_000;

const bindingsAtOnce = 1000;

/** Deletes what has long expired: bindings, codes that nobody dialled, wrong tries that no longer count. */
export async function collectStale(
  dependencies: Pick<Stores, "bindings" | "codes"> & { readonly clock: TimeSource },
): Promise<void> {
  const now = dependencies.clock.nowMilliseconds();
  let collected: number;
  do {
    collected = await dependencies.bindings.removeExpired(now, bindingsAtOnce);
  } while (collected === bindingsAtOnce);
  await dependencies.codes.removeStale(
    now - expiredCodeRetentionMilliseconds,
    now - guessLimits.windowMilliseconds,
  );
}

/**
 * Collects once a minute, and once an hour looks after the devices that stay away.
 * @param onFailure told why a collection failed; the next one is tried all the same
 * @returns a function that ends it
 */
export function collectRepeatedly(
  dependencies: Pick<Stores, "codes"> &
    Omit<OffBoardDevicesDependencies, "clock" | "onFailure" | "isStopped"> & {
      readonly clock: WaitingTimeSource;
    },
  onFailure: (error: unknown) => void,
): () => void {
  const { clock } = dependencies;
  let walkAtMilliseconds = clock.nowMilliseconds() + walkIntervalMilliseconds;
  let timer = clock.schedule(collectionIntervalMilliseconds, collect);
  let stopped = false;
  function collect(): void {
    collectStale(dependencies)
      .then(walkWhenDue)
      .catch(onFailure)
      .finally(() => {
        if (!stopped) timer = clock.schedule(collectionIntervalMilliseconds, collect);
      });
  }
  async function walkWhenDue(): Promise<void> {
    const now = clock.nowMilliseconds();
    if (now < walkAtMilliseconds) return;
    walkAtMilliseconds = now + walkIntervalMilliseconds;
    await offBoardDevices({ ...dependencies, onFailure, isStopped: () => stopped });
  }
  return () => {
    stopped = true;
    timer.cancel();
  };
}
