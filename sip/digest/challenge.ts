import type { DigestAlgorithm } from "./hash.ts";
import { quote } from "./quote.ts";

/** What a challenge says. */
export interface ChallengeOptions {
  readonly realm: string;
  readonly nonce: string;
  /** The credentials were right but their nonce was not: the phone may try again unasked. */
  readonly stale?: boolean;
  readonly opaque?: string;
  /** In the order of our liking; phones take the first one they know (RFC 8760 §2.3). */
  readonly algorithms?: readonly DigestAlgorithm[];
}

const offeredAlgorithms: readonly DigestAlgorithm[] = ["SHA-256", "MD5"];

/**
 * The values of WWW-Authenticate or Proxy-Authenticate, each for a header field of its own: SHA-256
 * first, then MD5 for phones that know nothing else (RFC 8760 §2.4). They share one nonce.
 */
export function buildChallenges(options: ChallengeOptions): string[] {
  const start = `Digest realm=${quote(options.realm)}, nonce=${quote(options.nonce)}`;
  let end = ', qop="auth"';
  if (options.opaque !== undefined) end += `, opaque=${quote(options.opaque)}`;
  if (options.stale === true) end += ", stale=true";
  return (options.algorithms ?? offeredAlgorithms).map(
    (algorithm) => `${start}, algorithm=${algorithm}${end}`,
  );
}
