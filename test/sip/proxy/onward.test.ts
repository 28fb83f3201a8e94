import { describe, expect, it } from "vitest";
import type { FailedAttempt, ForwardAttempt } from "../../../sip/proxy/proxy-target.ts";
import type { MemoryFlow } from "../transaction/memory-transport.ts";
import { at, fromCaller, ProxyHarness } from "./proxy-harness.ts";
import { obeyCancels } from "./ringing-call.ts";

const patienceMilliseconds = 20_000;

/** A call to one phone, which goes on to a second one when the first does not take it. */
function callWithSecondPhone(headers: readonly string[] = []) {
  const harness = new ProxyHarness();
  const [caller, first, second] = [harness.phone(1), harness.phone(10), harness.phone(11)];
  const asked: FailedAttempt[] = [];
  let next: () => Promise<ForwardAttempt | undefined> = async () => ({
    targetGroups: [[at(second)]],
  });
  harness.groups = [[at(first)]];
  harness.options = {
    patienceMilliseconds,
    onward: (failed) => {
      asked.push(failed);
      return next();
    },
  };
  harness.receive(fromCaller("INVITE", { headers }), caller);
  const answerNext = (made: typeof next) => {
    next = made;
  };
  return { harness, caller, first, second, asked, answerNext };
}

/** Lets the proxy hear what its user decided. */
const decided = () => new Promise((resolve) => setImmediate(resolve));

function cancelFrom(harness: ProxyHarness, caller: MemoryFlow): void {
  harness.receive(fromCaller("CANCEL", { branch: "z9hG4bKINVITE" }), caller);
}

describe("a call that goes on where the targets do not take it", () => {
  it("goes on when they refuse, and the caller hears nothing of the refusal", async () => {
    const { harness, caller, first, second, asked } = callWithSecondPhone();
    harness.answer(first, first.takeRequest("INVITE"), 486);
    await decided();
    expect(asked).toEqual([{ timedOut: false, status: 486 }]);
    expect(caller.take()).toEqual([]);
    harness.answer(second, second.takeRequest("INVITE"), 200);
    expect(caller.takeSummary()).toEqual(["200 INVITE"]);
    harness.runOut();
    expect(harness.clock.pendingTimers).toBe(0);
  });

  it("cancels them when the patience is over, and does not wait for one that is silent", async () => {
    const { harness, caller, first, second, asked } = callWithSecondPhone();
    first.takeRequest("INVITE");
    harness.clock.advance(patienceMilliseconds - 1);
    expect(asked).toEqual([]);
    harness.clock.advance(1);
    await decided();
    expect(asked).toEqual([{ timedOut: true, status: 408 }]);
    harness.answer(second, second.takeRequest("INVITE"), 200);
    expect(caller.takeSummary()).toEqual(["100 INVITE", "200 INVITE"]);
  });

  it("cancels a phone that rings, whose 180 and 487 no longer reach the caller", async () => {
    const { harness, caller, first, second } = callWithSecondPhone();
    const ringing = first.takeRequest("INVITE");
    harness.answer(first, ringing, 180);
    caller.take();
    harness.clock.advance(patienceMilliseconds);
    await decided();
    harness.answer(first, ringing, 180);
    expect(obeyCancels(harness, [first])).toEqual([["CANCEL"]]);
    const invite = second.takeRequest("INVITE");
    expect(caller.take()).toEqual([]);
    harness.answer(second, invite, 486);
    expect(caller.takeSummary()).toEqual(["486 INVITE"]);
  });

  it("§16.7 lets the first phone win that is answered while it is being cancelled", async () => {
    const { harness, caller, first, second } = callWithSecondPhone();
    const ringing = first.takeRequest("INVITE");
    harness.answer(first, ringing, 180);
    caller.take();
    harness.clock.advance(patienceMilliseconds);
    await decided();
    harness.answer(second, second.takeRequest("INVITE"), 180);
    harness.answer(first, ringing, 200);
    expect(caller.takeSummary()).toEqual(["180 INVITE", "200 INVITE"]);
    expect(second.takeSummary()).toEqual(["CANCEL"]);
  });

  it("§16.7 holds a failure back until no cancelled phone can answer any more", async () => {
    const { harness, caller, first, second } = callWithSecondPhone();
    harness.answer(first, first.takeRequest("INVITE"), 180);
    caller.take();
    harness.clock.advance(patienceMilliseconds);
    await decided();
    harness.answer(second, second.takeRequest("INVITE"), 486);
    expect(caller.take()).toEqual([]);
    obeyCancels(harness, [first]);
    expect(caller.takeSummary()).toEqual(["486 INVITE"]);
  });

  it("§16.7 ends at a 6xx without asking", async () => {
    const { harness, caller, first, asked } = callWithSecondPhone();
    harness.answer(first, first.takeRequest("INVITE"), 603);
    await decided();
    expect(asked).toEqual([]);
    expect(caller.takeSummary()).toEqual(["603 INVITE"]);
  });

  it("gives the caller the best answer where nobody is named", async () => {
    const { harness, caller, first, answerNext } = callWithSecondPhone();
    answerNext(async () => undefined);
    harness.answer(first, first.takeRequest("INVITE"), 486);
    await decided();
    expect(caller.takeSummary()).toEqual(["486 INVITE"]);
  });

  it("gives the caller the best answer where the question fails, and reports the fault", async () => {
    const { harness, caller, first, answerNext } = callWithSecondPhone();
    answerNext(() => Promise.reject(new Error("no storage")));
    harness.answer(first, first.takeRequest("INVITE"), 486);
    await decided();
    expect(caller.takeSummary()).toEqual(["486 INVITE"]);
    expect(harness.faults).toHaveLength(1);
  });

  it("§9.2 rings nobody more when the caller gives up while the question is open", async () => {
    const { harness, caller, first, second } = callWithSecondPhone();
    harness.answer(first, first.takeRequest("INVITE"), 480);
    cancelFrom(harness, caller);
    await decided();
    expect(second.take()).toEqual([]);
    expect(caller.takeSummary()).toEqual(["200 CANCEL", "487 INVITE"]);
  });

  it("RFC 5393 §5.3.3 leaves out what is wider than the request allows", async () => {
    const { harness, caller, first, second, answerNext } = callWithSecondPhone(["Max-Breadth: 1"]);
    answerNext(async () => ({ targetGroups: [[at(second), at(harness.phone(12))]] }));
    harness.answer(first, first.takeRequest("INVITE"), 486);
    await decided();
    expect(second.take()).toEqual([]);
    expect(caller.takeSummary()).toEqual(["486 INVITE"]);
  });
});
