import type { TimerName, TimerValues } from "./timer-values.ts";

/** What every state machine has to know beside its state and the event. */
export interface MachineContext {
  readonly timers: TimerValues;
  /** Whether the flow repeats what was lost by itself. */
  readonly reliable: boolean;
}

/** A timer to be started (again) or stopped; any that still run end with the transaction. */
export type TimerAction =
  | { readonly do: "start-timer"; readonly timer: TimerName; readonly milliseconds: number }
  | { readonly do: "stop-timer"; readonly timer: TimerName };

/** Where a client transaction stands; `proceeding` and the rest as in RFC 3261 figures 5 and 6. */
export interface ClientState {
  readonly name: "calling" | "trying" | "proceeding" | "accepted" | "completed" | "terminated";
  /** The interval after which the request is repeated next; meaningful while it is repeated. */
  readonly intervalMilliseconds: number;
}

/** What happens to a client transaction. */
export type ClientEvent =
  | { readonly kind: "start" }
  | { readonly kind: "response"; readonly status: number }
  | { readonly kind: "timer"; readonly timer: TimerName }
  /** A CANCEL for it was sent. */
  | { readonly kind: "cancelled" }
  | { readonly kind: "transport-error" };

/**
 * What a client transaction has to do next, in this order. The user is informed last: whatever it
 * does then, the transaction is in order.
 */
export type ClientAction =
  | TimerAction
  | { readonly do: "send" }
  | { readonly do: "acknowledge" }
  | { readonly do: "inform"; readonly of: "response" | "timeout" | "transport-error" }
  | { readonly do: "terminate" };

/** The new state and what is to be done. */
export interface ClientStep {
  readonly state: ClientState;
  readonly actions: readonly ClientAction[];
}

/** A client state machine: no I/O, no time, no memory beside the state it is given. */
export interface ClientMachine {
  readonly initial: ClientState;
  step(state: ClientState, event: ClientEvent, context: MachineContext): ClientStep;
}

/** Where a server transaction stands, named as in RFC 3261 figures 7 and 8 and RFC 6026. */
export interface ServerState {
  readonly name: "trying" | "proceeding" | "accepted" | "completed" | "confirmed" | "terminated";
  /** The interval after which the response is repeated next; meaningful while it is repeated. */
  readonly intervalMilliseconds: number;
}

/** What happens to a server transaction. */
export type ServerEvent =
  | { readonly kind: "start" }
  /** The user gave a response. */
  | { readonly kind: "respond"; readonly status: number }
  /** The request came again. */
  | { readonly kind: "request" }
  | { readonly kind: "ack" }
  | { readonly kind: "timer"; readonly timer: TimerName }
  | { readonly kind: "transport-error" };

/** How a server transaction ended. */
export type ServerEndCause = "timeout" | "acknowledged" | "terminated" | "transport-error";

/** What a server transaction has to do next, in this order. */
export type ServerAction =
  | TimerAction
  /** Send the response just given; it is the latest from now on. */
  | { readonly do: "send" }
  /** Send the latest response again, if there was one yet. */
  | { readonly do: "repeat" }
  | { readonly do: "send-trying" }
  | { readonly do: "pass-ack" }
  | { readonly do: "terminate"; readonly cause: ServerEndCause };

/** The new state and what is to be done. */
export interface ServerStep {
  readonly state: ServerState;
  readonly actions: readonly ServerAction[];
}

/** A server state machine: no I/O, no time, no memory beside the state it is given. */
export interface ServerMachine {
  readonly initial: ServerState;
  step(state: ServerState, event: ServerEvent, context: MachineContext): ServerStep;
}

/** The action that starts a timer, or starts it again. */
export function startTimer(timer: TimerName, milliseconds: number): TimerAction {
  return { do: "start-timer", timer, milliseconds };
}

/** The action that stops a timer if it runs. */
export function stopTimer(timer: TimerName): TimerAction {
  return { do: "stop-timer", timer };
}
