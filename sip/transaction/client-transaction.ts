import type { Clock, Timer } from "../clock.ts";
import type { SipRequest, SipResponse } from "../message/sip-message.ts";
import type { Flow } from "../transport/flow.ts";
import { TransportError } from "../transport/transport-error.ts";
import { buildCancel, buildHopAck } from "./build-hop-by-hop-requests.ts";
import { inviteClientMachine } from "./invite-client-machine.ts";
import { nonInviteClientMachine } from "./non-invite-client-machine.ts";
import { RunningTimers } from "./running-timers.ts";
import type {
  ClientAction,
  ClientEvent,
  ClientMachine,
  ClientState,
  MachineContext,
} from "./state-machine.ts";
import type { TimerValues } from "./timer-values.ts";

/** What a client transaction tells the user that made it. */
export interface ClientTransactionEvents {
  /**
   * Every provisional response, the final one, and for an INVITE every further 2xx: those of other
   * branches of the call and repeated ones (RFC 6026). Our own Via is still on top.
   */
  onResponse(response: SipResponse): void;
  /** No final response came in time: treat it as a 408 (§8.1.3.1). */
  onTimeout(): void;
  /** The request could not be sent: treat it as a 503 (§8.1.3.1). Never called inside `request`. */
  onTransportError(error: Error): void;
}

/** A request of ours that is under way (RFC 3261 §17.1). */
export interface ClientTransaction {
  readonly id: string;
  /** As it was sent, our Via on top. */
  readonly request: SipRequest;
  readonly flow: Flow;
  readonly state: string;
  /**
   * Sends a CANCEL, as soon as a provisional response has come (§9.1); nothing if a final one is
   * first, or the request is no INVITE. What the INVITE is answered with comes as ever.
   *
   * @param reason the value of a Reason header (RFC 3326)
   */
  cancel(reason?: string): void;
}

/** What a client transaction needs of the layer that made it. */
export interface ClientTransactionContext {
  readonly clock: Clock;
  readonly timers: TimerValues;
  readonly send: (request: SipRequest, flow: Flow) => void;
  readonly sendCancel: (cancel: SipRequest, flow: Flow) => void;
  readonly onTerminated: (transaction: DrivenClientTransaction) => void;
}

/** Runs a client state machine on a flow and a clock. */
export class DrivenClientTransaction implements ClientTransaction {
  readonly id: string;
  readonly request: SipRequest;
  readonly flow: Flow;
  readonly #events: ClientTransactionEvents;
  readonly #context: ClientTransactionContext;
  readonly #machine: ClientMachine;
  readonly #machineContext: MachineContext;
  readonly #timers: RunningTimers;
  #state: ClientState;
  #latestResponse: SipResponse | undefined;
  #transportError: Error | undefined;
  #failure: Timer | undefined;
  #cancelRequested = false;
  #cancelSent = false;
  #cancelReason: string | undefined;

  constructor(
    id: string,
    request: SipRequest,
    flow: Flow,
    events: ClientTransactionEvents,
    context: ClientTransactionContext,
  ) {
    this.id = id;
    this.request = request;
    this.flow = flow;
    this.#events = events;
    this.#context = context;
    this.#machine = request.method === "INVITE" ? inviteClientMachine : nonInviteClientMachine;
    this.#machineContext = { timers: context.timers, reliable: flow.reliable };
    this.#state = this.#machine.initial;
    this.#timers = new RunningTimers(context.clock, (timer) =>
      this.#dispatch({ kind: "timer", timer }),
    );
  }

  get state(): string {
    return this.#state.name;
  }

  start(): void {
    this.#dispatch({ kind: "start" });
  }

  receive(response: SipResponse): void {
    this.#latestResponse = response;
    this.#dispatch({ kind: "response", status: response.status });
    if (response.status < 200) this.#sendCancelIfDue();
  }

  /** The connection that the request went by has ended. */
  flowClosed(): void {
    this.#failed(new TransportError("FLOW_CLOSED", `flow ${this.flow.id} is closed`));
  }

  cancel(reason?: string): void {
    if (this.request.method !== "INVITE" || this.#cancelRequested) return;
    this.#cancelRequested = true;
    this.#cancelReason = reason;
    this.#sendCancelIfDue();
  }

  /** Ends it without a word. */
  stop(): void {
    this.#end();
  }

  #sendCancelIfDue(): void {
    if (!this.#cancelRequested || this.#cancelSent || this.#state.name !== "proceeding") return;
    this.#cancelSent = true;
    this.#context.sendCancel(buildCancel(this.request, this.#cancelReason), this.flow);
    this.#dispatch({ kind: "cancelled" });
  }

  #dispatch(event: ClientEvent): void {
    const { state, actions } = this.#machine.step(this.#state, event, this.#machineContext);
    this.#state = state;
    for (const action of actions) this.#perform(action);
  }

  #perform(action: ClientAction): void {
    switch (action.do) {
      case "send":
        this.#send(this.request);
        return;
      case "acknowledge":
        if (this.#latestResponse !== undefined) {
          this.#send(buildHopAck(this.request, this.#latestResponse));
        }
        return;
      case "start-timer":
        this.#timers.start(action.timer, action.milliseconds);
        return;
      case "stop-timer":
        this.#timers.cancel(action.timer);
        return;
      case "inform":
        this.#inform(action.of);
        return;
      case "terminate":
        this.#end();
        this.#context.onTerminated(this);
        return;
    }
  }

  #send(request: SipRequest): void {
    try {
      this.#context.send(request, this.flow);
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
      this.#failed(error);
    }
  }

  /** Told from a fresh stack, so that nobody hears of it inside `request`. */
  #failed(error: Error): void {
    if (this.#failure !== undefined) return;
    this.#transportError = error;
    this.#failure = this.#context.clock.schedule(0, () => {
      this.#failure = undefined;
      this.#dispatch({ kind: "transport-error" });
    });
  }

  #end(): void {
    this.#timers.stop();
    this.#failure?.cancel();
  }

  #inform(of: "response" | "timeout" | "transport-error"): void {
    if (of === "timeout") {
      this.#events.onTimeout();
    } else if (of === "transport-error") {
      if (this.#transportError !== undefined) this.#events.onTransportError(this.#transportError);
    } else if (this.#latestResponse !== undefined) {
      this.#events.onResponse(this.#latestResponse);
    }
  }
}
