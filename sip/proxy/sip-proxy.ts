import type { Clock } from "../clock.ts";
import { buildResponse } from "../message/build-response.ts";
import type { SipRequest } from "../message/sip-message.ts";
import type { SipUri } from "../message/sip-uri.ts";
import type { RequestFault } from "../message/validate-request.ts";
import type { Via } from "../message/via.ts";
import { defaultTimerValues, type TimerValues } from "../transaction/timer-values.ts";
import type { ServerTransaction, TransactionLayer } from "../transaction/transaction-layer.ts";
import type { Flow, TransportName } from "../transport/flow.ts";
import type { IncomingRequest } from "../transport/receive-messages.ts";
import { defaultPort } from "../transport/response-destination.ts";
import type { TransportLayer } from "../transport/transport-layer.ts";
import { AckRelay } from "./ack-relay.ts";
import { Branch } from "./branch.ts";
import { findDialogRoute } from "./dialog-route.ts";
import { FlowTokens } from "./flow-token.ts";
import { buildForwardedCopy } from "./forward-request.ts";
import { loopDetectingBranch } from "./loop-detection.ts";
import { breadthPerBranch, withinBreadth } from "./max-breadth.ts";
import { newProxyCounters, type ProxyCounters } from "./proxy-counters.ts";
import type {
  ForwardHandle,
  ForwardObserver,
  ForwardOptions,
  ProxyTarget,
} from "./proxy-target.ts";
import { beginsDialog, recordRoutes } from "./record-route.ts";
import { type NextHopResolver, resolveNextHop } from "./resolve-next-hop.ts";
import { ResponseContext } from "./response-context.ts";
import { selectFlow } from "./select-flow.ts";
import { validateForwarding } from "./validate-forwarding.ts";

export type {
  ForwardHandle,
  ForwardObserver,
  ForwardOptions,
  ProxyTarget,
} from "./proxy-target.ts";

/** What the proxy needs of the transport. */
export type ProxyTransport = Pick<
  TransportLayer,
  "flowTo" | "flowById" | "sentByFor" | "viaFor" | "sendRequest"
>;

/** What a proxy is made of. */
export interface ProxyOptions {
  readonly clock: Clock;
  readonly transactions: TransactionLayer;
  readonly transport: ProxyTransport;
  /** Signs flow tokens; the same on every node, 32 random bytes at best. */
  readonly tokenSecret: Buffer;
  /**
   * Whether a URI's host and port are this proxy's, beside what `transport.sentByFor` says: other
   * names and addresses by which phones know it.
   */
  readonly isOwnUri?: (uri: SipUri) => boolean;
  readonly resolve?: NextHopResolver;
  readonly timers?: TimerValues;
  /** Something that should not happen. To be logged. */
  readonly onFault: (error: unknown, where: string) => void;
}

const noObserver: ForwardObserver = {};
const ownTransports: readonly TransportName[] = ["UDP", "TCP", "TLS", "WS", "WSS"];

/**
 * A transaction-stateful proxy (RFC 3261 §16): sends requests where its user says, follows
 * dialogs by the tokens of its Record-Route, and keeps no state beside its transactions. Responses
 * that no transaction waits for are not forwarded (RFC 6026 §8.9).
 */
export class SipProxy {
  readonly counters: ProxyCounters = newProxyCounters();
  readonly #options: ProxyOptions;
  readonly #tokens: FlowTokens;
  readonly #timers: TimerValues;
  readonly #resolve: NextHopResolver;
  readonly #acks: AckRelay;

  constructor(options: ProxyOptions) {
    this.#options = options;
    this.#tokens = new FlowTokens(options.tokenSecret);
    this.#timers = options.timers ?? defaultTimerValues;
    this.#resolve = options.resolve ?? resolveNextHop;
    this.#acks = new AckRelay({
      transport: options.transport,
      counters: this.counters,
      findRoute: (ack) => this.#dialogRoute(ack),
      selectFlow: (target) => this.#selectFlow(target),
      onFault: (error) => options.onFault(error, "proxy ACK"),
    });
  }

  /**
   * Forwards a request outside a dialog to its targets, and its responses back. The transaction is
   * the proxy's from now on, `onCancel` too: do not answer it. Every Route that came with it is
   * dropped, for the way is the user's to say, and whoever sends us a Route must not choose it.
   */
  forward(transaction: ServerTransaction, options: ForwardOptions): ForwardHandle {
    const observer = options.observer ?? noObserver;
    const { request } = transaction;
    const widest = Math.max(0, ...options.targetGroups.map((group) => group.length));
    const fault = this.#faultOf(request) ?? breadthFault(request, widest);
    if (fault !== undefined) return this.#refuse(transaction, fault, observer);
    this.counters.forwarded++;
    return this.#start(transaction, { ...options, observer }, beginsDialog(request));
  }

  /**
   * Relays a request inside a dialog that goes by us (BYE, re-INVITE, UPDATE, PRACK, INFO, REFER,
   * NOTIFY, MESSAGE, …) to the other party. Without a Route of ours it is answered 481, with one
   * that we never gave 403.
   */
  relayInDialog(transaction: ServerTransaction, observer = noObserver): ForwardHandle {
    const { request } = transaction;
    const fault = this.#faultOf(request);
    if (fault !== undefined) return this.#refuse(transaction, fault, observer);
    const route = this.#dialogRoute(request);
    switch (route.outcome) {
      case "relay":
        this.counters.relayedInDialog++;
        return this.#start(transaction, { targetGroups: [[route.target]], observer }, false);
      case "forged":
        this.counters.forgedRoutes++;
        return this.#refuse(transaction, forgedRoute, observer);
      case "not-ours":
        return this.#refuse(transaction, noDialog, observer);
    }
  }

  /**
   * The answer to a request inside a dialog that does not go by us; undefined where it does. It can be
   * given without a transaction, so that nobody fills our memory with dialogs that he invents.
   *
   * @throws SipParseError when Route or Request-URI is malformed
   */
  refusalInDialog(request: SipRequest): RequestFault | undefined {
    const { outcome } = this.#dialogRoute(request);
    if (outcome === "relay") return undefined;
    this.counters.refused++;
    if (outcome === "not-ours") return noDialog;
    this.counters.forgedRoutes++;
    return forgedRoute;
  }

  /**
   * Relays the ACK to a 2xx, without a transaction (§16.11, §13.2.2.4).
   *
   * @returns false when it is none that goes by us: dropped, for an ACK is never answered
   */
  relayAck(incoming: IncomingRequest): boolean {
    return this.#acks.relay(incoming.request);
  }

  /** Whether a URI leads to this proxy itself. */
  isOwnUri(uri: SipUri): boolean {
    if (this.#options.isOwnUri?.(uri)) return true;
    return ownTransports.some((transport) =>
      this.#isSentBy(transport, uri.host, uri.port ?? defaultPort(transport)),
    );
  }

  #start(
    transaction: ServerTransaction,
    options: ForwardOptions & { observer: ForwardObserver },
    recordRoute: boolean,
  ): ForwardHandle {
    const context = new ResponseContext({
      clock: this.#options.clock,
      transaction,
      attempt: withinBreadth(transaction.request, options),
      onFault: (error) => this.#options.onFault(error, "proxy forwarding"),
      observer: options.observer,
      newBranch: (target, events, siblings) =>
        new Branch({
          target,
          events,
          clock: this.#options.clock,
          transactions: this.#options.transactions,
          timerCMilliseconds: transaction.request.method === "INVITE" ? this.#timers.C : undefined,
          selectFlow: (wanted) => this.#selectFlow(wanted),
          buildCopy: (to, flow) => {
            const copy = this.#copyFor(transaction, to, recordRoute ? flow : undefined);
            const breadth = breadthPerBranch(transaction.request, siblings);
            copy.headers.set("Max-Breadth", String(breadth));
            options.prepare?.(copy, to);
            this.counters.branches++;
            return { copy, branch: loopDetectingBranch(transaction.request) };
          },
          onFault: (error) => this.#options.onFault(error, "proxy branch"),
        }),
    });
    context.start();
    return context;
  }

  /** @param recordedFlow the flow to the callee, where we want to stay in the dialog's path */
  #copyFor(
    { request, flow: callerFlow }: ServerTransaction,
    target: ProxyTarget,
    recordedFlow: Flow | undefined,
  ): SipRequest {
    return buildForwardedCopy(request, {
      requestUri: target.uri,
      routes: target.routes ?? [],
      recordRoutes:
        recordedFlow === undefined
          ? []
          : recordRoutes(
              this.#tokens.create(request, callerFlow.id, recordedFlow.id),
              callerFlow.transport,
              recordedFlow.transport,
              (transport) => this.#options.transport.sentByFor(transport),
            ),
    });
  }

  #dialogRoute(request: SipRequest): ReturnType<typeof findDialogRoute> {
    return findDialogRoute(request, {
      tokens: this.#tokens,
      isOwnUri: (uri) => this.isOwnUri(uri),
      flowById: (id) => this.#options.transport.flowById(id),
    });
  }

  #selectFlow(target: ProxyTarget): Promise<Flow> {
    return selectFlow(target, this.#options.transport, this.#resolve);
  }

  #faultOf(request: SipRequest): RequestFault | undefined {
    return validateForwarding(request, (via) => this.#isOwnVia(via));
  }

  #refuse(
    transaction: ServerTransaction,
    fault: RequestFault,
    observer: ForwardObserver,
  ): ForwardHandle {
    this.counters.refused++;
    const { request, toTag } = transaction;
    const { status, reason, headers } = fault;
    const response = buildResponse(request, status, reason, { toTag, headers });
    transaction.respond(response);
    observer.onFinal?.(response, undefined);
    return { cancel: () => {} };
  }

  #isOwnVia(via: Via): boolean {
    const transport = ownTransports.find((candidate) => candidate === via.transport);
    if (transport === undefined) return false;
    return this.#isSentBy(transport, via.host.toLowerCase(), via.port ?? defaultPort(transport));
  }

  #isSentBy(transport: TransportName, host: string, port: number): boolean {
    return this.#options.transport.sentByFor(transport).toLowerCase() === `${host}:${port}`;
  }
}

const forgedRoute: RequestFault = {
  status: 403,
  reason: "Route was not given by this proxy",
  headers: [],
};

const noDialog: RequestFault = {
  status: 481,
  reason: "Call/Transaction Does Not Exist",
  headers: [],
};

function breadthFault(request: SipRequest, branches: number): RequestFault | undefined {
  if (branches === 0 || breadthPerBranch(request, branches) > 0) return undefined;
  return { status: 440, reason: "Max-Breadth Exceeded", headers: [] };
}
