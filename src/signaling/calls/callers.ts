import type { SipRequest } from "../../../sip/message/sip-message.ts";
import type { ServerTransaction } from "../../../sip/transaction/transaction-layer.ts";
import type { IncomingRequest } from "../../../sip/transport/transport-layer.ts";
import { answer } from "../answer.ts";
import type { Credential } from "../authentication/credential-directory.ts";
import type { RequestAuthenticator } from "../authentication/request-authenticator.ts";
import type { ServedDomains } from "../served-domains.ts";

/**
 * Lets only those through whom the gateway knows: a request outside a dialog is challenged with 407
 * (RFC 3261 §22.3), and its From must be the AOR of the account that answers.
 */
export class Callers {
  readonly #authenticator: RequestAuthenticator;
  readonly #domains: ServedDomains;
  readonly #onForeignFrom: (credential: Credential) => void;

  /** @param options `onForeignFrom` is told of an account that called as somebody else */
  constructor(options: {
    authenticator: RequestAuthenticator;
    domains: ServedDomains;
    onForeignFrom: (credential: Credential) => void;
  }) {
    this.#onForeignFrom = options.onForeignFrom;
    this.#authenticator = options.authenticator;
    this.#domains = options.domains;
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
    const realm = this.#domains.realmFor(request.from.uri);
    const reading = this.#authenticator.read(request, "proxy", realm);
    if (reading.outcome === "invalid" && reading.why === "malformed") {
      answer(transaction, 400, "Malformed Proxy-Authorization");
      return undefined;
    }
    if (reading.outcome !== "credentials") {
      answer(transaction, 407, undefined, this.#authenticator.challenge(request, "proxy", realm));
      return undefined;
    }
    const verdict = await this.#authenticator.verify(incoming, reading.credentials);
    if (verdict.ok) return this.#withOwnFrom(transaction, request, verdict.credential);
    if (verdict.cause === "held") {
      answer(transaction, 403, "Too Many Wrong Passwords");
    } else {
      const stale = verdict.cause === "stale";
      answer(
        transaction,
        407,
        undefined,
        this.#authenticator.challenge(request, "proxy", realm, stale),
      );
    }
    return undefined;
  }

  #withOwnFrom(
    transaction: ServerTransaction,
    request: SipRequest,
    credential: Credential,
  ): Credential | undefined {
    if (this.#domains.canonicalAor(request.from.uri) === credential.aor) return credential;
    answer(transaction, 403, "From Is Not Your Address-of-Record");
    this.#onForeignFrom(credential);
    return undefined;
  }
}
