import { parseDigestHeader } from "../message/digest-header.ts";
import { SipParseError } from "../message/sip-parse-error.ts";
import {
  type DigestAlgorithm,
  digestAlgorithm,
  digestHash,
  digestResponse,
  type Ha1,
  ha1For,
} from "./hash.ts";
import { quote } from "./quote.ts";

/** Who answers a challenge: a user with the password, or with what is kept of it. */
export type ClientCredentials =
  | { readonly username: string; readonly password: string }
  | { readonly username: string; readonly ha1: Ha1 };

/** A challenge that can be answered. */
export interface AnswerableChallenge {
  readonly realm: string;
  readonly nonce: string;
  readonly algorithm: DigestAlgorithm;
  /** Whether qop=auth was offered; without it the answer is that of RFC 2069. */
  readonly protects: boolean;
  readonly opaque: string | undefined;
  readonly stale: boolean;
}

/** What one answer is for. */
export interface AnsweredRequest {
  readonly method: string;
  /** The Request-URI. */
  readonly uri: string;
  /** How often this nonce is used with this request, from 1. */
  readonly nonceCount: number;
  /** Random text of ours. */
  readonly clientNonce: string;
}

const byStrength: readonly DigestAlgorithm[] = ["SHA-512-256", "SHA-256", "MD5"];

/**
 * The strongest challenge that these credentials can answer; undefined when there is none.
 *
 * @param values every WWW-Authenticate (or Proxy-Authenticate) field of a response
 */
export function chooseChallenge(
  values: readonly string[],
  credentials: ClientCredentials,
): AnswerableChallenge | undefined {
  const challenges = values.map(readChallenge);
  for (const algorithm of byStrength) {
    if ("ha1" in credentials && ha1For(algorithm, credentials.ha1) === undefined) continue;
    const challenge = challenges.find((candidate) => candidate?.algorithm === algorithm);
    if (challenge !== undefined) return challenge;
  }
  return undefined;
}

/** The Authorization (or Proxy-Authorization) value that answers a challenge (RFC 7616 §3.4). */
export function answerChallenge(
  challenge: AnswerableChallenge,
  credentials: ClientCredentials,
  request: AnsweredRequest,
): string {
  const { algorithm, realm, nonce, opaque } = challenge;
  const { method, uri, clientNonce } = request;
  const nonceCount = request.nonceCount.toString(16).padStart(8, "0");
  const protection = challenge.protects ? { nonceCount, clientNonce } : undefined;
  const ha1 = ha1Of(challenge, credentials);
  const response = digestResponse(algorithm, ha1, { method, uri, nonce }, protection);
  const parts = [
    `Digest username=${quote(credentials.username)}`,
    `realm=${quote(realm)}`,
    `nonce=${quote(nonce)}`,
    `uri=${quote(uri)}`,
    `response="${response}"`,
    `algorithm=${algorithm}`,
  ];
  if (opaque !== undefined) parts.push(`opaque=${quote(opaque)}`);
  if (challenge.protects)
    parts.push("qop=auth", `nc=${nonceCount}`, `cnonce=${quote(clientNonce)}`);
  return parts.join(", ");
}

function ha1Of(challenge: AnswerableChallenge, credentials: ClientCredentials): string {
  if ("password" in credentials) {
    const text = `${credentials.username}:${challenge.realm}:${credentials.password}`;
    return digestHash(challenge.algorithm, text);
  }
  const kept = ha1For(challenge.algorithm, credentials.ha1);
  if (kept === undefined) throw new RangeError(`no HA1 is kept for ${challenge.algorithm}`);
  return kept;
}

function readChallenge(value: string): AnswerableChallenge | undefined {
  try {
    const { scheme, parameters } = parseDigestHeader(value);
    const algorithm = digestAlgorithm(parameters.get("algorithm") ?? "MD5");
    const realm = parameters.get("realm");
    const nonce = parameters.get("nonce");
    const qop = parameters.get("qop");
    const offers = qop?.split(",").map((offer) => offer.trim().toLowerCase());
    if (scheme.toLowerCase() !== "digest" || algorithm === undefined) return undefined;
    if (realm === undefined || nonce === undefined) return undefined;
    if (offers !== undefined && !offers.includes("auth")) return undefined;
    return {
      realm,
      nonce,
      algorithm,
      protects: offers !== undefined,
      opaque: parameters.get("opaque"),
      stale: parameters.get("stale")?.toLowerCase() === "true",
    };
  } catch (error) {
    if (error instanceof SipParseError) return undefined;
    throw error;
  }
}
