import { parseDigestHeader } from "../message/digest-header.ts";
import { SipParseError } from "../message/sip-parse-error.ts";
import { type DigestAlgorithm, digestAlgorithm, type QualityOfProtection } from "./hash.ts";

/** What an Authorization or Proxy-Authorization header claims. Nothing of it is verified. */
export interface DigestCredentials {
  readonly username: string;
  readonly realm: string;
  readonly nonce: string;
  /** The digest-uri as the client wrote it. */
  readonly uri: string;
  /** The digest in lower-case hex. */
  readonly response: string;
  readonly algorithm: DigestAlgorithm;
  /** undefined: RFC 2069, which had none. */
  readonly protection: QualityOfProtection | undefined;
}

/** Why credentials are refused without a look at any password. */
export type UnreadableCredentials = "malformed" | "unsupported-algorithm" | "unsupported-qop";

/** The credentials for one realm among the headers of a request. */
export type CredentialsReading =
  | { readonly outcome: "credentials"; readonly credentials: DigestCredentials }
  | { readonly outcome: "no-credentials" }
  | { readonly outcome: "invalid"; readonly why: UnreadableCredentials };

const noCredentials: CredentialsReading = { outcome: "no-credentials" };

/**
 * Finds the digest credentials that are meant for us (RFC 3261 §22.3): those for other realms
 * belong to other servers on the path and are passed over.
 *
 * @param values every Authorization (or Proxy-Authorization) field of the request
 */
export function readCredentials(values: readonly string[], realm: string): CredentialsReading {
  let refusal = noCredentials;
  for (const value of values) {
    const reading = readOne(value, realm);
    if (reading.outcome === "credentials") return reading;
    if (reading.outcome === "invalid") refusal = reading;
  }
  return refusal;
}

function readOne(value: string, realm: string): CredentialsReading {
  const header = parse(value);
  if (header === undefined) return invalid("malformed");
  if (header.scheme !== "Digest" && header.scheme.toLowerCase() !== "digest") return noCredentials;
  const { parameters } = header;
  if (parameters.get("realm") !== realm) return noCredentials;
  const username = parameters.get("username");
  const nonce = parameters.get("nonce");
  const uri = parameters.get("uri");
  const response = parameters.get("response");
  if (!username || !nonce || !uri || !response) return invalid("malformed");
  const algorithm = digestAlgorithm(parameters.get("algorithm") ?? "MD5");
  if (algorithm === undefined) return invalid("unsupported-algorithm");
  const protection = readProtection(parameters, algorithm);
  if (typeof protection === "string") return invalid(protection);
  return {
    outcome: "credentials",
    credentials: {
      username,
      realm,
      nonce,
      uri,
      response: response.toLowerCase(),
      algorithm,
      protection,
    },
  };
}

/**
 * A client that leaves out qop speaks RFC 2069. Only MD5 existed then, so phones that old are let
 * in with MD5; with a later algorithm it would be a client that drops the protection against
 * replay on purpose (RFC 7616 §3.4 makes qop mandatory).
 */
function readProtection(
  parameters: ReadonlyMap<string, string>,
  algorithm: DigestAlgorithm,
): QualityOfProtection | undefined | UnreadableCredentials {
  const qop = parameters.get("qop");
  if (qop === undefined) return algorithm === "MD5" ? undefined : "unsupported-qop";
  if (qop.toLowerCase() !== "auth") return "unsupported-qop";
  const nonceCount = parameters.get("nc");
  const clientNonce = parameters.get("cnonce");
  if (nonceCount === undefined || !clientNonce) return "malformed";
  return /^[0-9a-f]{1,8}$/i.test(nonceCount) ? { nonceCount, clientNonce } : "malformed";
}

function parse(value: string): ReturnType<typeof parseDigestHeader> | undefined {
  try {
    return parseDigestHeader(value);
  } catch (error) {
    if (error instanceof SipParseError) return undefined;
    throw error;
  }
}

function invalid(why: UnreadableCredentials): CredentialsReading {
  return { outcome: "invalid", why };
}
