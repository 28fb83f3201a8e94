import {
  type MachineContext,
  type ServerEvent,
  type ServerMachine,
  type ServerState,
  type ServerStep,
  startTimer,
  stopTimer,
} from "./state-machine.ts";

/**
 * The non-INVITE server transaction: RFC 3261 §17.2.2. Where its user has no final response by the
 * time the client must have given up, it ends without one: nobody waits for a late answer, and
 * a 408 would only blacken the next hop (RFC 4320 §4.2).
 */
export const nonInviteServerMachine: ServerMachine = {
  initial: { name: "trying", intervalMilliseconds: 0 },
  step(state, event, context) {
    switch (state.name) {
      case "trying":
      case "proceeding":
        return beforeFinal(state, event, context);
      case "completed":
        return inCompleted(state, event);
      case "accepted":
      case "confirmed":
      case "terminated":
        return { state, actions: [] };
    }
  },
};

const terminated: ServerState = { name: "terminated", intervalMilliseconds: 0 };

function beforeFinal(state: ServerState, event: ServerEvent, context: MachineContext): ServerStep {
  switch (event.kind) {
    case "start":
      return { state, actions: [startTimer("expiry", context.timers.expiry)] };
    case "respond":
      return onRespond(event.status, context);
    case "request":
      return { state, actions: state.name === "proceeding" ? [{ do: "repeat" }] : [] };
    case "timer":
      if (event.timer !== "expiry") return { state, actions: [] };
      return { state: terminated, actions: [{ do: "terminate", cause: "timeout" }] };
    case "transport-error":
      return { state: terminated, actions: [{ do: "terminate", cause: "transport-error" }] };
    case "ack":
      return { state, actions: [] };
  }
}

function onRespond(status: number, { reliable, timers }: MachineContext): ServerStep {
  if (status < 200) {
    return { state: { name: "proceeding", intervalMilliseconds: 0 }, actions: [{ do: "send" }] };
  }
  if (reliable) {
    return {
      state: terminated,
      actions: [{ do: "send" }, { do: "terminate", cause: "terminated" }],
    };
  }
  return {
    state: { name: "completed", intervalMilliseconds: 0 },
    actions: [{ do: "send" }, stopTimer("expiry"), startTimer("J", timers.J)],
  };
}

function inCompleted(state: ServerState, event: ServerEvent): ServerStep {
  switch (event.kind) {
    case "request":
      return { state, actions: [{ do: "repeat" }] };
    case "timer":
      if (event.timer !== "J") return { state, actions: [] };
      return { state: terminated, actions: [{ do: "terminate", cause: "terminated" }] };
    case "transport-error":
      return { state: terminated, actions: [{ do: "terminate", cause: "transport-error" }] };
    case "respond":
    case "ack":
    case "start":
      return { state, actions: [] };
  }
}
