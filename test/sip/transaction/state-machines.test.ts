import { describe, expect, it } from "vitest";
import { inviteClientMachine } from "../../../sip/transaction/invite-client-machine.ts";
import { inviteServerMachine } from "../../../sip/transaction/invite-server-machine.ts";
import { nonInviteClientMachine } from "../../../sip/transaction/non-invite-client-machine.ts";
import { nonInviteServerMachine } from "../../../sip/transaction/non-invite-server-machine.ts";
import type {
  ClientEvent,
  ClientState,
  ServerEvent,
  ServerState,
} from "../../../sip/transaction/state-machine.ts";
import {
  defaultTimerValues,
  type TimerName,
  timerValuesFrom,
} from "../../../sip/transaction/timer-values.ts";

const timerNames: TimerName[] = [
  ...(["A", "B", "D", "E", "F", "G", "H", "I", "J", "K", "L", "M"] as const),
  "trying",
  "cancelled",
  "expiry",
];
const statuses = [100, 180, 200, 202, 302, 401, 404, 486, 503, 603];
const timerEvents = timerNames.map((timer) => ({ kind: "timer", timer }) as const);
const clientEvents: ClientEvent[] = [
  ...timerEvents,
  ...statuses.map((status) => ({ kind: "response", status }) as const),
  { kind: "start" },
  { kind: "cancelled" },
  { kind: "transport-error" },
];
const serverEvents: ServerEvent[] = [
  ...timerEvents,
  ...statuses.map((status) => ({ kind: "respond", status }) as const),
  { kind: "start" },
  { kind: "request" },
  { kind: "ack" },
  { kind: "transport-error" },
];
const contexts = [true, false].map((reliable) => ({ reliable, timers: defaultTimerValues }));
const clientStates = ["calling", "trying", "proceeding", "accepted", "completed"] as const;
const serverStates = ["trying", "proceeding", "accepted", "completed", "confirmed"] as const;

describe("every state and event", () => {
  it.each([
    ["INVITE client", inviteClientMachine],
    ["non-INVITE client", nonInviteClientMachine],
  ])("%s: the end is told exactly when it is reached, and nothing follows it", (_, machine) => {
    for (const context of contexts) {
      for (const event of clientEvents) {
        for (const name of clientStates) {
          const state: ClientState = { name, intervalMilliseconds: 500 };
          const step = machine.step(state, event, context);
          const ended = step.actions.some((action) => action.do === "terminate");
          expect(ended).toBe(step.state.name === "terminated");
        }
        const end: ClientState = { name: "terminated", intervalMilliseconds: 0 };
        expect(machine.step(end, event, context)).toEqual({ state: end, actions: [] });
      }
    }
  });

  it.each([
    ["INVITE server", inviteServerMachine],
    ["non-INVITE server", nonInviteServerMachine],
  ])("%s: the end is told exactly when it is reached, and nothing follows it", (_, machine) => {
    for (const context of contexts) {
      for (const event of serverEvents) {
        for (const name of serverStates) {
          const state: ServerState = { name, intervalMilliseconds: 500 };
          const step = machine.step(state, event, context);
          const ended = step.actions.some((action) => action.do === "terminate");
          expect(ended).toBe(step.state.name === "terminated");
        }
        const end: ServerState = { name: "terminated", intervalMilliseconds: 0 };
        expect(machine.step(end, event, context)).toEqual({ state: end, actions: [] });
      }
    }
  });

  it("§17.2.4 a non-INVITE server transaction ends when its response cannot be sent", () => {
    const [context] = contexts;
    if (context === undefined) throw new Error("no context");
    const { actions } = nonInviteServerMachine.step(
      { name: "proceeding", intervalMilliseconds: 0 },
      { kind: "transport-error" },
      context,
    );
    expect(actions).toEqual([{ do: "terminate", cause: "transport-error" }]);
  });

  it("RFC 6026 §8.7 an INVITE server transaction stays when its response cannot be sent", () => {
    for (const name of ["proceeding", "accepted", "completed", "confirmed"] as const) {
      const state: ServerState = { name, intervalMilliseconds: 500 };
      const [context] = contexts;
      if (context === undefined) throw new Error("no context");
      expect(inviteServerMachine.step(state, { kind: "transport-error" }, context)).toEqual({
        state,
        actions: [],
      });
    }
  });
});

describe("timer values", () => {
  it("are those of RFC 3261 table 4", () => {
    expect(defaultTimerValues).toMatchObject({
      T1: 500,
      T2: 4_000,
      T4: 5_000,
      B: 32_000,
      D: 32_000,
      F: 32_000,
      H: 32_000,
      I: 5_000,
      J: 32_000,
      K: 5_000,
      L: 32_000,
      M: 32_000,
    });
    expect(defaultTimerValues.C).toBeGreaterThan(180_000);
  });

  it("keep Timer D at 32 s at least where T1 is short", () => {
    expect(timerValuesFrom(10, 100, 100, 200_000)).toMatchObject({ D: 32_000, B: 640 });
  });
});
