import { describe, expect, it } from "vitest";
import { LayerHarness, ownRequestText } from "./layer-harness.ts";
import { answer } from "./memory-transport.ts";

function asking(transport: "UDP" | "TCP" = "UDP") {
  const harness = new LayerHarness();
  const flow = harness.transport.peer(transport, "192.0.2.9", 5060);
  const client = harness.send(ownRequestText("NOTIFY"), flow);
  const request = flow.takeRequest("NOTIFY");
  const respond = (status: number) =>
    harness.layer.receiveResponse(answer(request, status, { tag: "b1" }), flow);
  const sentAfter = (totalMilliseconds: number) => {
    const times: number[] = [];
    for (let passed = 500; passed <= totalMilliseconds; passed += 500) {
      harness.clock.advance(500);
      if (flow.takeSummary().length > 0) times.push(passed);
    }
    return times;
  };
  return { harness, flow, client, respond, sentAfter };
}

describe("non-INVITE client transaction", () => {
  it("§17.1.2.2 doubles Timer E up to T2 and gives up on Timer F", () => {
    const { harness, sentAfter } = asking();
    expect(sentAfter(32_000)).toEqual([
      500, 1_500, 3_500, 7_500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500,
    ]);
    expect(harness.takeHeard()).toEqual(["timeout"]);
    expect(harness.layer.size).toBe(0);
    expect(harness.clock.pendingTimers).toBe(0);
  });

  it("§17.1.2.2 goes on at T2 after a provisional response", () => {
    const { harness, client, respond, sentAfter } = asking();
    respond(100);
    expect(client.state).toBe("proceeding");
    expect(sentAfter(9_000)).toEqual([500, 4_500, 8_500]);
    harness.clock.advance(23_000);
    expect(harness.takeHeard()).toEqual(["response 100", "timeout"]);
    expect(harness.layer.size).toBe(0);
  });

  it("§17.1.2.2 absorbs repeated responses until Timer K", () => {
    const { harness, flow, client, respond } = asking();
    respond(200);
    respond(200);
    expect(harness.takeHeard()).toEqual(["response 200"]);
    expect(client.state).toBe("completed");
    expect(harness.clock.pendingTimers).toBe(1);
    harness.clock.advance(4_999);
    expect(harness.layer.size).toBe(1);
    harness.clock.advance(1);
    expect(harness.layer.size).toBe(0);
    expect(flow.take()).toEqual([]);
    expect(harness.strays).toEqual([]);
  });

  it("§17.1.2.2 ends at the final response on a reliable transport", () => {
    const { harness, flow, respond } = asking("TCP");
    harness.clock.advance(10_000);
    expect(flow.take()).toEqual([]);
    respond(202);
    expect(harness.layer.size).toBe(0);
    expect(harness.clock.pendingTimers).toBe(0);
  });

  it("§17.1.4 fails when its connection ends", () => {
    const { harness, flow } = asking("TCP");
    harness.layer.flowClosed(flow);
    harness.clock.advance(0);
    expect(harness.takeHeard()).toEqual(["transport error"]);
    expect(harness.layer.size).toBe(0);
  });

  it("§9.1 has no CANCEL", () => {
    const { flow, client, respond } = asking();
    client.cancel();
    respond(100);
    expect(flow.take()).toEqual([]);
  });
});
