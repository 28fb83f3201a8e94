import { describe, expect, it } from "vitest";
import { buildResponse } from "../../../sip/message/build-response.ts";
import { SipParseError } from "../../../sip/message/sip-parse-error.ts";
import { LayerHarness, ownRequestText, requestFrom, requestText } from "./layer-harness.ts";
import { answer } from "./memory-transport.ts";

function started(options: ConstructorParameters<typeof LayerHarness>[0] = {}) {
  const harness = new LayerHarness(options);
  return { harness, flow: harness.transport.peer("UDP", "192.0.2.1", 5060) };
}

describe("matching of requests", () => {
  it("§17.2.3 tells transactions by branch, sent-by and method", () => {
    const { harness, flow } = started();
    const via = (host: string) => `SIP/2.0/UDP ${host};branch=z9hG4bKsame`;
    harness.receive(requestText("INFO", { via: via("192.0.2.1:5060") }), flow);
    harness.receive(requestText("INFO", { via: via("192.0.2.2:5060") }), flow);
    harness.receive(requestText("INFO", { via: via("192.0.2.1:5070") }), flow);
    harness.receive(requestText("OPTIONS", { via: via("192.0.2.1:5060") }), flow);
    expect(harness.transactions).toHaveLength(4);
    harness.receive(requestText("INFO", { via: via("192.0.2.1:5060") }), flow);
    expect(harness.transactions).toHaveLength(4);
  });

  it("§7.3.1 takes branches that differ in case only for one, for they are tokens", () => {
    const { harness, flow } = started();
    harness.receive(requestText("INFO", { branch: "z9hG4bKAbC" }), flow);
    harness.receive(requestText("INFO", { branch: "Z9HG4BKaBc" }), flow);
    expect(harness.transactions).toHaveLength(1);
  });

  it("§17.2.3 tells requests of RFC 2543 by Request-URI, tags, Call-ID, CSeq and Via", () => {
    const { harness, flow } = started();
    const via = "SIP/2.0/UDP 192.0.2.1:5060";
    harness.receive(requestText("INFO", { via }), flow);
    harness.receive(requestText("INFO", { via }), flow);
    expect(harness.transactions).toHaveLength(1);
    harness.receive(requestText("INFO", { via, cseq: 2 }), flow);
    harness.receive(requestText("INFO", { via, callId: "call-2" }), flow);
    expect(harness.transactions).toHaveLength(3);
  });

  it("RFC 4475 §3.2.1 treats a magic cookie with nothing behind it like a branch of RFC 2543", () => {
    const { harness, flow } = started();
    harness.receive(requestText("INFO", { branch: "z9hG4bK" }), flow);
    harness.receive(requestText("INFO", { branch: "z9hG4bK", callId: "call-2" }), flow);
    expect(harness.transactions).toHaveLength(2);
  });

  it("§17.2.3 matches an RFC 2543 ACK by the To tag of the response", () => {
    const { harness, flow } = started();
    const via = "SIP/2.0/UDP 192.0.2.1:5060;branch=1";
    harness.receive(requestText("INVITE", { via }), flow);
    const { transaction } = harness;
    transaction.respond(buildResponse(transaction.request, 486, undefined, { toTag: "t1" }));
    harness.receive(requestText("ACK", { via, toTag: "other" }), flow);
    expect(harness.acks).toHaveLength(1);
    expect(transaction.state).toBe("completed");
    harness.receive(requestText("ACK", { via, toTag: "t1" }), flow);
    expect(transaction.state).toBe("confirmed");
  });

  it("§17.2.3 matches an RFC 2543 CANCEL to its INVITE", () => {
    const { harness, flow } = started();
    const via = "SIP/2.0/UDP 192.0.2.1:5060";
    harness.receive(requestText("INVITE", { via }), flow);
    harness.receive(requestText("CANCEL", { via }), flow);
    expect(flow.takeSummary()).toEqual(["200 CANCEL", "487 INVITE"]);
  });

  it("§17.1.1.3 passes an unmatched ACK up and never answers it", () => {
    const { harness, flow } = started();
    harness.receive(requestText("ACK", { toTag: "t1" }), flow);
    expect(harness.acks).toHaveLength(1);
    expect(flow.take()).toEqual([]);
    expect(harness.layer.size).toBe(0);
  });

  it("§8.2.2.2 knows a request that came by two ways", () => {
    const { harness, flow } = started();
    harness.receive(requestText("INVITE", { branch: "z9hG4bKone" }), flow);
    harness.receive(requestText("INVITE", { branch: "z9hG4bKtwo" }), flow);
    const [first, second] = harness.transactions;
    if (first === undefined || second === undefined) throw new Error("expected two");
    expect(harness.layer.isMerged(first)).toBe(false);
    expect(harness.layer.isMerged(second)).toBe(true);
    harness.receive(requestText("INVITE", { branch: "z9hG4bKthree", cseq: 2 }), flow);
    expect(harness.layer.isMerged(harness.transaction)).toBe(false);
  });
});

describe("matching of responses", () => {
  it("§17.1.3 needs the branch and the CSeq method; anything else is stray and not told", () => {
    const { harness, flow } = started();
    harness.send(ownRequestText("NOTIFY"), flow);
    const request = flow.takeRequest("NOTIFY");
    const other = answer(request, 200, { tag: "b1" });
    other.headers.set("CSeq", "7 INFO");
    harness.layer.receiveResponse(other, flow);
    expect(harness.takeHeard()).toEqual([]);
    expect(harness.strays).toHaveLength(1);
    expect(harness.layer.counters.strayResponses).toBe(1);
    harness.layer.receiveResponse(answer(request, 200, { tag: "b1" }), flow);
    expect(harness.takeHeard()).toEqual(["response 200"]);
  });

  it("§8.1.1.7 makes a new branch for each request, or takes the one it is given", () => {
    const { harness, flow } = started();
    const events = { onResponse: () => {}, onTimeout: () => {}, onTransportError: () => {} };
    const branchOf = (options: { branch?: string }) => {
      harness.layer.request(requestFrom(ownRequestText("NOTIFY")), flow, events, options);
      return flow.takeRequest("NOTIFY").topVia.branch;
    };
    const first = branchOf({});
    expect(first).toMatch(/^z9hG4bK[0-9a-f]{24}$/);
    expect(branchOf({})).not.toBe(first);
    expect(branchOf({ branch: "z9hG4bKmine" })).toBe("z9hG4bKmine");
  });
});

describe("what makes no transaction", () => {
  it("§8.2.7 asks the user first, and keeps nothing of what it answers statelessly", () => {
    const { harness, flow } = started();
    harness.stateless = ({ request, flow: by }) => {
      if (request.method !== "REGISTER") return false;
      harness.transport.sendResponse(buildResponse(request, 200), by);
      return true;
    };
    harness.receive(requestText("REGISTER"), flow);
    harness.receive(requestText("REGISTER"), flow);
    expect(flow.takeSummary()).toEqual(["200 REGISTER", "200 REGISTER"]);
    expect(harness.layer.size).toBe(0);
    expect(harness.clock.pendingTimers).toBe(0);
  });

  it("a full table drops on UDP and says 503 with Retry-After on a stream", () => {
    const { harness, flow } = started({ transactionsAtMost: 1, retryAfterSeconds: 7 });
    const stream = harness.transport.peer("TCP", "192.0.2.2", 40_000);
    harness.receive(requestText("INFO", { branch: "z9hG4bKone" }), flow);
    harness.receive(requestText("INFO", { branch: "z9hG4bKtwo" }), flow);
    harness.receive(requestText("INFO", { branch: "z9hG4bKthree" }), stream);
    expect(flow.take()).toEqual([]);
    expect(stream.takeResponse(503).headers.get("Retry-After")).toBe("7");
    expect(harness.layer.counters).toMatchObject({ droppedOverload: 1, refusedOverload: 1 });
    expect(harness.layer.size).toBe(1);
  });

  it("a full table still serves what is under way", () => {
    const { harness, flow } = started({ transactionsAtMost: 1 });
    harness.receive(requestText("INVITE"), flow);
    harness.receive(requestText("CANCEL"), flow);
    expect(flow.takeSummary()).toEqual(["200 CANCEL", "487 INVITE"]);
  });

  it("a request whose user failed leaves no transaction behind", () => {
    const { harness, flow } = started();
    harness.onTransaction = () => {
      throw new SipParseError("Contact", "malformed");
    };
    expect(() => harness.receive(requestText("INVITE"), flow)).toThrow(SipParseError);
    expect(harness.layer.size).toBe(0);
    expect(harness.clock.pendingTimers).toBe(0);
  });
});

describe("the end", () => {
  it("stop ends every transaction and its timers in silence", () => {
    const { harness, flow } = started();
    harness.receive(requestText("INVITE"), flow);
    harness.send(ownRequestText("INVITE"), flow);
    harness.send(ownRequestText("NOTIFY"), flow);
    flow.take();
    harness.layer.stop();
    expect(harness.layer.size).toBe(0);
    expect(harness.clock.pendingTimers).toBe(0);
    harness.clock.advance(60_000);
    expect(flow.take()).toEqual([]);
    expect(harness.takeHeard()).toEqual([]);
  });
});
