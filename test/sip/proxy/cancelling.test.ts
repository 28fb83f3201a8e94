import { describe, expect, it } from "vitest";
import { at, fromCaller, ProxyHarness } from "./proxy-harness.ts";
import { obeyCancels, ringing } from "./ringing-call.ts";

describe("CANCEL through the proxy", () => {
  it("§16.10 cancels every branch with the caller's Reason and passes the 487 on", () => {
    const { harness, caller, callees } = ringing(2);
    harness.receive(
      fromCaller("CANCEL", { branch: "z9hG4bKINVITE", headers: ["Reason: SIP;cause=487"] }),
      caller,
    );
    expect(caller.takeSummary()).toEqual(["200 CANCEL"]);
    expect(callees[0]?.bytes.toString()).toContain("Reason: SIP;cause=487");
    obeyCancels(harness, callees);
    expect(caller.takeSummary()).toEqual(["487 INVITE"]);
    expect(harness.takeHeard()).toEqual(["cancelled", "487 from sip:bob@192.0.2.10:5060"]);
    harness.receive(fromCaller("ACK", { branch: "z9hG4bKINVITE" }), caller);
    harness.runOut();
    expect(harness.layer.size).toBe(0);
    expect(harness.clock.pendingTimers).toBe(0);
  });

  it("§9.1 holds the CANCEL of a branch that has said nothing yet", () => {
    const harness = new ProxyHarness();
    const [caller, callee] = [harness.phone(1), harness.phone(10)];
    harness.groups = [[at(callee)], [at(harness.phone(11))]];
    harness.receive(fromCaller(), caller);
    const invite = callee.takeRequest("INVITE");
    harness.receive(fromCaller("CANCEL", { branch: "z9hG4bKINVITE" }), caller);
    expect(callee.take()).toEqual([]);
    harness.answer(callee, invite, 180);
    expect(callee.takeSummary()).toEqual(["CANCEL"]);
    harness.answer(callee, invite, 487);
    expect(caller.takeSummary()).toEqual(["200 CANCEL", "180 INVITE", "487 INVITE"]);
  });

  it("§9.2 sends nothing when the caller gave up before the targets were known", () => {
    const harness = new ProxyHarness();
    const [caller, callee] = [harness.phone(1), harness.phone(10)];
    harness.groups = [[at(callee)]];
    let forward = () => {};
    harness.whenAsked = (action) => {
      forward = action;
    };
    harness.receive(fromCaller(), caller);
    harness.receive(fromCaller("CANCEL", { branch: "z9hG4bKINVITE" }), caller);
    forward();
    expect(caller.takeSummary()).toEqual(["200 CANCEL", "487 INVITE"]);
    expect(callee.take()).toEqual([]);
    expect(harness.takeHeard()).toEqual(["cancelled", "487 from proxy"]);
  });

  it("§16.10 forwards a 200 that crossed the CANCEL", () => {
    const { harness, caller, say } = ringing(1);
    harness.receive(fromCaller("CANCEL", { branch: "z9hG4bKINVITE" }), caller);
    say(0, 200);
    expect(caller.takeSummary()).toEqual(["200 CANCEL", "200 INVITE"]);
  });

  it("§9.1 says 487 itself when the callee never answers the CANCEL", () => {
    const { harness, caller } = ringing(1);
    harness.receive(fromCaller("CANCEL", { branch: "z9hG4bKINVITE" }), caller);
    caller.take();
    harness.clock.advance(32_000);
    expect(caller.takeSummary()).toEqual(["487 INVITE"]);
    harness.runOut();
    expect(harness.layer.size).toBe(0);
  });

  it("never sends a branch that was cancelled while its address was looked for", async () => {
    let found: (() => void) | undefined;
    const harness = new ProxyHarness({
      resolve: () =>
        new Promise((resolve) => {
          found = () => resolve([{ transport: "UDP", address: "192.0.2.50", port: 5060 }]);
        }),
    });
    const caller = harness.phone(1);
    harness.groups = [[{ uri: "sip:bob@pbx.example" }]];
    harness.receive(fromCaller(), caller);
    harness.receive(fromCaller("CANCEL", { branch: "z9hG4bKINVITE" }), caller);
    expect(caller.takeSummary()).toEqual(["200 CANCEL", "487 INVITE"]);
    found?.();
    await harness.clock.advanceAsync(0);
    expect([...harness.transport.flows.values()].flatMap((flow) => flow.take())).toEqual([]);
  });

  it("the user of the proxy can give a call up too", () => {
    const harness = new ProxyHarness();
    const [caller, callee] = [harness.phone(1), harness.phone(10)];
    harness.groups = [[at(callee)]];
    harness.receive(fromCaller(), caller);
    harness.answer(callee, callee.takeRequest("INVITE"), 180);
    harness.lastForward?.cancel('SIP;cause=200;text="Picked up"');
    expect(callee.takeRequest("CANCEL").headers.get("Reason")).toContain("Picked up");
  });
});
