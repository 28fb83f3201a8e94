import type { DigestCredentials } from "../../../sip/digest/read-credentials.ts";
import type { SipRequest } from "../../../sip/message/sip-message.ts";
import type { ServerTransaction } from "../../../sip/transaction/transaction-layer.ts";
import type { IncomingRequest } from "../../../sip/transport/transport-layer.ts";
import { answer } from "../answer.ts";
import type { Credential } from "../authentication/credential-directory.ts";
import type { RequestAuthenticator } from "../authentication/request-authenticator.ts";
import type { RefusedRequests } from "../refused-requests.ts";
import type { ServedDomains } from "../served-domains.ts";
import type { ExtraHeaders } from "../stateless-replies.ts";

/** The answer to a request whose sender proves nothing. */
export interface CallerRefusal {
  readonly status: 400 | 407;
  readonly reason: string | undefined;
  readonly headers: ExtraHeaders;
}

type CallerReading =
  | { readonly ok: true; readonly credentials: DigestCredentials }
  | { readonly ok: false; readonly refusal: CallerRefusal };

/**
 * Lets only those through whom the gateway knows: a request outside a dialog is challenged with 407
 * (RFC 3261 §22.3), and its From must be the AOR of the account that answers.
 */
export class Callers {
  readonly #authenticator: RequestAuthenticator;
  readonly #domains: ServedDomains;
  readonly #refusals: RefusedRequests;

  constructor(options: {
    authenticator: RequestAuthenticator;
    domains: ServedDomains;
    refusals: RefusedRequests;
  }) {
    this.#refusals = options.refusals;
    this.#authenticator = options.authenticator;
    this.#domains = options.domains;
  }

  /**
   * What to answer to a request whose sender does not even try to prove who he is; undefined when he
   * does. Nothing is waited for, so that it can be answered without a transaction (RFC 3261
   * §26.3.2.4): who floods us with such requests takes no memory, and has no challenge repeated
   * to the address that he claims.
   */
  refusalOf(request: SipRequest): CallerRefusal | undefined {
    const reading = this.#read(request);
    return reading.ok ? undefined : reading.refusal;
  }

  /**
   * Who sends this request. What cannot be proved is answered here.
   * @returns undefined when the request has been answered
   * @throws StoreUnavailableError
   */
  async identify(
    transaction: ServerTransaction,
    incoming: IncomingRequest,
  ): Promise<Credential | undefined> {
    const { request } = incoming;
    const reading = this.#read(request);
    if (!reading.ok) {
      const { status, reason, headers } = reading.refusal;
      answer(transaction, status, reason, headers);
      return undefined;
    }
    const verdict = await this.#authenticator.verify(incoming, reading.credentials);
    if (verdict.ok) return this.#withOwnFrom(transaction, incoming, verdict.credential);
    if (verdict.cause === "stale") {
      this.#refusals.usedDigest(incoming, verdict.credential, verdict.isUsed);
    } else {
      const aor = this.#domains.canonicalAor(request.from.uri);
      this.#refusals.wrongDigest(incoming, aor, reading.credentials.username);
    }
    if (verdict.cause === "held") {
      answer(transaction, 403, "Too Many Wrong Passwords");
    } else {
      const stale = verdict.cause === "stale";
      const { realm } = reading.credentials;
      answer(
        transaction,
        407,
        undefined,
        this.#authenticator.challenge(request, "proxy", realm, stale),
      );
    }
    return undefined;
  }

  #read(request: SipRequest): CallerReading {
    const realm = this.#domains.realmFor(request.from.uri);
    const reading = this.#authenticator.read(request, "proxy", realm);
    const answered = reading.outcome === "credentials";
    if (answered && this.#authenticator.isOwnNonce(reading.credentials)) {
      return { ok: true, credentials: reading.credentials };
    }
    if (reading.outcome === "invalid" && reading.why === "malformed") {
      return refused(400, "Malformed Proxy-Authorization");
    }
    // An answer to somebody else's challenge may be right: `stale` asks for it once more.
    const challenge = this.#authenticator.challenge(request, "proxy", realm, answered);
    return refused(407, undefined, challenge);
  }

  #withOwnFrom(
    transaction: ServerTransaction,
    incoming: IncomingRequest,
    credential: Credential,
  ): Credential | undefined {
    const aor = this.#domains.canonicalAor(incoming.request.from.uri);
    if (aor === credential.aor) return credential;
    answer(transaction, 403, "From Is Not Your Address-of-Record");
    this.#refusals.foreignAor(incoming, credential, aor);
    return undefined;
  }
}

function refused(
  status: CallerRefusal["status"],
  reason: string | undefined,
  headers: ExtraHeaders = [],
): CallerReading {
  return { ok: false, refusal: { status, reason, headers } };
}
