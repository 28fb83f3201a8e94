import type { DigestAlgorithm } from "../../../sip/digest/hash.ts";

const both: readonly DigestAlgorithm[] = ["MD5", "SHA-256"];
const onlyOld: readonly DigestAlgorithm[] = ["MD5"];

/**
 * baresip up to 2.x (libre's httpauth, tried with 1.0.0) gives a registration up as soon as any of
 * the challenges names an algorithm other than MD5, wherever it stands.
 */
const knowsOnlyMd5 = /^baresip v[012]\./;

/**
 * The digest algorithms that a user agent is challenged with, in the order of their headers.
 *
 * RFC 8760 §2.4 lets the first one be what the server likes best. MD5 is put first all the same:
 * user agents from before that RFC look at the first challenge only, and fail on an algorithm that
 * they do not know (SIPp 3.6.1 ends all its calls). One that prefers SHA-256 finds it second.
 *
 * @param userAgent the request's User-Agent, if it has one
 */
export function offeredAlgorithms(userAgent: string | undefined): readonly DigestAlgorithm[] {
  return userAgent !== undefined && knowsOnlyMd5.test(userAgent) ? onlyOld : both;
}
