import type { Clock } from "../clock.ts";
import { buildResponse } from "../message/build-response.ts";
import { newBranch } from "../message/identifiers.ts";
import type { SipRequest, SipResponse } from "../message/sip-message.ts";
import type { Flow } from "../transport/flow.ts";
import type { IncomingRequest } from "../transport/receive-messages.ts";
import type { TransportLayer } from "../transport/transport-layer.ts";
import {
  type ClientTransaction,
  type ClientTransactionContext,
  type ClientTransactionEvents,
  DrivenClientTransaction,
} from "./client-transaction.ts";
import { MergedRequests } from "./merged-requests.ts";
import {
  DrivenServerTransaction,
  type ServerTransaction,
  type ServerTransactionContext,
} from "./server-transaction.ts";
import { StatelessTags } from "./stateless-tags.ts";
import { defaultTimerValues, type TimerValues } from "./timer-values.ts";
import { newTransactionCounters, type TransactionCounters } from "./transaction-counters.ts";
import {
  cancelledTransactionKey,
  clientTransactionKey,
  responseTransactionKey,
  serverTransactionKey,
} from "./transaction-id.ts";

export type { ClientTransaction, ClientTransactionEvents } from "./client-transaction.ts";
export type { ServerTransaction } from "./server-transaction.ts";
export type { ServerEndCause } from "./state-machine.ts";

/** What the transaction layer needs of the transport. */
export type TransactionTransport = Pick<TransportLayer, "sendRequest" | "sendResponse" | "viaFor">;

/** The transaction user above the layer (RFC 3261 §5). */
export interface TransactionUser {
  /**
   * Asked before anything is looked up or made for a request other than ACK and CANCEL.
   * @returns true when the user has answered it statelessly (§8.2.7: REGISTER, OPTIONS)
   */
  onStatelessRequest(incoming: IncomingRequest): boolean;
  /** A new request; the user answers by the transaction. */
  onRequest(transaction: ServerTransaction, incoming: IncomingRequest): void;
  /** An ACK to a 2xx, or one that matches nothing. Never to be answered. */
  onAck(incoming: IncomingRequest): void;
  /** A response that no transaction waits for. RFC 6026 §8.9: it must not be forwarded. */
  onStrayResponse(response: SipResponse, flow: Flow): void;
}

/** What a transaction layer is made of. */
export interface TransactionLayerOptions {
  readonly clock: Clock;
  readonly transport: TransactionTransport;
  readonly user: TransactionUser;
  readonly timers?: TimerValues;
  /** Over so many transactions, new requests are refused (streams) or dropped (UDP). */
  readonly transactionsAtMost?: number;
  /** What Retry-After says then. */
  readonly retryAfterSeconds?: number;
}

/**
 * The transaction layer (RFC 3261 §17, RFC 6026): brings messages to their transactions, repeats
 * what may have been lost, and answers CANCEL and the ACK's hop by itself. It owns every
 * transaction; `stop` ends them all.
 */
export class TransactionLayer {
  readonly counters: TransactionCounters = newTransactionCounters();
  readonly #transport: TransactionTransport;
  readonly #user: TransactionUser;
  readonly #transactionsAtMost: number;
  readonly #retryAfterSeconds: number;
  readonly #servers = new Map<string, DrivenServerTransaction>();
  readonly #clients = new Map<string, DrivenClientTransaction>();
  readonly #clientsByFlow = new Map<Flow, Set<DrivenClientTransaction>>();
  readonly #merged = new MergedRequests();
  readonly #tags = new StatelessTags();
  readonly #serverContext: ServerTransactionContext;
  readonly #clientContext: ClientTransactionContext;

  constructor(options: TransactionLayerOptions) {
    const { clock, transport, user, timers = defaultTimerValues } = options;
    this.#transport = transport;
    this.#user = user;
    this.#transactionsAtMost = options.transactionsAtMost ?? 100_000;
    this.#retryAfterSeconds = options.retryAfterSeconds ?? 10;
    this.#serverContext = {
      clock,
      timers,
      send: (response, flow) => transport.sendResponse(response, flow),
      onAck: (ack) => user.onAck(ack),
      onTerminated: (transaction) => this.#forgetServer(transaction),
    };
    this.#clientContext = {
      clock,
      timers,
      send: (request, flow) => transport.sendRequest(request, flow),
      sendCancel: (cancel, flow) => this.#sendCancel(cancel, flow),
      onTerminated: (transaction) => this.#forgetClient(transaction),
    };
  }

  /** How many transactions there are, of clients and servers together. */
  get size(): number {
    return this.#servers.size + this.#clients.size;
  }

  /**
   * Sends a request and keeps at it (§17.1). Its Via is put on top here.
   *
   * @param request changed by this: the caller keeps no hold of it
   * @param options.branch where a proxy needs one that shows loops (§16.6 step 8): unique, with
   *   the magic cookie
   */
  request(
    request: SipRequest,
    flow: Flow,
    events: ClientTransactionEvents,
    options: { readonly branch?: string } = {},
  ): ClientTransaction {
    const branch = options.branch ?? newBranch();
    request.headers.prepend("Via", this.#transport.viaFor(flow, branch));
    this.counters.clientStarted++;
    return this.#startClient(request, branch, flow, {
      onResponse: (response) => events.onResponse(response),
      onTimeout: () => {
        this.counters.clientTimeouts++;
        events.onTimeout();
      },
      onTransportError: (error) => events.onTransportError(error),
    });
  }

  /** A request from the transport. @throws SipParseError when its transaction cannot be told */
  receiveRequest(incoming: IncomingRequest): void {
    switch (incoming.request.method) {
      case "ACK":
        this.#receiveAck(incoming);
        return;
      case "CANCEL":
        this.#receiveCancel(incoming);
        return;
      default:
        if (!this.#user.onStatelessRequest(incoming)) this.#receiveOther(incoming);
    }
  }

  /** A response from the transport, whose topmost Via is ours. */
  receiveResponse(response: SipResponse, flow: Flow): void {
    const key = responseTransactionKey(response);
    const transaction = key === undefined ? undefined : this.#clients.get(key);
    if (transaction !== undefined) {
      transaction.receive(response);
      return;
    }
    this.counters.strayResponses++;
    this.#user.onStrayResponse(response, flow);
  }

  /** A connection ended: requests that went by it and have no response yet have failed (§18.4). */
  flowClosed(flow: Flow): void {
    const waiting = this.#clientsByFlow.get(flow);
    if (waiting === undefined) return;
    for (const transaction of [...waiting]) transaction.flowClosed();
  }

  /**
   * Whether the same request is being served already, come by another way (§8.2.2.2). A UAS
   * answers 482 then; a proxy forwards it.
   */
  isMerged(transaction: ServerTransaction): boolean {
    return this.#merged.isMerged(transaction);
  }

  /** Ends every transaction and its timers without sending or telling anything. */
  stop(): void {
    for (const transaction of this.#servers.values()) transaction.stop();
    for (const transaction of this.#clients.values()) transaction.stop();
    this.#servers.clear();
    this.#clients.clear();
    this.#clientsByFlow.clear();
    this.#merged.clear();
  }

  #receiveOther(incoming: IncomingRequest): void {
    const { request, flow } = incoming;
    const key = serverTransactionKey(request);
    const known = this.#servers.get(key);
    if (known !== undefined) {
      known.receiveAgain();
      return;
    }
    if (this.size >= this.#transactionsAtMost) {
      this.#refuse(request, flow);
      return;
    }
    const transaction = new DrivenServerTransaction(key, request, flow, this.#serverContext);
    this.#merged.add(transaction);
    this.#servers.set(key, transaction);
    this.counters.serverStarted++;
    transaction.start();
    try {
      this.#user.onRequest(transaction, incoming);
    } catch (error) {
      // The transport answers for a user that failed; the transaction would never end otherwise.
      transaction.stop();
      this.#forgetServer(transaction);
      throw error;
    }
  }

  #receiveAck(ack: IncomingRequest): void {
    const transaction = this.#servers.get(serverTransactionKey(ack.request));
    if (transaction?.receiveAck(ack) !== true) this.#user.onAck(ack);
  }

  /** §9.2: answered hop by hop, without a transaction, so a repeated CANCEL is just answered again. */
  #receiveCancel(cancel: IncomingRequest): void {
    const { request, flow } = cancel;
    const transaction = this.#servers.get(cancelledTransactionKey(request));
    if (transaction === undefined) {
      this.counters.strayCancels++;
      const toTag = this.#tags.tagFor(request);
      this.#transport.sendResponse(buildResponse(request, 481, undefined, { toTag }), flow);
      return;
    }
    const { toTag } = transaction;
    this.#transport.sendResponse(buildResponse(request, 200, undefined, { toTag }), flow);
    transaction.receiveCancel(cancel);
  }

  #refuse(request: SipRequest, flow: Flow): void {
    if (!flow.reliable) {
      this.counters.droppedOverload++;
      return;
    }
    this.counters.refusedOverload++;
    const response = buildResponse(request, 503, undefined, {
      toTag: this.#tags.tagFor(request),
      headers: [["Retry-After", String(this.#retryAfterSeconds)]],
    });
    this.#transport.sendResponse(response, flow);
  }

  #startClient(
    request: SipRequest,
    branch: string,
    flow: Flow,
    events: ClientTransactionEvents,
  ): DrivenClientTransaction {
    const key = clientTransactionKey(request.method, branch);
    const transaction = new DrivenClientTransaction(
      key,
      request,
      flow,
      events,
      this.#clientContext,
    );
    this.#clients.set(key, transaction);
    if (flow.reliable) this.#indexByFlow(transaction);
    transaction.start();
    return transaction;
  }

  /** What becomes of a CANCEL changes nothing: the INVITE is answered, or given up (§9.1). */
  #sendCancel(cancel: SipRequest, flow: Flow): void {
    const branch = cancel.topVia.branch ?? "";
    this.#startClient(cancel, branch, flow, {
      onResponse: () => {},
      onTimeout: () => {},
      onTransportError: () => {},
    });
  }

  #indexByFlow(transaction: DrivenClientTransaction): void {
    const others = this.#clientsByFlow.get(transaction.flow);
    if (others === undefined) this.#clientsByFlow.set(transaction.flow, new Set([transaction]));
    else others.add(transaction);
  }

  #forgetClient(transaction: DrivenClientTransaction): void {
    this.#clients.delete(transaction.id);
    const others = this.#clientsByFlow.get(transaction.flow);
    others?.delete(transaction);
    if (others?.size === 0) this.#clientsByFlow.delete(transaction.flow);
  }

  #forgetServer(transaction: DrivenServerTransaction): void {
    this.#servers.delete(transaction.id);
    this.#merged.delete(transaction);
  }
}
