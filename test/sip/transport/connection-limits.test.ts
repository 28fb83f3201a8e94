import { once } from "node:events";
import { connect } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import type { TransportLimits } from "../../../sip/transport/transport-limits.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { requestText, TransportFixture } from "./transport-fixture.ts";

const via = "SIP/2.0/TCP 192.0.2.9:5060;branch=z9hG4bKa";

describe("limits of connections", () => {
  const clock = new FakeClock();
  let fixture: TransportFixture;

  const start = async (limits: Partial<TransportLimits> = {}) => {
    fixture = new TransportFixture({ clock, limits });
    await fixture.layer.start();
    return fixture;
  };
  afterEach(() => fixture.stop());
  const closed = () => fixture.layer.counters.connections.closed;

  it("refuses more connections than allowed from one address", async () => {
    await start({ connectionsPerAddress: 2 });
    const peers = [await fixture.tcpPeer(), await fixture.tcpPeer(), await fixture.tcpPeer()];
    await peers[2]?.untilClosed();
    expect(closed()["too-many-from-address"]).toBe(1);
    peers[0]?.socket.destroy();
    await fixture.until(() => fixture.layer.counters.connections.open === 1);
    const next = await fixture.tcpPeer();
    next.send(requestText({ via }));
    await fixture.nextRequest();
  });

  it("refuses more connections than allowed in all", async () => {
    await start({ connections: 1 });
    await fixture.tcpPeer();
    await (await fixture.tcpPeer()).untilClosed();
    expect(closed()["too-many-connections"]).toBe(1);
  });

  it("closes a connection that says nothing", async () => {
    await start({ firstMessageMilliseconds: 60_000 });
    const peer = await fixture.tcpPeer();
    await fixture.until(() => fixture.layer.counters.connections.open === 1);
    clock.advance(59_000);
    expect(fixture.layer.counters.connections.open).toBe(1);
    clock.advance(3_000);
    await peer.untilClosed();
    expect(closed()["no-first-message"]).toBe(1);
  });

  it("keeps a connection that pings, and closes one that fell silent", async () => {
    await start({ idleMilliseconds: 100_000 });
    const [pinging, silent] = [await fixture.tcpPeer(), await fixture.tcpPeer()];
    for (const peer of [pinging, silent]) peer.send(requestText({ via }));
    await fixture.until(() => fixture.requests.length === 2);
    clock.advance(60_000);
    pinging.send("\r\n\r\n");
    await pinging.untilText(/\r\n/);
    clock.advance(60_000);
    await silent.untilClosed();
    expect(closed().idle).toBe(1);
    expect(pinging.closed).toBe(false);
  });

  it("gives a half-sent message a deadline, however it trickles in", async () => {
    await start({ partialMessageMilliseconds: 15_000 });
    const peer = await fixture.tcpPeer();
    const text = requestText({ via });
    for (let sent = 0; sent < 8; sent++) {
      peer.send(text.slice(sent * 5, sent * 5 + 5));
      await new Promise((resolve) => setTimeout(resolve, 5));
      clock.advance(2_500);
    }
    await peer.untilClosed();
    expect(closed()["partial-message"]).toBe(1);
    expect(fixture.requests).toEqual([]);
  });

  it("also waits for a body no longer than that", async () => {
    await start({ partialMessageMilliseconds: 15_000 });
    const peer = await fixture.tcpPeer();
    peer.send(requestText({ via, length: "100" }));
    await new Promise((resolve) => setTimeout(resolve, 20));
    clock.advance(17_000);
    await peer.untilClosed();
    expect(closed()["partial-message"]).toBe(1);
  });

  it("closes a connection whose peer never reads before much is queued for it", async () => {
    await start({ sendQueueBytes: 100_000 });
    const peer = await fixture.tcpPeer();
    peer.socket.pause();
    peer.send(requestText({ via }));
    const { flow } = await fixture.nextRequest();
    const chunk = Buffer.alloc(50_000, 65);
    for (let sent = 0; flow.open && sent < 1000; sent++) {
      flow.send(chunk);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(flow.open).toBe(false);
    expect(closed()["send-queue-full"]).toBe(1);
  });

  it("closes a connection whose peer leaves what is queued unread for too long", async () => {
    await start({ sendQueueBytes: 100_000_000, stalledSendMilliseconds: 30_000 });
    const peer = await fixture.tcpPeer();
    peer.socket.pause();
    peer.send(requestText({ via }));
    const { flow } = await fixture.nextRequest();
    flow.send(Buffer.alloc(20_000_000, 65));
    await new Promise((resolve) => setTimeout(resolve, 20));
    clock.advance(33_000);
    await fixture.until(() => fixture.closedFlows.includes(flow));
    expect(closed()["peer-not-reading"]).toBe(1);
  });

  it("refuses a head that never ends", async () => {
    await start({ headerBytes: 8_192 });
    const peer = await fixture.tcpPeer();
    peer.send(`OPTIONS sip:a@b SIP/2.0\r\nX: ${"x".repeat(20_000)}`);
    await fixture.until(() => closed().unframeable === 1);
    clock.advance(4_000);
    await peer.untilClosed();
  });

  it("drops an oversized datagram", async () => {
    await start({ datagramBytes: 2_000 });
    const peer = await fixture.udpPeer();
    peer.send(requestText({ body: "x".repeat(3_000) }));
    peer.send(requestText());
    await fixture.nextRequest();
    expect(fixture.layer.counters.dropped.oversized).toBe(1);
  });

  it("holds a thousand idle connections in little memory and with one timer", async () => {
    await start();
    const sockets = Array.from({ length: 1000 }, () => connect(fixture.tcpPort, "127.0.0.1"));
    await Promise.all(sockets.map((socket) => once(socket, "connect")));
    await fixture.until(() => fixture.layer.counters.connections.open === 1000);
    expect(clock.pendingTimers).toBe(1);
    for (const socket of sockets) socket.destroy();
    await fixture.until(() => fixture.layer.counters.connections.open === 0);
  });
});
