import { describe, expect, it } from "vitest";
import { LayerHarness, ownRequestText } from "./layer-harness.ts";
import { answer } from "./memory-transport.ts";

function calling(transport: "UDP" | "TCP" = "UDP") {
  const harness = new LayerHarness();
  const flow = harness.transport.peer(transport, "192.0.2.9", 5060);
  const client = harness.send(ownRequestText("INVITE", "Route: <sip:hop.example;lr>"), flow);
  const invite = flow.takeRequest("INVITE");
  const respond = (status: number, tag = "b1") =>
    harness.layer.receiveResponse(answer(invite, status, { tag }), flow);
  return { harness, flow, client, invite, respond };
}

describe("INVITE client transaction", () => {
  it("§17.1.1.2 doubles Timer A and gives up on Timer B", () => {
    const { harness, flow } = calling();
    const sentAfter: number[] = [];
    for (let milliseconds = 0; milliseconds < 32_000; milliseconds += 500) {
      harness.clock.advance(500);
      if (flow.takeSummary().length > 0) sentAfter.push(milliseconds + 500);
    }
    expect(sentAfter).toEqual([500, 1_500, 3_500, 7_500, 15_500, 31_500]);
    expect(harness.takeHeard()).toEqual(["timeout"]);
    expect(harness.layer.size).toBe(0);
    expect(harness.clock.pendingTimers).toBe(0);
  });

  it("§17.1.1.2 repeats nothing on a reliable transport, but gives up all the same", () => {
    const { harness, flow } = calling("TCP");
    harness.clock.advance(31_999);
    expect(flow.take()).toEqual([]);
    harness.clock.advance(1);
    expect(harness.takeHeard()).toEqual(["timeout"]);
    expect(harness.layer.size).toBe(0);
  });

  it("§17.1.1.2 stops Timers A and B at the first provisional response, a 100 too", () => {
    const { harness, flow, client, respond } = calling();
    respond(100);
    harness.clock.advance(180_000);
    expect(flow.take()).toEqual([]);
    respond(180);
    expect(harness.takeHeard()).toEqual(["response 100", "response 180"]);
    expect(client.state).toBe("proceeding");
  });

  it("§17.1.1.3 acknowledges a failure hop by hop, with the INVITE's branch and Route", () => {
    const { flow, invite, respond } = calling();
    respond(486, "b7");
    const ack = flow.takeRequest("ACK");
    expect(ack.requestUri).toBe(invite.requestUri);
    expect(ack.headers.getAll("Via")).toEqual(invite.headers.getAll("Via"));
    expect(ack.headers.getAll("Route")).toEqual(["<sip:hop.example;lr>"]);
    expect(ack.to.parameters.get("tag")).toBe("b7");
    expect(ack.headers.get("CSeq")).toBe("7 ACK");
    expect(ack.headers.get("From")).toBe(invite.headers.get("From"));
  });

  it("§17.1.1.2 acknowledges a repeated failure until Timer D, and tells of it once", () => {
    const { harness, flow, respond } = calling();
    respond(404);
    respond(404);
    expect(flow.takeSummary()).toEqual(["ACK", "ACK"]);
    expect(harness.takeHeard()).toEqual(["response 404"]);
    harness.clock.advance(31_999);
    expect(harness.layer.size).toBe(1);
    harness.clock.advance(1);
    expect(harness.layer.size).toBe(0);
    expect(harness.clock.pendingTimers).toBe(0);
  });

  it("§17.1.1.2 Timer D is zero on a reliable transport", () => {
    const { harness, flow, respond } = calling("TCP");
    respond(404);
    expect(flow.takeSummary()).toEqual(["ACK"]);
    expect(harness.layer.size).toBe(0);
    expect(harness.clock.pendingTimers).toBe(0);
  });

  it("RFC 6026 §8.4 passes every 2xx up until Timer M and acknowledges none", () => {
    const { harness, flow, client, respond } = calling();
    respond(180);
    respond(200, "b1");
    respond(200, "b1");
    respond(200, "b2");
    respond(486, "b3");
    expect(harness.takeHeard()).toEqual([
      "response 180",
      "response 200",
      "response 200",
      "response 200",
    ]);
    expect(flow.take()).toEqual([]);
    expect(client.state).toBe("accepted");
    harness.clock.advance(32_000);
    expect(harness.layer.size).toBe(0);
    respond(200);
    expect(harness.strays).toHaveLength(1);
  });

  it("§17.1.4 tells of a request that could not be sent, and not before `request` has returned", () => {
    const harness = new LayerHarness();
    const flow = harness.transport.peer("TCP", "192.0.2.9", 5060);
    flow.close();
    harness.send(ownRequestText("INVITE"), flow);
    expect(harness.takeHeard()).toEqual([]);
    harness.clock.advance(0);
    expect(harness.takeHeard()).toEqual(["transport error"]);
    expect(harness.layer.size).toBe(0);
    expect(harness.clock.pendingTimers).toBe(0);
  });

  it("§18.4 fails a call whose connection ends before any response, and no other", () => {
    const { harness, flow } = calling("TCP");
    const other = harness.transport.peer("TCP", "192.0.2.8", 5060);
    harness.send(ownRequestText("INVITE"), other);
    harness.layer.flowClosed(flow);
    harness.clock.advance(0);
    expect(harness.takeHeard()).toEqual(["transport error"]);
    expect(harness.layer.size).toBe(1);
  });

  it("§18.2.2 still takes the final response by a new connection once the callee rings", () => {
    const { harness, flow, respond } = calling("TCP");
    respond(180);
    harness.layer.flowClosed(flow);
    harness.clock.advance(0);
    respond(200);
    expect(harness.takeHeard()).toEqual(["response 180", "response 200"]);
  });
});

describe("CANCEL of an INVITE of ours", () => {
  it("§9.1 holds the CANCEL until a provisional response has come", () => {
    const { harness, flow, client, invite, respond } = calling();
    client.cancel('SIP;cause=200;text="Call completed elsewhere"');
    expect(flow.take()).toEqual([]);
    respond(100);
    const cancel = flow.takeRequest("CANCEL");
    expect(cancel.requestUri).toBe(invite.requestUri);
    expect(cancel.headers.getAll("Via")).toEqual(invite.headers.getAll("Via"));
    expect(cancel.headers.getAll("Route")).toEqual(["<sip:hop.example;lr>"]);
    expect(cancel.headers.get("To")).toBe(invite.headers.get("To"));
    expect(cancel.headers.get("CSeq")).toBe("7 CANCEL");
    expect(cancel.headers.get("Reason")).toBe('SIP;cause=200;text="Call completed elsewhere"');
    harness.layer.receiveResponse(answer(cancel, 200, { tag: "b1" }), flow);
    respond(487);
    expect(flow.takeSummary()).toEqual(["ACK"]);
    harness.clock.advance(32_000);
    expect(harness.layer.size).toBe(0);
  });

  it("§9.1 sends nothing when a final response is first", () => {
    const { flow, client, respond } = calling();
    client.cancel();
    respond(200);
    expect(flow.take()).toEqual([]);
    client.cancel();
    expect(flow.take()).toEqual([]);
  });

  it("§9.1 repeats the CANCEL on Timer E and gives the call up after 64*T1", () => {
    const { harness, flow, client, respond } = calling();
    respond(180);
    client.cancel();
    client.cancel();
    expect(flow.takeSummary()).toEqual(["CANCEL"]);
    harness.clock.advance(500);
    expect(flow.takeSummary()).toEqual(["CANCEL"]);
    harness.clock.advance(31_500);
    expect(harness.takeHeard()).toEqual(["response 180", "timeout"]);
    expect(harness.layer.size).toBe(0);
    expect(harness.clock.pendingTimers).toBe(0);
  });

  it("§9.1 sends one CANCEL, however often the callee rings on", () => {
    const { flow, client, respond } = calling();
    client.cancel();
    respond(180);
    respond(183);
    expect(flow.takeSummary()).toEqual(["CANCEL"]);
  });

  it("§9.1 lets a 200 that crossed the CANCEL through", () => {
    const { harness, flow, client, respond } = calling();
    respond(180);
    client.cancel();
    respond(200);
    harness.layer.receiveResponse(answer(flow.takeRequest("CANCEL"), 200), flow);
    harness.clock.advance(31_999);
    expect(harness.clock.pendingTimers).toBe(1);
    expect(harness.takeHeard()).toEqual(["response 180", "response 200"]);
  });
});
