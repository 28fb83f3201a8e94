import { hash } from "node:crypto";

/** The algorithms of RFC 8760 §2 that are spoken; their session variants are not. */
export type DigestAlgorithm = "MD5" | "SHA-256" | "SHA-512-256";

/**
 * What is kept of a password: the hash of `username:realm:password` in lower-case hex, for each
 * algorithm that may be asked for. As secret as the password itself within its realm.
 */
export interface Ha1 {
  readonly md5: string;
  readonly sha256: string;
  /** Only where SHA-512-256 is to be spoken as well. */
  readonly sha512256?: string;
}

const opensslNames: Record<DigestAlgorithm, string> = {
  MD5: "md5",
  "SHA-256": "sha256",
  "SHA-512-256": "sha512-256",
};

const byLowerCaseName: ReadonlyMap<string, DigestAlgorithm> = new Map([
  ["md5", "MD5"],
  ["sha-256", "SHA-256"],
  ["sha-512-256", "SHA-512-256"],
]);

/** The algorithm of this name in any case; undefined when it is not spoken (`MD5-sess`). */
export function digestAlgorithm(name: string): DigestAlgorithm | undefined {
  return byLowerCaseName.get(name) ?? byLowerCaseName.get(name.toLowerCase());
}

/** The hash of UTF-8 text in lower-case hex (RFC 7616 §3.3 `H`). */
export function digestHash(algorithm: DigestAlgorithm, text: string): string {
  return hash(opensslNames[algorithm], text);
}

/** HA1 of a password for MD5 and SHA-256 (RFC 7616 §3.4.2). */
export function ha1Of(username: string, realm: string, password: string): Ha1 {
  const text = `${username}:${realm}:${password}`;
  return { md5: digestHash("MD5", text), sha256: digestHash("SHA-256", text) };
}

/** The HA1 for one algorithm, or undefined when it was not kept. */
export function ha1For(algorithm: DigestAlgorithm, ha1: Ha1): string | undefined {
  switch (algorithm) {
    case "MD5":
      return ha1.md5;
    case "SHA-256":
      return ha1.sha256;
    case "SHA-512-256":
      return ha1.sha512256;
  }
}

/** Where qop=auth is spoken: what goes into the response besides nonce and request. */
export interface QualityOfProtection {
  /** nc as on the wire, 8 hex digits. */
  readonly nonceCount: string;
  readonly clientNonce: string;
}

/**
 * The `response` of a digest (RFC 7616 §3.4.1), or, without `protection`, that of RFC 2069 §2.1.2.
 *
 * @param uri the digest-uri as it stands in the header
 */
export function digestResponse(
  algorithm: DigestAlgorithm,
  ha1: string,
  request: { readonly method: string; readonly uri: string; readonly nonce: string },
  protection: QualityOfProtection | undefined,
): string {
  const ha2 = digestHash(algorithm, `${request.method}:${request.uri}`);
  const middle =
    protection === undefined
      ? request.nonce
      : `${request.nonce}:${protection.nonceCount}:${protection.clientNonce}:auth`;
  return digestHash(algorithm, `${ha1}:${middle}:${ha2}`);
}

/**
 * Whether two texts are equal, in a time that depends on their lengths only. Written out because
 * copying both into buffers for `timingSafeEqual` takes longer than looking at 64 characters.
 */
export function equalInConstantTime(one: string, other: string): boolean {
  let difference = one.length ^ other.length;
  for (let index = 0; index < one.length; index++) {
    difference |= one.charCodeAt(index) ^ other.charCodeAt(index);
  }
  return difference === 0;
}
