import { describe, expect, it } from "vitest";
import { at, fromCaller, ProxyHarness } from "./proxy-harness.ts";
import { obeyCancels, ringing } from "./ringing-call.ts";

describe("parallel forking", () => {
  it("§16.7 gives the caller the one 200 and cancels the others", () => {
    const { harness, caller, callees, say } = ringing(3);
    say(1, 200);
    expect(caller.takeSummary()).toEqual(["200 INVITE"]);
    const [first, second, third] = callees;
    const cancel = first?.takeRequest("CANCEL");
    expect(cancel?.headers.get("Reason")).toBe('SIP;cause=200;text="Call completed elsewhere"');
    expect(second?.take()).toEqual([]);
    expect(third?.takeSummary()).toEqual(["CANCEL"]);
    expect(harness.takeHeard()).toEqual(["200 from sip:bob@192.0.2.11:5060"]);
    harness.runOut();
    expect(caller.take()).toEqual([]);
    expect(harness.layer.size).toBe(0);
    expect(harness.clock.pendingTimers).toBe(0);
  });

  it("§16.6 sends each copy its own branch and Record-Route, and the body as it came", () => {
    const harness = new ProxyHarness();
    const [caller, first, second] = [harness.phone(1), harness.phone(10), harness.phone(11)];
    harness.groups = [[at(first), at(second)]];
    harness.receive(fromCaller("INVITE", { headers: ["X-Unknown: kept"] }), caller);
    const copies = [first.takeRequest("INVITE"), second.takeRequest("INVITE")];
    for (const copy of copies) {
      expect(copy.headers.get("Max-Forwards")).toBe("69");
      expect(copy.headers.get("X-Unknown")).toBe("kept");
      expect(copy.headers.getAll("Via")).toHaveLength(2);
      expect(copy.headers.getAll("Record-Route")).toHaveLength(1);
      expect(copy.headers.get("Max-Breadth")).toBe("30");
    }
    expect(copies.map((copy) => copy.requestUri)).toEqual([
      "sip:bob@192.0.2.10:5060",
      "sip:bob@192.0.2.11:5060",
    ]);
    expect(copies[0]?.topVia.branch).not.toBe(copies[1]?.topVia.branch);
    expect(copies[0]?.headers.get("Record-Route")).not.toBe(copies[1]?.headers.get("Record-Route"));
  });

  it("§16.7 forwards the 200 of every fork, and each of its repetitions", () => {
    const { harness, caller, say } = ringing(2);
    say(0, 200);
    say(1, 200);
    say(0, 200);
    const tags = caller.take().map((message) => message.to.parameters.get("tag"));
    expect(tags).toEqual(["tag0", "tag1", "tag0"]);
    harness.runOut();
    expect(harness.layer.size).toBe(0);
  });

  it("§16.7 cancels all at a 6xx, waits for them, and prefers it", () => {
    const { harness, caller, callees, say } = ringing(3);
    say(0, 486);
    say(1, 603);
    expect(caller.take()).toEqual([]);
    obeyCancels(harness, callees);
    expect(caller.takeSummary()).toEqual(["603 INVITE"]);
    harness.runOut();
    expect(harness.layer.size).toBe(0);
  });

  it("§16.7 lets a 200 that comes after a 6xx win", () => {
    const { caller, say } = ringing(2);
    say(0, 603);
    say(1, 200);
    expect(caller.takeSummary()).toEqual(["200 INVITE"]);
  });

  it("§16.7 gathers the challenges of all branches into one answer", () => {
    const { caller, say, sayWith } = ringing(3);
    sayWith(0, 407, ['Proxy-Authenticate: Digest realm="one", nonce="1"']);
    sayWith(1, 401, ['WWW-Authenticate: Digest realm="two", nonce="2"']);
    say(2, 404);
    const challenge = caller.takeResponse(401);
    expect(challenge.headers.getAll("WWW-Authenticate")).toEqual(['Digest realm="two", nonce="2"']);
    expect(challenge.headers.getAll("Proxy-Authenticate")).toEqual([
      'Digest realm="one", nonce="1"',
    ]);
  });

  it.each([
    [[503], 500],
    [[503, 502], 502],
    [[404, 486], 486],
    [[408, 480], 480],
    [[500, 302], 302],
    [[603, 404], 603],
    [[486, 484], 484],
    [[487, 404], 404],
  ])("§16.7 makes of %j the answer %i", (statuses, best) => {
    const { caller, callees, harness, say } = ringing(statuses.length);
    for (const [index, status] of statuses.entries()) say(index, status);
    obeyCancels(harness, callees);
    expect(caller.takeSummary()).toEqual([`${best} INVITE`]);
  });

  it("§16.7 keeps 100 to itself and forwards every other provisional response", () => {
    const { caller, say } = ringing(1);
    say(0, 100);
    say(0, 183);
    say(0, 199);
    expect(caller.takeSummary()).toEqual(["183 INVITE", "199 INVITE"]);
  });

  it("§16.7 takes only its own Via off a response", () => {
    const { caller, say } = ringing(1);
    say(0, 200);
    const [via, ...more] = caller.takeResponse(200).headers.getAll("Via");
    expect(via).toContain("192.0.2.1:5060;branch=z9hG4bKINVITE");
    expect(more).toEqual([]);
  });

  it("§16.6 tries the groups in order, and the next only when all of one have failed", () => {
    const harness = new ProxyHarness();
    const [caller, first, second] = [harness.phone(1), harness.phone(10), harness.phone(11)];
    const third = harness.phone(12);
    harness.groups = [[at(first), at(second)], [], [at(third)]];
    harness.receive(fromCaller(), caller);
    harness.answer(first, first.takeRequest("INVITE"), 486);
    expect(third.take()).toEqual([]);
    harness.answer(second, second.takeRequest("INVITE"), 408);
    expect(caller.take()).toEqual([]);
    harness.answer(third, third.takeRequest("INVITE"), 200);
    expect(caller.takeSummary()).toEqual(["200 INVITE"]);
  });

  it("§16.7 tries no further group after a 6xx", () => {
    const harness = new ProxyHarness();
    const [caller, first, second] = [harness.phone(1), harness.phone(10), harness.phone(11)];
    harness.groups = [[at(first)], [at(second)]];
    harness.receive(fromCaller(), caller);
    harness.answer(first, first.takeRequest("INVITE"), 600);
    expect(second.take()).toEqual([]);
    expect(caller.takeSummary()).toEqual(["600 INVITE"]);
  });

  it("RFC 5393 §5.3.3 answers 440 when a call may not be forked so widely", () => {
    const harness = new ProxyHarness();
    const caller = harness.phone(1);
    harness.groups = [[at(harness.phone(10)), at(harness.phone(11))]];
    harness.receive(fromCaller("INVITE", { headers: ["Max-Breadth: 1"] }), caller);
    expect(caller.takeSummary()).toEqual(["440 INVITE"]);
  });

  it("answers 480 when there is nobody to send to", () => {
    const harness = new ProxyHarness();
    const caller = harness.phone(1);
    harness.receive(fromCaller(), caller);
    expect(caller.takeResponse(480).to.parameters.get("tag")).toMatch(/./);
    expect(harness.takeHeard()).toEqual(["480 from proxy"]);
  });
});
