import type { Stores } from "./stores.ts";
import type { TimeSource, WaitingTimeSource } from "./time-source.ts";
import { expiredCodeRetentionMilliseconds, guessLimits } from "./verification-code.ts";

const collectionIntervalMilliseconds = 60_000;

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
 * Collects once a minute.
 * @param onFailure told why a collection failed; the next one is tried all the same
 * @returns a function that ends it
 */
export function collectRepeatedly(
  dependencies: Pick<Stores, "bindings" | "codes"> & { readonly clock: WaitingTimeSource },
  onFailure: (error: unknown) => void,
): () => void {
  const { clock } = dependencies;
  let timer = clock.schedule(collectionIntervalMilliseconds, collect);
  let stopped = false;
  function collect(): void {
    collectStale(dependencies)
      .catch(onFailure)
      .finally(() => {
        if (!stopped) timer = clock.schedule(collectionIntervalMilliseconds, collect);
      });
  }
  return () => {
    stopped = true;
    timer.cancel();
  };
}
