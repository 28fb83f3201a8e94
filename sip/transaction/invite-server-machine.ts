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
 * The INVITE server transaction: RFC 3261 §17.2.1 with the Accepted state of RFC 6026 §8.7, in
 * which a repeated INVITE is absorbed, so that it makes no second call while the 2xx is on its way.
 */
export const inviteServerMachine: ServerMachine = {
  initial: { name: "proceeding", intervalMilliseconds: 0 },
  step(state, event, context) {
    switch (state.name) {
      case "proceeding":
        return inProceeding(state, event, context);
      case "accepted":
        return inAccepted(state, event);
      case "completed":
        return inCompleted(state, event, context);
      case "confirmed":
        return inConfirmed(state, event);
      case "trying":
      case "terminated":
        return { state, actions: [] };
    }
  },
};

const terminated: ServerState = { name: "terminated", intervalMilliseconds: 0 };

function inProceeding(state: ServerState, event: ServerEvent, context: MachineContext): ServerStep {
  switch (event.kind) {
    case "start":
      return { state, actions: [startTimer("trying", context.timers.trying)] };
    case "respond":
      return onRespond(state, event.status, context);
    case "request":
      return { state, actions: [{ do: "repeat" }] };
    case "timer":
      return { state, actions: event.timer === "trying" ? [{ do: "send-trying" }] : [] };
    // RFC 6026 §8.7: the transaction stays, for the request may come again by a path that works.
    case "transport-error":
    case "ack":
      return { state, actions: [] };
  }
}

function onRespond(state: ServerState, status: number, context: MachineContext): ServerStep {
  const { timers } = context;
  const sent = [stopTimer("trying"), { do: "send" }] as const;
  if (status < 200) return { state, actions: sent };
  if (status < 300) {
    return {
      state: { name: "accepted", intervalMilliseconds: 0 },
      actions: [...sent, startTimer("L", timers.L)],
    };
  }
  return {
    state: { name: "completed", intervalMilliseconds: timers.G },
    actions: [
      ...sent,
      ...(context.reliable ? [] : [startTimer("G", timers.G)]),
      startTimer("H", timers.H),
    ],
  };
}

function inAccepted(state: ServerState, event: ServerEvent): ServerStep {
  switch (event.kind) {
    // The user repeats its own 2xx, and a proxy passes on those of the other branches.
    case "respond":
      return {
        state,
        actions: event.status >= 200 && event.status < 300 ? [{ do: "send" }] : [],
      };
    case "ack":
      return { state, actions: [{ do: "pass-ack" }] };
    case "timer":
      if (event.timer !== "L") return { state, actions: [] };
      return { state: terminated, actions: [{ do: "terminate", cause: "terminated" }] };
    case "request":
    case "transport-error":
    case "start":
      return { state, actions: [] };
  }
}

function inCompleted(state: ServerState, event: ServerEvent, context: MachineContext): ServerStep {
  switch (event.kind) {
    case "request":
      return { state, actions: [{ do: "repeat" }] };
    case "ack":
      return onAck(context);
    case "timer":
      if (event.timer === "G") return repeatFinal(state, context);
      if (event.timer !== "H") return { state, actions: [] };
      return { state: terminated, actions: [{ do: "terminate", cause: "timeout" }] };
    case "respond":
    case "transport-error":
    case "start":
      return { state, actions: [] };
  }
}

/** §17.2.1: the interval doubles up to T2. */
function repeatFinal(state: ServerState, { timers }: MachineContext): ServerStep {
  const intervalMilliseconds = Math.min(state.intervalMilliseconds * 2, timers.T2);
  return {
    state: { name: "completed", intervalMilliseconds },
    actions: [{ do: "repeat" }, startTimer("G", intervalMilliseconds)],
  };
}

function onAck({ reliable, timers }: MachineContext): ServerStep {
  if (reliable) {
    return { state: terminated, actions: [{ do: "terminate", cause: "acknowledged" }] };
  }
  return {
    state: { name: "confirmed", intervalMilliseconds: 0 },
    actions: [stopTimer("G"), stopTimer("H"), startTimer("I", timers.I)],
  };
}

function inConfirmed(state: ServerState, event: ServerEvent): ServerStep {
  if (event.kind === "timer" && event.timer === "I") {
    return { state: terminated, actions: [{ do: "terminate", cause: "acknowledged" }] };
  }
  return { state, actions: [] };
}
