import type { ClientCredentials } from "../digest/answer-challenge.ts";
import { DigestSession } from "../digest/digest-session.ts";
import { newBranch } from "../message/identifiers.ts";
import type { SipRequest, SipResponse } from "../message/sip-message.ts";
import type {
  ClientTransaction,
  ClientTransactionEvents,
} from "../transaction/client-transaction.ts";
import type { Flow } from "../transport/flow.ts";
import type { TransportLayer } from "../transport/transport-layer.ts";

/** How a request of ours ended. `request` is the one that was sent last, Via and credentials in it. */
export type RequestOutcome =
  | { readonly kind: "response"; readonly response: SipResponse; readonly request: SipRequest }
  /** To be treated as a 408 (RFC 3261 §8.1.3.1). */
  | { readonly kind: "timeout"; readonly request: SipRequest }
  /** To be treated as a 503. */
  | { readonly kind: "transport-error"; readonly error: Error; readonly request: SipRequest };

/** What else there is to say about a request to be sent. */
export interface SendOptions {
  /** Answers a 401 or 407 with these; a session remembers challenges from one request to the next. */
  readonly credentials?: ClientCredentials | DigestSession;
  /** The CSeq of a request that is sent again with credentials; one more than before by default. */
  readonly nextSequence?: () => number;
  onProvisional?(response: SipResponse): void;
  /** Further 2xx to an INVITE, repeated ones too: each wants an ACK (RFC 3261 §13.2.2.4). */
  onFurtherSuccess?(response: SipResponse): void;
}

/** A request that is under way. */
export interface SentRequest {
  /** Never rejects. */
  readonly outcome: Promise<RequestOutcome>;
  /** Ends an INVITE by a CANCEL, once it may be sent (§9.1); `outcome` then is a 487 as a rule. */
  cancel(): void;
}

/** What a UAC needs of a transaction layer. */
export interface ClientTransactions {
  request(request: SipRequest, flow: Flow, events: ClientTransactionEvents): ClientTransaction;
}

// The first try, the answer to a challenge, and one more where a nonce ran out or a proxy asks too.
const mostAttempts = 3;

/**
 * The core of a user agent client (RFC 3261 §8.1): sends a request and waits for its final response,
 * answering challenges on the way.
 */
export class UserAgentClient {
  readonly #transactions: ClientTransactions;
  readonly #transport: Pick<TransportLayer, "viaFor" | "sendRequest">;

  constructor(options: {
    transactions: ClientTransactions;
    transport: Pick<TransportLayer, "viaFor" | "sendRequest">;
  }) {
    this.#transactions = options.transactions;
    this.#transport = options.transport;
  }

  /**
   * Sends a request that has no Via yet. The request itself is left as it is.
   *
   * @param request any but ACK and CANCEL
   */
  send(request: SipRequest, flow: Flow, options: SendOptions = {}): SentRequest {
    const sending = new Sending(this.#transactions, request, flow, options);
    return { outcome: sending.outcome, cancel: () => sending.cancel() };
  }

  /**
   * Sends an ACK to a 2xx, which belongs to no transaction (§13.2.2.4).
   * @throws TransportError when the flow is closed
   */
  acknowledge(ack: SipRequest, flow: Flow): void {
    const sent = ack.clone();
    sent.headers.prepend("Via", this.#transport.viaFor(flow, newBranch()));
    this.#transport.sendRequest(sent, flow);
  }
}

class Sending {
  readonly outcome: Promise<RequestOutcome>;
  readonly #transactions: ClientTransactions;
  readonly #flow: Flow;
  readonly #options: SendOptions;
  readonly #session: DigestSession | undefined;
  #resolve: (outcome: RequestOutcome) => void = () => {};
  #transaction: ClientTransaction | undefined;
  #attempts = 0;
  #authorized = false;
  #cancelled = false;
  #done = false;

  constructor(
    transactions: ClientTransactions,
    request: SipRequest,
    flow: Flow,
    options: SendOptions,
  ) {
    this.#transactions = transactions;
    this.#flow = flow;
    this.#options = options;
    const { credentials } = options;
    this.#session =
      credentials === undefined || credentials instanceof DigestSession
        ? credentials
        : new DigestSession(credentials);
    this.outcome = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    this.#attempt(request.clone());
  }

  cancel(): void {
    this.#cancelled = true;
    this.#transaction?.cancel();
  }

  /** @param unsent the request without Via and credentials, which is kept for a further attempt */
  #attempt(unsent: SipRequest): void {
    this.#attempts++;
    const request = unsent.clone();
    const authorization = this.#session?.authorize(request.method, request.requestUri) ?? [];
    for (const [name, value] of authorization) request.headers.append(name, value);
    this.#authorized = authorization.length > 0;
    this.#transaction = this.#transactions.request(request, this.#flow, {
      onResponse: (response) => this.#onResponse(response, unsent, request),
      onTimeout: () => this.#end({ kind: "timeout", request }),
      onTransportError: (error) => this.#end({ kind: "transport-error", error, request }),
    });
  }

  #onResponse(response: SipResponse, unsent: SipRequest, request: SipRequest): void {
    if (response.status < 200) {
      if (!this.#done) this.#options.onProvisional?.(response);
    } else if (this.#done) {
      if (response.status < 300) this.#options.onFurtherSuccess?.(response);
    } else if (this.#isWorthAnother(response)) {
      this.#attempt(this.#renumbered(unsent));
    } else {
      this.#end({ kind: "response", response, request });
    }
  }

  #isWorthAnother(response: SipResponse): boolean {
    if (response.status !== 401 && response.status !== 407) return false;
    if (this.#session === undefined) return false;
    // A remembered nonce that was refused says nothing of the password yet.
    const answered = this.#authorized && this.#attempts > 1;
    const answerable = this.#session.challenged(response, answered);
    return answerable && !this.#cancelled && this.#attempts < mostAttempts;
  }

  /** §8.1.3.5: the same Call-ID, To and From, and a higher CSeq. */
  #renumbered(request: SipRequest): SipRequest {
    const next = request.clone();
    const sequence = this.#options.nextSequence?.() ?? request.cseq.number + 1;
    next.headers.set("CSeq", `${sequence} ${request.method}`);
    return next;
  }

  #end(outcome: RequestOutcome): void {
    if (this.#done) return;
    this.#done = true;
    this.#resolve(outcome);
  }
}
