import { isIP } from "node:net";
import type { SipRequest } from "../message/sip-message.ts";
import { SipParseError } from "../message/sip-parse-error.ts";
import { isSipUri, parseUri, type SipUri, sameSipUri } from "../message/sip-uri.ts";
import { digestResponse, equalInConstantTime, type Ha1, ha1For } from "./hash.ts";
import type { NonceIssuer } from "./nonce.ts";
import type { NonceCounts } from "./nonce-counts.ts";
import type { DigestCredentials, UnreadableCredentials } from "./read-credentials.ts";

/** What became of the credentials of a request. */
export type DigestOutcome =
  | { readonly outcome: "valid" }
  /** To be challenged; not an attack. */
  | { readonly outcome: "no-credentials" }
  /** The digest is right but its nonce is not: to be challenged with `stale=true`. */
  | { readonly outcome: "stale" }
  | { readonly outcome: "invalid"; readonly why: InvalidDigest };

/** Why a digest was refused. For counters and logs; the client is told nothing of it. */
export type InvalidDigest =
  | UnreadableCredentials
  | "unknown-user"
  | "uri-mismatch"
  | "wrong-digest";

const valid: DigestOutcome = { outcome: "valid" };
const stale: DigestOutcome = { outcome: "stale" };
// Compared against where there is no user, so that the time taken does not tell who exists.
const nobody: Required<Ha1> = {
  md5: "0".repeat(32),
  sha256: "0".repeat(64),
  sha512256: "0".repeat(64),
};
const noParameters: SipUri["parameters"] = new Map();

/** Judges credentials against what is kept of a password (RFC 7616 §3.4, RFC 8760, RFC 2617). */
export class DigestVerifier {
  readonly #nonces: NonceIssuer;
  readonly #counts: NonceCounts;

  constructor(options: { nonces: NonceIssuer; counts: NonceCounts }) {
    this.#nonces = options.nonces;
    this.#counts = options.counts;
  }

  /**
   * Whether whoever sent `request` knows the password. The digest is judged first: only when it is
   * right can the answer be `stale`, be it that the nonce is too old, was not made by us, or was
   * used with this count before.
   *
   * @param ha1 of the user that the credentials name; undefined when there is none
   */
  verify(credentials: DigestCredentials, request: SipRequest, ha1: Ha1 | undefined): DigestOutcome {
    const { algorithm, nonce, uri, protection } = credentials;
    const kept = ha1For(algorithm, ha1 ?? nobody);
    if (kept === undefined) return { outcome: "invalid", why: "unsupported-algorithm" };
    if (!meansRequestUri(uri, request)) return { outcome: "invalid", why: "uri-mismatch" };
    const { method } = request;
    const expected = digestResponse(algorithm, kept, { method, uri, nonce }, protection);
    const equal = equalInConstantTime(expected, credentials.response);
    if (ha1 === undefined) return { outcome: "invalid", why: "unknown-user" };
    if (!equal) return { outcome: "invalid", why: "wrong-digest" };
    return this.#useNonce(credentials) ? valid : stale;
  }

  #useNonce({ nonce, realm, protection }: DigestCredentials): boolean {
    const check = this.#nonces.check(nonce, realm);
    if (check.state !== "fresh") return false;
    // Without nc nothing tells a second request from a repeated one: a nonce is good for one.
    const count = protection === undefined ? 1 : Number.parseInt(protection.nonceCount, 16);
    return this.#counts.accept(check, count);
  }
}

/**
 * Phones write the Request-URI as digest-uri, mostly to the letter. Parameters and case may differ:
 * some leave `;transport=tcp` away in one of the two. SIPp writes the address that it sends to,
 * `sip:192.0.2.1:5060`, whatever it asks for: RFC 3261 §22.4 leaves it to the server to take that,
 * and a count of its own for each use of a nonce still keeps the digest from being used again.
 */
function meansRequestUri(digestUri: string, request: SipRequest): boolean {
  if (digestUri === request.requestUri) return true;
  try {
    const one = parseUri(digestUri);
    const other = request.uri;
    if (!isSipUri(one) || !isSipUri(other)) return false;
    return isBareAddress(one) || sameSipUri(bare(one), bare(other));
  } catch (error) {
    if (error instanceof SipParseError) return false;
    throw error;
  }
}

function isBareAddress({ user, host }: SipUri): boolean {
  return user === undefined && isIP(host.replace(/^\[(.*)\]$/, "$1")) !== 0;
}

function bare(uri: SipUri): SipUri {
  return { ...uri, parameters: noParameters, headers: undefined };
}
