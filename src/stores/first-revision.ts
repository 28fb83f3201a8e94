import { randomInt } from "node:crypto";

const revisionRange = 2 ** 47;

/**
 * The revision of a value that is new. It is random, so that who read a value that was deleted and
 * made anew since cannot take the new one for the one that he read; from here it counts up.
 */
export function firstRevision(): number {
  return 1 + randomInt(revisionRange);
}
