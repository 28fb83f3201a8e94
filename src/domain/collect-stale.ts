import type { Stores } from "./stores.ts";
import type { TimeSource } from "./time-source.ts";
import { expiredCodeRetentionMilliseconds, guessLimits } from "./verification-code.ts";

/** Time between two collections. */
export const collectionIntervalMilliseconds = 60_000;

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
