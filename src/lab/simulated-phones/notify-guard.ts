import { randomBytes } from "node:crypto";
import type { Clock } from "../../../sip/clock.ts";
import { buildChallenges } from "../../../sip/digest/challenge.ts";
import { digestHash } from "../../../sip/digest/hash.ts";
import { NonceIssuer } from "../../../sip/digest/nonce.ts";
import { NonceCounts } from "../../../sip/digest/nonce-counts.ts";
import { readCredentials } from "../../../sip/digest/read-credentials.ts";
import { DigestVerifier } from "../../../sip/digest/verify-digest.ts";
import type { SipRequest } from "../../../sip/message/sip-message.ts";
import type { LineSettings } from "./phone-settings.ts";

const nonceLifetimeSeconds = 60;

/**
 * Lets only those speak who know the line's own credentials: what Cisco's `Auth_Resync-Reboot` and
 * Grandstream's P4428 do with a NOTIFY. The challenge is an MD5 one, as on those phones.
 */
export class NotifyGuard {
  readonly #line: LineSettings;
  readonly #nonces: NonceIssuer;
  readonly #verifier: DigestVerifier;

  constructor(line: LineSettings, clock: Clock) {
    this.#line = line;
    const lifetimeSeconds = nonceLifetimeSeconds;
    this.#nonces = new NonceIssuer({ secret: randomBytes(32), clock, lifetimeSeconds });
    const counts = new NonceCounts({ clock, lifetimeSeconds, capacity: 64 });
    this.#verifier = new DigestVerifier({ nonces: this.#nonces, counts });
  }

  /** Whether the sender proved himself. */
  admits(request: SipRequest): boolean {
    const { domain: realm, authenticationName, password } = this.#line;
    const reading = readCredentials(request.headers.getAll("Authorization"), realm);
    if (reading.outcome !== "credentials") return false;
    const { credentials } = reading;
    if (credentials.username !== authenticationName) return false;
    const text = `${authenticationName}:${realm}:${password}`;
    const ha1 = { md5: digestHash("MD5", text), sha256: digestHash("SHA-256", text) };
    return this.#verifier.verify(credentials, request, ha1).outcome === "valid";
  }

  /** The WWW-Authenticate header fields of the 401. */
  challenge(): (readonly ["WWW-Authenticate", string])[] {
    const realm = this.#line.domain;
    const nonce = this.#nonces.issue(realm);
    return buildChallenges({ realm, nonce, algorithms: ["MD5"] }).map(
      (value) => ["WWW-Authenticate", value] as const,
    );
  }
}
