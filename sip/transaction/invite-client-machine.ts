import {
  type ClientAction,
  type ClientEvent,
  type ClientMachine,
  type ClientState,
  type ClientStep,
  type MachineContext,
  startTimer,
  stopTimer,
} from "./state-machine.ts";

/**
 * The INVITE client transaction: RFC 3261 §17.1.1 with the Accepted state of RFC 6026 §8.4, in
 * which every 2xx, of any branch of the call and repeated or not, goes up to the user.
 */
export const inviteClientMachine: ClientMachine = {
  initial: { name: "calling", intervalMilliseconds: 0 },
  step(state, event, context) {
    switch (state.name) {
      case "calling":
        return inCalling(state, event, context);
      case "proceeding":
        return inProceeding(state, event, context);
      case "accepted":
        return inAccepted(state, event);
      case "completed":
        return inCompleted(state, event);
      case "trying":
      case "terminated":
        return { state, actions: [] };
    }
  },
};

const terminated: ClientState = { name: "terminated", intervalMilliseconds: 0 };
const stopCalling: readonly ClientAction[] = [stopTimer("A"), stopTimer("B")];

function inCalling(state: ClientState, event: ClientEvent, context: MachineContext): ClientStep {
  const { timers } = context;
  switch (event.kind) {
    case "start":
      return {
        state: { name: "calling", intervalMilliseconds: timers.A },
        actions: [
          { do: "send" },
          ...(context.reliable ? [] : [startTimer("A", timers.A)]),
          startTimer("B", timers.B),
        ],
      };
    case "timer":
      if (event.timer === "A") return repeatInvite(state);
      return event.timer === "B" ? give("timeout") : { state, actions: [] };
    case "transport-error":
      return give("transport-error");
    case "response":
      return onResponse(event.status, stopCalling, context);
    case "cancelled":
      return { state, actions: [] };
  }
}

/** §17.1.1.2: the interval doubles without an upper limit. */
function repeatInvite(state: ClientState): ClientStep {
  const intervalMilliseconds = state.intervalMilliseconds * 2;
  return {
    state: { name: "calling", intervalMilliseconds },
    actions: [{ do: "send" }, startTimer("A", intervalMilliseconds)],
  };
}

function inProceeding(state: ClientState, event: ClientEvent, context: MachineContext): ClientStep {
  switch (event.kind) {
    case "response":
      return onResponse(event.status, event.status < 200 ? [] : [stopTimer("cancelled")], context);
    case "cancelled":
      return { state, actions: [startTimer("cancelled", context.timers.cancelled)] };
    case "timer":
      return event.timer === "cancelled" ? give("timeout") : { state, actions: [] };
    // The server may still send its final response by a new connection (§18.2.2).
    case "transport-error":
    case "start":
      return { state, actions: [] };
  }
}

function onResponse(
  status: number,
  stop: readonly ClientAction[],
  context: MachineContext,
): ClientStep {
  const inform: ClientAction = { do: "inform", of: "response" };
  if (status < 200) {
    return {
      state: { name: "proceeding", intervalMilliseconds: 0 },
      actions: [...stop, inform],
    };
  }
  if (status < 300) {
    return {
      state: { name: "accepted", intervalMilliseconds: 0 },
      actions: [...stop, startTimer("M", context.timers.M), inform],
    };
  }
  if (context.reliable) {
    return {
      state: terminated,
      actions: [...stop, { do: "acknowledge" }, { do: "terminate" }, inform],
    };
  }
  return {
    state: { name: "completed", intervalMilliseconds: 0 },
    actions: [...stop, { do: "acknowledge" }, startTimer("D", context.timers.D), inform],
  };
}

function inAccepted(state: ClientState, event: ClientEvent): ClientStep {
  if (event.kind === "response" && event.status >= 200 && event.status < 300) {
    return { state, actions: [{ do: "inform", of: "response" }] };
  }
  if (event.kind === "timer" && event.timer === "M") {
    return { state: terminated, actions: [{ do: "terminate" }] };
  }
  return { state, actions: [] };
}

function inCompleted(state: ClientState, event: ClientEvent): ClientStep {
  if (event.kind === "response" && event.status >= 300) {
    return { state, actions: [{ do: "acknowledge" }] };
  }
  if (event.kind === "timer" && event.timer === "D") {
    return { state: terminated, actions: [{ do: "terminate" }] };
  }
  // Figure 5 tells the user, but it has its final response already and could do nothing.
  if (event.kind === "transport-error") {
    return { state: terminated, actions: [{ do: "terminate" }] };
  }
  return { state, actions: [] };
}

function give(of: "timeout" | "transport-error"): ClientStep {
  return { state: terminated, actions: [{ do: "terminate" }, { do: "inform", of }] };
}
