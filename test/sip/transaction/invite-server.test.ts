import { describe, expect, it } from "vitest";
import { buildResponse } from "../../../sip/message/build-response.ts";
import { LayerHarness, requestText } from "./layer-harness.ts";

function called(transport: "UDP" | "TCP" = "UDP") {
  const harness = new LayerHarness();
  const flow = harness.transport.peer(transport, "192.0.2.1", 5060);
  const receive = (method: string, toTag?: string) =>
    harness.receive(requestText(method, toTag === undefined ? {} : { toTag }), flow);
  receive("INVITE");
  const { transaction } = harness;
  const respond = (status: number, toTag = "t1") =>
    transaction.respond(buildResponse(transaction.request, status, undefined, { toTag }));
  return { harness, flow, transaction, receive, respond };
}

describe("INVITE server transaction", () => {
  it("§17.2.1 says 100 by itself after 200 ms without an answer", () => {
    const { harness, flow } = called();
    harness.clock.advance(199);
    expect(flow.take()).toEqual([]);
    harness.clock.advance(1);
    const trying = flow.takeResponse(100);
    expect(trying.to.parameters.has("tag")).toBe(false);
  });

  it("§17.2.1 says no 100 when the user was quicker", () => {
    const { harness, flow, respond } = called();
    respond(180);
    harness.clock.advance(1_000);
    expect(flow.takeSummary()).toEqual(["180 INVITE"]);
  });

  it("§17.2.1 answers a repeated INVITE with the latest provisional response", () => {
    const { harness, flow, receive, respond } = called();
    receive("INVITE");
    expect(flow.take()).toEqual([]);
    harness.clock.advance(200);
    receive("INVITE");
    respond(180);
    receive("INVITE");
    expect(flow.takeSummary()).toEqual(["100 INVITE", "100 INVITE", "180 INVITE", "180 INVITE"]);
    expect(harness.transactions).toHaveLength(1);
  });

  it("§17.2.1 repeats the final response on Timer G until ACK", () => {
    const { harness, flow, transaction, receive, respond } = called();
    respond(486);
    const sentAfter: number[] = [];
    flow.take();
    for (let passed = 500; passed <= 12_000; passed += 500) {
      harness.clock.advance(500);
      if (flow.takeSummary().length > 0) sentAfter.push(passed);
    }
    expect(sentAfter).toEqual([500, 1_500, 3_500, 7_500, 11_500]);
    receive("INVITE");
    expect(flow.takeSummary()).toEqual(["486 INVITE"]);
    receive("ACK", "t1");
    expect(transaction.state).toBe("confirmed");
    expect(harness.clock.pendingTimers).toBe(1);
    harness.clock.advance(4_999);
    expect(harness.layer.size).toBe(1);
    harness.clock.advance(1);
    expect(flow.take()).toEqual([]);
    expect(harness.layer.size).toBe(0);
    expect(harness.takeHeard()).toEqual(["end acknowledged"]);
    expect(harness.acks).toEqual([]);
  });

  it("§17.2.1 absorbs repeated ACKs and INVITEs in Confirmed", () => {
    const { harness, flow, receive, respond } = called();
    respond(486);
    receive("ACK", "t1");
    flow.take();
    receive("ACK", "t1");
    receive("INVITE");
    expect(flow.take()).toEqual([]);
    expect(harness.acks).toEqual([]);
    expect(harness.transactions).toHaveLength(1);
  });

  it("§17.2.1 gives up on Timer H when no ACK comes", () => {
    const { harness, respond } = called();
    respond(404);
    harness.clock.advance(32_000);
    expect(harness.takeHeard()).toEqual(["end timeout"]);
    expect(harness.layer.size).toBe(0);
    expect(harness.clock.pendingTimers).toBe(0);
  });

  it("§17.2.1 sends the final response once on a reliable transport; ACK ends it", () => {
    const { harness, flow, receive, respond } = called("TCP");
    respond(404);
    harness.clock.advance(20_000);
    expect(flow.takeSummary()).toEqual(["404 INVITE"]);
    receive("ACK", "t1");
    expect(harness.layer.size).toBe(0);
    expect(harness.clock.pendingTimers).toBe(0);
  });

  it("§17.2.1 sends no second final response", () => {
    const { flow, receive, respond } = called();
    respond(486);
    respond(200);
    respond(404);
    receive("INVITE");
    expect(flow.takeSummary()).toEqual(["486 INVITE", "486 INVITE"]);
  });

  it("RFC 6026 §8.7 absorbs a repeated INVITE after 2xx, and leaves repeating 2xx to the user", () => {
    const { harness, flow, transaction, receive, respond } = called();
    respond(200);
    receive("INVITE");
    harness.clock.advance(10_000);
    respond(200);
    respond(200, "t2");
    expect(flow.takeSummary()).toEqual(["200 INVITE", "200 INVITE", "200 INVITE"]);
    expect(transaction.state).toBe("accepted");
    expect(harness.transactions).toHaveLength(1);
    harness.clock.advance(22_000);
    expect(harness.layer.size).toBe(0);
    expect(harness.takeHeard()).toEqual(["end terminated"]);
  });

  it("RFC 6026 §8.7 passes up an ACK to 2xx, be it with the INVITE's branch or its own", () => {
    const { harness, flow, receive, respond } = called();
    respond(200);
    receive("ACK", "t1");
    harness.receive(requestText("ACK", { branch: "z9hG4bKack", toTag: "t1" }), flow);
    expect(harness.acks).toHaveLength(2);
  });
});

describe("CANCEL of an INVITE being served", () => {
  it("§9.2 is answered 200 with the To tag of the INVITE's answer, and told once", () => {
    const { harness, flow, transaction, receive } = called();
    let cancels = 0;
    transaction.onCancel = () => {
      cancels++;
      transaction.respond(
        buildResponse(transaction.request, 487, undefined, { toTag: transaction.toTag }),
      );
    };
    receive("CANCEL");
    receive("CANCEL");
    const messages = flow.take();
    expect(messages.map(({ headers }) => headers.get("CSeq"))).toEqual([
      "1 CANCEL",
      "1 INVITE",
      "1 CANCEL",
    ]);
    expect(new Set(messages.map((message) => message.to.parameters.get("tag"))).size).toBe(1);
    expect(cancels).toBe(1);
    receive("ACK", transaction.toTag);
    harness.clock.advance(5_000);
    expect(harness.layer.size).toBe(0);
  });

  it("§9.2 is told once, however often it comes before the user has answered", () => {
    const { transaction, receive } = called();
    let cancels = 0;
    transaction.onCancel = () => void cancels++;
    receive("CANCEL");
    receive("CANCEL");
    expect(cancels).toBe(1);
  });

  it("§9.2 is answered with 487 for a user that has not come to it yet", () => {
    const { flow, transaction, receive, respond } = called();
    expect(transaction.cancelled).toBe(false);
    receive("CANCEL");
    expect(transaction.cancelled).toBe(true);
    respond(180);
    respond(200);
    expect(flow.takeSummary()).toEqual(["200 CANCEL", "487 INVITE"]);
  });

  it("§9.2 changes nothing after the final response", () => {
    const { flow, transaction, receive, respond } = called();
    transaction.onCancel = () => expect.unreachable();
    respond(200);
    receive("CANCEL");
    expect(flow.takeSummary()).toEqual(["200 INVITE", "200 CANCEL"]);
  });

  it("§9.2 is answered 481 when there is nothing to cancel, with the same tag each time", () => {
    const harness = new LayerHarness();
    const flow = harness.transport.peer("UDP", "192.0.2.1", 5060);
    harness.receive(requestText("CANCEL"), flow);
    harness.receive(requestText("CANCEL"), flow);
    const [first, second] = flow.take();
    expect(first?.kind === "response" && first.status).toBe(481);
    expect(first?.to.parameters.get("tag")).toBe(second?.to.parameters.get("tag"));
    expect(harness.layer.size).toBe(0);
    expect(harness.layer.counters.strayCancels).toBe(2);
  });
});
