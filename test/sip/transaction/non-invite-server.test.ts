import { describe, expect, it } from "vitest";
import { buildResponse } from "../../../sip/message/build-response.ts";
import { LayerHarness, requestText } from "./layer-harness.ts";

function asked(transport: "UDP" | "TCP" = "UDP") {
  const harness = new LayerHarness();
  const flow = harness.transport.peer(transport, "192.0.2.1", 5060);
  const receive = () => harness.receive(requestText("INFO", { toTag: "t1" }), flow);
  receive();
  const { transaction } = harness;
  const respond = (status: number) =>
    transaction.respond(buildResponse(transaction.request, status));
  return { harness, flow, transaction, receive, respond };
}

describe("non-INVITE server transaction", () => {
  it("§17.2.2 says nothing to a repeated request in Trying, and never a 100 by itself", () => {
    const { harness, flow, transaction, receive } = asked();
    receive();
    harness.clock.advance(10_000);
    expect(flow.take()).toEqual([]);
    expect(transaction.state).toBe("trying");
    expect(harness.transactions).toHaveLength(1);
  });

  it("§17.2.2 repeats the provisional response to a repeated request", () => {
    const { flow, transaction, receive, respond } = asked();
    respond(100);
    receive();
    expect(flow.takeSummary()).toEqual(["100 INFO", "100 INFO"]);
    expect(transaction.state).toBe("proceeding");
  });

  it("§17.2.2 repeats the final response to a repeated request until Timer J", () => {
    const { harness, flow, receive, respond } = asked();
    respond(200);
    respond(500);
    expect(harness.clock.pendingTimers).toBe(1);
    harness.clock.advance(31_999);
    receive();
    expect(flow.takeSummary()).toEqual(["200 INFO", "200 INFO"]);
    harness.clock.advance(1);
    expect(harness.layer.size).toBe(0);
    expect(harness.takeHeard()).toEqual(["end terminated"]);
    expect(harness.clock.pendingTimers).toBe(0);
  });

  it("§17.2.2 ends at the final response on a reliable transport", () => {
    const { harness, respond } = asked("TCP");
    respond(200);
    expect(harness.layer.size).toBe(0);
    expect(harness.clock.pendingTimers).toBe(0);
  });

  it("RFC 4320 §4.2 ends without an answer when the client has given up", () => {
    const { harness, flow } = asked();
    harness.clock.advance(32_000);
    expect(flow.take()).toEqual([]);
    expect(harness.takeHeard()).toEqual(["end timeout"]);
    expect(harness.layer.size).toBe(0);
  });
});
