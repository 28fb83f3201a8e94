import { describe, expect, it } from "vitest";
import { at, fromCaller, ProxyHarness } from "./proxy-harness.ts";
import { obeyCancels, ringing } from "./ringing-call.ts";

describe("silence", () => {
  it("§16.8 Timer C cancels a branch that rings for more than three minutes, and 408 is said", () => {
    const { harness, caller, callees, say } = ringing(1);
    harness.clock.advance(180_000);
    say(0, 180);
    caller.take();
    harness.clock.advance(180_000);
    expect(callees[0]?.take()).toEqual([]);
    say(0, 100);
    harness.clock.advance(5_000);
    obeyCancels(harness, callees);
    expect(caller.takeSummary()).toEqual(["408 INVITE"]);
    harness.runOut();
    expect(harness.layer.size).toBe(0);
    expect(harness.clock.pendingTimers).toBe(0);
  });

  it("§16.9 a branch that never answers counts as 408", () => {
    const harness = new ProxyHarness();
    const [caller, callee] = [harness.phone(1), harness.phone(10)];
    harness.groups = [[at(callee)]];
    harness.receive(fromCaller(), caller);
    harness.clock.advance(32_000);
    expect(caller.takeSummary()).toEqual(["100 INVITE", "408 INVITE"]);
    harness.runOut();
    expect(harness.layer.size).toBe(0);
  });

  it("RFC 4320 §4.2 answers nothing to a request other than INVITE that nobody answered", () => {
    const harness = new ProxyHarness();
    const [caller, callee] = [harness.phone(1), harness.phone(10)];
    harness.groups = [[at(callee)]];
    harness.receive(fromCaller("MESSAGE"), caller);
    harness.runOut();
    expect(caller.take()).toEqual([]);
    expect(harness.takeHeard()).toEqual(["unanswered"]);
    expect(harness.layer.size).toBe(0);
  });

  it("RFC 5626 §5.3.1 says 480 when the connection of a binding is gone and cannot be made again", async () => {
    const harness = new ProxyHarness();
    const [caller, callee] = [harness.phone(1), harness.phone(10, "TCP")];
    harness.groups = [[{ ...at(callee), uri: "sip:bob@192.0.2.10:40000;transport=tcp" }]];
    callee.close();
    harness.transport.refusing.add("TCP 192.0.2.10:40000");
    harness.receive(fromCaller(), caller);
    await harness.clock.advanceAsync(0);
    expect(caller.takeSummary()).toEqual(["480 INVITE"]);
  });

  it("§16.9 a next hop that cannot be reached counts as 503, which is said as 500", async () => {
    const harness = new ProxyHarness();
    const caller = harness.phone(1);
    harness.transport.refusing.add("TCP 192.0.2.60:5060");
    harness.groups = [[{ uri: "sip:bob@192.0.2.60;transport=tcp" }]];
    harness.receive(fromCaller(), caller);
    await harness.clock.advanceAsync(0);
    expect(caller.takeSummary()).toEqual(["500 INVITE"]);
    expect(harness.faults).toEqual([]);
  });

  it("§17.1.4 a connection that ends before any answer fails its branch at once", () => {
    const harness = new ProxyHarness();
    const [caller, callee] = [harness.phone(1), harness.phone(10, "TCP")];
    harness.groups = [[at(callee)]];
    harness.receive(fromCaller(), caller);
    callee.close();
    harness.layer.flowClosed(callee);
    harness.clock.advance(0);
    expect(caller.takeSummary()).toEqual(["480 INVITE"]);
  });
});
