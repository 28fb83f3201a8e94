import { describe, expect, it } from "vitest";
import { CallLog, type CallRecord, callLogLimits } from "../../../src/signaling/calls/call-log.ts";
import { FakeClock } from "../../support/fake-clock.ts";

function newLog() {
  const clock = new FakeClock();
  const told: string[] = [];
  const log = new CallLog(clock, {
    callStarted: (call: CallRecord) => told.push(`started ${call.callId}`),
    callAnswered: (call: CallRecord) => told.push(`answered ${call.callId}`),
    callEnded: (call: CallRecord) => told.push(`${call.end} ${call.callId}`),
  });
  const start = (callId: string) =>
    log.start({ callId, from: "sip:a@contoso.example", to: "sip:b@contoso.example", kind: "user" });
  return { log, clock, told, start };
}

describe("the list of calls", () => {
  it("has when a call began, was answered and ended, and tells each", () => {
    const { log, clock, told, start } = newLog();
    const startedAtMilliseconds = clock.nowMilliseconds();
    start("one");
    clock.advance(3000);
    log.answered("one", 200);
    clock.advance(60_000);
    log.ended("one");
    expect(told).toEqual(["started one", "answered one", "completed one"]);
    expect(log.list()).toMatchObject([
      {
        startedAtMilliseconds,
        answeredAtMilliseconds: startedAtMilliseconds + 3000,
        endedAtMilliseconds: startedAtMilliseconds + 63_000,
        end: "completed",
      },
    ]);
  });

  it.each([
    [486, "busy"],
    [600, "busy"],
    [487, "cancelled"],
    [480, "no-answer"],
    [408, "no-answer"],
    [603, "refused"],
    [500, "failed"],
  ])("says of %i that it was %s", (status, end) => {
    const { log, start } = newLog();
    start("one");
    log.failed("one", status);
    expect(log.list()).toMatchObject([{ status, end }]);
  });

  it("keeps calls in progress first and the last ended ones, the newest on top", () => {
    const { log, start } = newLog();
    for (let call = 0; call < callLogLimits.endedKept + 5; call++) {
      start(`call ${call}`);
      log.ended(`call ${call}`);
    }
    start("ringing");
    const calls = log.list().map((call) => call.callId);
    expect(calls).toHaveLength(callLogLimits.endedKept + 1);
    expect(calls[0]).toBe("ringing");
    expect(calls[1]).toBe(`call ${callLogLimits.endedKept + 4}`);
  });

  it("tells of an end for each beginning, also when a Call-ID comes twice", () => {
    const { log, told, start } = newLog();
    start("same");
    start("same");
    log.ended("same");
    log.ended("same");
    expect(told).toEqual(["started same", "failed same", "started same", "cancelled same"]);
    expect(log.inProgress).toBe(0);
  });
});
