import type { PolicyAsk, PolicyRefresh } from "./policy-refresh.ts";

/** What a phone's registration means for its policy. */
export type PolicyRefreshStep =
  /** It holds the assigned version. */
  | "up-to-date"
  /**
   * It was asked a while ago, and is given the time to fetch: a phone in a call waits for its end.
   * Or it has fetched, after this registration.
   */
  | "wait"
  | "ask"
  /** It has fetched the assigned version and registered again: it holds it from now on. */
  | "applied";

/**
 * How long a phone that was asked is given to fetch, the first time. Two refreshes of the usual
 * registration are further apart, so that one lost NOTIFY does not cost the hour.
 */
export const firstAskWaitMilliseconds = 20 * 60 * 1000;

/** The longest wait for a phone that was asked again and again; it fetches once a day by itself. */
const longestAskWaitMilliseconds = 24 * 60 * 60 * 1000;

/**
 * Judges a registration of a signed-in device's phone by the version that its policy has now.
 * @param registeredAtMilliseconds when it was, where it is not judged at once
 */
export function judgePolicyRefresh(
  { appliedVersion, fetchedVersion, fetchedAtMilliseconds, asked }: PolicyRefresh,
  version: number,
  nowMilliseconds: number,
  registeredAtMilliseconds = nowMilliseconds,
): PolicyRefreshStep {
  if (appliedVersion === version) return "up-to-date";
  if (fetchedVersion === version) {
    return registeredAtMilliseconds >= (fetchedAtMilliseconds ?? 0) ? "applied" : "wait";
  }
  if (asked === null || asked.version !== version) return "ask";
  return nowMilliseconds - asked.atMilliseconds < waitOf(asked) ? "wait" : "ask";
}

/** A phone that does not heed the NOTIFY is asked ever more seldom. */
function waitOf({ times }: PolicyAsk): number {
  return Math.min(firstAskWaitMilliseconds * 2 ** (times - 1), longestAskWaitMilliseconds);
}
