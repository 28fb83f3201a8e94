import {
  type ClientEvent,
  type ClientMachine,
  type ClientState,
  type ClientStep,
  type MachineContext,
  startTimer,
  stopTimer,
} from "./state-machine.ts";

/** The non-INVITE client transaction: RFC 3261 §17.1.2. */
export const nonInviteClientMachine: ClientMachine = {
  initial: { name: "trying", intervalMilliseconds: 0 },
  step(state, event, context) {
    switch (state.name) {
      case "trying":
      case "proceeding":
        return beforeFinal(state, event, context);
      case "completed":
        return inCompleted(state, event);
      case "calling":
      case "accepted":
      case "terminated":
        return { state, actions: [] };
    }
  },
};

const terminated: ClientState = { name: "terminated", intervalMilliseconds: 0 };

function beforeFinal(state: ClientState, event: ClientEvent, context: MachineContext): ClientStep {
  const { timers } = context;
  switch (event.kind) {
    case "start":
      return {
        state: { name: "trying", intervalMilliseconds: timers.E },
        actions: [
          { do: "send" },
          ...(context.reliable ? [] : [startTimer("E", timers.E)]),
          startTimer("F", timers.F),
        ],
      };
    case "timer":
      if (event.timer === "E") return repeatRequest(state, context);
      return event.timer === "F" ? give("timeout") : { state, actions: [] };
    case "response":
      return onResponse(state, event.status, context);
    case "transport-error":
      return give("transport-error");
    case "cancelled":
      return { state, actions: [] };
  }
}

/** §17.1.2.2: the interval doubles up to T2, and is T2 once a provisional response came. */
function repeatRequest(state: ClientState, { timers }: MachineContext): ClientStep {
  const intervalMilliseconds =
    state.name === "proceeding" ? timers.T2 : Math.min(state.intervalMilliseconds * 2, timers.T2);
  return {
    state: { name: state.name, intervalMilliseconds },
    actions: [{ do: "send" }, startTimer("E", intervalMilliseconds)],
  };
}

function onResponse(state: ClientState, status: number, context: MachineContext): ClientStep {
  if (status < 200) {
    return {
      state: { name: "proceeding", intervalMilliseconds: state.intervalMilliseconds },
      actions: [{ do: "inform", of: "response" }],
    };
  }
  if (context.reliable) {
    return {
      state: terminated,
      actions: [{ do: "terminate" }, { do: "inform", of: "response" }],
    };
  }
  return {
    state: { name: "completed", intervalMilliseconds: 0 },
    actions: [
      stopTimer("E"),
      stopTimer("F"),
      startTimer("K", context.timers.K),
      { do: "inform", of: "response" },
    ],
  };
}

/** Repeated responses are absorbed until Timer K. */
function inCompleted(state: ClientState, event: ClientEvent): ClientStep {
  if (event.kind === "timer" && event.timer === "K") {
    return { state: terminated, actions: [{ do: "terminate" }] };
  }
  return { state, actions: [] };
}

function give(of: "timeout" | "transport-error"): ClientStep {
  return { state: terminated, actions: [{ do: "terminate" }, { do: "inform", of }] };
}
