import { describe, expect, it } from "vitest";
import type { SipRequest } from "../../../sip/message/sip-message.ts";
import { answer, type MemoryFlow } from "../transaction/memory-transport.ts";
import { at, fromCaller, ProxyHarness } from "./proxy-harness.ts";

/** A call that rings at so many phones, each of which has said 180. */
function ringing(phones: number) {
  const harness = new ProxyHarness();
  const caller = harness.phone(1);
  const callees = Array.from({ length: phones }, (_, index) => harness.phone(10 + index));
  harness.groups = [callees.map(at)];
  harness.receive(fromCaller(), caller);
  const invites = callees.map((callee) => callee.takeRequest("INVITE"));
  const each = (index: number): [MemoryFlow, SipRequest] => {
    const [callee, invite] = [callees[index], invites[index]];
    if (callee === undefined || invite === undefined) throw new Error("no such phone");
    return [callee, invite];
  };
  const say = (index: number, status: number, tag = `tag${index}`) =>
    harness.answer(...each(index), status, tag);
  const sayWith = (index: number, status: number, headers: string[]) => {
    const [callee, invite] = each(index);
    harness.respond(callee, answer(invite, status, { tag: `tag${index}`, headers }));
  };
  for (let index = 0; index < phones; index++) say(index, 180);
  caller.take();
  harness.takeHeard();
  return { harness, caller, callees, say, sayWith };
}

/** Each cancelled phone says 200 to the CANCEL and 487 to the INVITE, as it has to. */
function obeyCancels(harness: ProxyHarness, callees: readonly MemoryFlow[]): string[][] {
  return callees.map((callee) => {
    const messages = callee.take();
    for (const message of messages) {
      if (message.kind !== "request" || message.method !== "CANCEL") continue;
      harness.answer(callee, message, 200, "cancelled");
      const terminated = answer(message, 487, { tag: "cancelled" });
      terminated.headers.set("CSeq", "1 INVITE");
      harness.respond(callee, terminated);
    }
    return messages.map((message) =>
      message.kind === "request" ? message.method : String(message.status),
    );
  });
}

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
