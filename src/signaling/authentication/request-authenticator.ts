import type { Clock } from "../../../sip/clock.ts";
import { buildChallenges } from "../../../sip/digest/challenge.ts";
import { NonceIssuer } from "../../../sip/digest/nonce.ts";
import { NonceCounts } from "../../../sip/digest/nonce-counts.ts";
import {
  type CredentialsReading,
  type DigestCredentials,
  readCredentials,
} from "../../../sip/digest/read-credentials.ts";
import { DigestVerifier } from "../../../sip/digest/verify-digest.ts";
import type { SipRequest } from "../../../sip/message/sip-message.ts";
import type { IncomingRequest } from "../../../sip/transport/transport-layer.ts";
import type { Credential, CredentialDirectory } from "./credential-directory.ts";
import { offeredAlgorithms } from "./offered-algorithms.ts";
import { PasswordBrake } from "./password-brake.ts";

/** How long a challenge can be answered: a phone may use its nonce for some calls in a row. */
const nonceLifetimeSeconds = 300;

/** Which pair of headers authenticates: a registrar's (401) or a proxy's (407). */
export type AuthenticationScheme = "registrar" | "proxy";

/**
 * Whether a request's sender is who it says. `stale`: it knows the password, or has heard somebody
 * who does, but the nonce is too old or, with `isUsed`, was used with this count. `held`: it guessed
 * too often and is not heard for a while.
 */
export type AuthenticationVerdict =
  | { readonly ok: true; readonly credential: Credential }
  | {
      readonly ok: false;
      readonly cause: "stale";
      readonly credential: Credential;
      readonly isUsed: boolean;
    }
  | { readonly ok: false; readonly cause: "wrong" | "held" };

const noReading: CredentialsReading = { outcome: "no-credentials" };

/**
 * Proves who sent a request (RFC 3261 §22, RFC 7616, RFC 8760). An unknown name costs the same
 * digest and gets the same answer as a wrong password, so that nobody learns which names there are.
 */
export class RequestAuthenticator {
  readonly #nonces: NonceIssuer;
  readonly #verifier: DigestVerifier;
  readonly #directory: CredentialDirectory;
  readonly #brake: PasswordBrake;

  /** @param options `nonceSecret`: at least 32 bytes, the same on all nodes */
  constructor(options: { clock: Clock; nonceSecret: Buffer; directory: CredentialDirectory }) {
    const { clock, nonceSecret } = options;
    this.#nonces = new NonceIssuer({
      secret: nonceSecret,
      clock,
      lifetimeSeconds: nonceLifetimeSeconds,
    });
    const counts = new NonceCounts({ clock, lifetimeSeconds: nonceLifetimeSeconds });
    this.#verifier = new DigestVerifier({ nonces: this.#nonces, counts });
    this.#directory = options.directory;
    this.#brake = new PasswordBrake(clock);
  }

  /** What a request carries for this realm. Nothing is verified, and nothing is waited for. */
  read(request: SipRequest, scheme: AuthenticationScheme, realm: string): CredentialsReading {
    const values = request.headers.getAll(
      scheme === "registrar" ? "Authorization" : "Proxy-Authorization",
    );
    return values.length === 0 ? noReading : readCredentials(values, realm);
  }

  /** Whether the nonce of these credentials is one of ours, be it fresh or not. */
  isOwnNonce({ nonce, realm }: DigestCredentials): boolean {
    return this.#nonces.check(nonce, realm).state !== "foreign";
  }

  #isFresh({ nonce, realm }: DigestCredentials): boolean {
    return this.#nonces.check(nonce, realm).state === "fresh";
  }

  /** The header fields that challenge the sender of a request (RFC 3261 §22.1, RFC 8760). */
  challenge(
    request: SipRequest,
    scheme: AuthenticationScheme,
    realm: string,
    stale = false,
  ): (readonly [name: string, value: string])[] {
    const name = scheme === "registrar" ? "WWW-Authenticate" : "Proxy-Authenticate";
    const nonce = this.#nonces.issue(realm);
    const algorithms = offeredAlgorithms(request.headers.get("User-Agent"));
    const values = buildChallenges({ realm, nonce, stale, algorithms });
    return values.map((value) => [name, value] as const);
  }

  /**
   * Whether the sender knows the password of the account it names.
   * @throws StoreUnavailableError
   */
  async verify(
    incoming: IncomingRequest,
    credentials: DigestCredentials,
  ): Promise<AuthenticationVerdict> {
    const { username, realm } = credentials;
    const address = incoming.flow.remoteAddress;
    if (this.#brake.isHeld(address, username)) return { ok: false, cause: "held" };
    const credential = await this.#directory.find(username, realm);
    const verification = this.#verifier.verify(credentials, incoming.request, credential?.ha1);
    if (verification.outcome === "invalid") this.#brake.recordFailure(address, username);
    if (credential === undefined) return { ok: false, cause: "wrong" };
    switch (verification.outcome) {
      case "valid":
        return { ok: true, credential };
      case "stale":
        return { ok: false, cause: "stale", credential, isUsed: this.#isFresh(credentials) };
      case "no-credentials":
      case "invalid":
        return { ok: false, cause: "wrong" };
    }
  }
}
