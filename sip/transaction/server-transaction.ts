import type { Clock } from "../clock.ts";
import { buildResponse } from "../message/build-response.ts";
import { newTag } from "../message/identifiers.ts";
import type { SipRequest, SipResponse } from "../message/sip-message.ts";
import type { Flow } from "../transport/flow.ts";
import type { IncomingRequest } from "../transport/receive-messages.ts";
import { TransportError } from "../transport/transport-error.ts";
import { inviteServerMachine } from "./invite-server-machine.ts";
import { nonInviteServerMachine } from "./non-invite-server-machine.ts";
import { RunningTimers } from "./running-timers.ts";
import type {
  MachineContext,
  ServerAction,
  ServerEndCause,
  ServerEvent,
  ServerMachine,
  ServerState,
} from "./state-machine.ts";
import type { TimerValues } from "./timer-values.ts";
import { acknowledges } from "./transaction-id.ts";

/** A request of a peer that is to be answered (RFC 3261 §17.2). */
export interface ServerTransaction {
  readonly id: string;
  readonly request: SipRequest;
  readonly flow: Flow;
  readonly state: string;
  /** The To tag for responses of our own to this request; a CANCEL of it is answered with it too. */
  readonly toTag: string;
  /**
   * Sends a response, whose Vias are those of the request. After a 2xx to INVITE, further 2xx are
   * sent as well (repeated ones, other branches); after any other final response nothing is.
   */
  respond(response: SipResponse): void;
  /** Whether a CANCEL came before any final response. */
  readonly cancelled: boolean;
  /**
   * The client wants no answer any more: the user answers 487, if it still can (§9.2). A CANCEL
   * that comes while nobody is set here (a user that still asks its stores) is answered with 487 by
   * the layer, and told by `cancelled`.
   */
  onCancel?: (cancel: IncomingRequest) => void;
  /** The transaction is over, once. */
  onEnd?: (cause: ServerEndCause) => void;
}

/** What a server transaction needs of the layer that made it. */
export interface ServerTransactionContext {
  readonly clock: Clock;
  readonly timers: TimerValues;
  readonly send: (response: SipResponse, flow: Flow) => void;
  readonly onAck: (ack: IncomingRequest) => void;
  readonly onTerminated: (transaction: DrivenServerTransaction) => void;
}

/** Runs a server state machine on a flow and a clock. */
export class DrivenServerTransaction implements ServerTransaction {
  readonly id: string;
  readonly request: SipRequest;
  readonly flow: Flow;
  onCancel?: (cancel: IncomingRequest) => void;
  onEnd?: (cause: ServerEndCause) => void;
  readonly #context: ServerTransactionContext;
  readonly #machine: ServerMachine;
  readonly #machineContext: MachineContext;
  readonly #timers: RunningTimers;
  #state: ServerState;
  #latestResponse: SipResponse | undefined;
  #latestAck: IncomingRequest | undefined;
  #toTag: string | undefined;
  #cancelled = false;

  constructor(id: string, request: SipRequest, flow: Flow, context: ServerTransactionContext) {
    this.id = id;
    this.request = request;
    this.flow = flow;
    this.#context = context;
    this.#machine = request.method === "INVITE" ? inviteServerMachine : nonInviteServerMachine;
    this.#machineContext = { timers: context.timers, reliable: flow.reliable };
    this.#state = this.#machine.initial;
    this.#timers = new RunningTimers(context.clock, (timer) =>
      this.#dispatch({ kind: "timer", timer }),
    );
  }

  get state(): string {
    return this.#state.name;
  }

  get toTag(): string {
    this.#toTag ??= newTag();
    return this.#toTag;
  }

  get cancelled(): boolean {
    return this.#cancelled;
  }

  start(): void {
    this.#dispatch({ kind: "start" });
  }

  respond(response: SipResponse): void {
    const before = this.#latestResponse;
    this.#latestResponse = response;
    const { state, actions } = this.#step({ kind: "respond", status: response.status });
    // A response that comes too late must not be what is repeated from now on.
    if (!actions.some((action) => action.do === "send")) this.#latestResponse = before;
    this.#apply(state, actions);
  }

  /** The request came again. */
  receiveAgain(): void {
    this.#dispatch({ kind: "request" });
  }

  /** @returns false when the ACK answers another response than ours (RFC 2543) */
  receiveAck(ack: IncomingRequest): boolean {
    if (!acknowledges(ack.request, this.#latestResponse)) return false;
    this.#latestAck = ack;
    this.#dispatch({ kind: "ack" });
    return true;
  }

  /** A CANCEL, already answered, asks for the end; a repeated one changes nothing. */
  receiveCancel(cancel: IncomingRequest): void {
    if (this.#cancelled || this.#state.name !== "proceeding") return;
    this.#cancelled = true;
    if (this.onCancel !== undefined) this.onCancel(cancel);
    else this.respond(buildResponse(this.request, 487, undefined, { toTag: this.toTag }));
  }

  /** Ends it without a word. */
  stop(): void {
    this.#timers.stop();
  }

  #step(event: ServerEvent): ReturnType<ServerMachine["step"]> {
    return this.#machine.step(this.#state, event, this.#machineContext);
  }

  #dispatch(event: ServerEvent): void {
    const { state, actions } = this.#step(event);
    this.#apply(state, actions);
  }

  #apply(state: ServerState, actions: readonly ServerAction[]): void {
    this.#state = state;
    for (const action of actions) this.#perform(action);
  }

  #perform(action: ServerAction): void {
    switch (action.do) {
      case "send":
      case "repeat":
        if (this.#latestResponse !== undefined) this.#send(this.#latestResponse);
        return;
      case "send-trying":
        this.#latestResponse = buildResponse(this.request, 100);
        this.#send(this.#latestResponse);
        return;
      case "start-timer":
        this.#timers.start(action.timer, action.milliseconds);
        return;
      case "stop-timer":
        this.#timers.cancel(action.timer);
        return;
      case "pass-ack":
        if (this.#latestAck !== undefined) this.#context.onAck(this.#latestAck);
        return;
      case "terminate":
        this.#timers.stop();
        this.#context.onTerminated(this);
        this.onEnd?.(action.cause);
        return;
    }
  }

  #send(response: SipResponse): void {
    try {
      this.#context.send(response, this.flow);
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
      this.#dispatch({ kind: "transport-error" });
    }
  }
}
