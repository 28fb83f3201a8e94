import { once } from "node:events";
import { createServer } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { buildResponse } from "../../../sip/message/build-response.ts";
import { newBranch } from "../../../sip/message/identifiers.ts";
import { SipRequest } from "../../../sip/message/sip-message.ts";
import type { Flow } from "../../../sip/transport/flow.ts";
import { requestText, TcpPeer, TransportFixture } from "./transport-fixture.ts";

const tcpVia = "SIP/2.0/TCP 192.0.2.9:5060;branch=z9hG4bKa";

describe("SIP over TCP", () => {
  let fixture: TransportFixture;

  beforeEach(async () => {
    fixture = new TransportFixture();
    await fixture.layer.start();
  });
  afterEach(() => fixture.stop());

  const answerAll = () => {
    fixture.onRequest = ({ request, flow }) =>
      fixture.layer.sendResponse(buildResponse(request, 200), flow);
  };

  it("§18.2.2 answers on the connection the request came by", async () => {
    answerAll();
    const peer = await fixture.tcpPeer();
    peer.send(requestText({ via: tcpVia }));
    expect(await peer.untilText(/\r\n\r\n/)).toContain(`Via: ${tcpVia};received=127.0.0.1\r\n`);
    expect(fixture.requests[0]?.flow).toMatchObject({ transport: "TCP", remotePort: peer.port });
  });

  it("takes several messages from one read, and one message from several", async () => {
    answerAll();
    const peer = await fixture.tcpPeer();
    const text = requestText({ via: tcpVia, body: "v=0" });
    peer.send(text + text + text.slice(0, 100));
    await fixture.until(() => fixture.requests.length === 2);
    peer.send(text.slice(100));
    await fixture.until(() => fixture.requests.length === 3);
    expect(fixture.requests.map(({ request }) => request.body.toString())).toEqual([
      "v=0",
      "v=0",
      "v=0",
    ]);
  });

  it("RFC 5626 §4.4.1 answers a double CRLF with a single one, also when it comes in pieces", async () => {
    const peer = await fixture.tcpPeer();
    peer.send("\r\n\r\n");
    expect(await peer.untilText(/\r\n/)).toBe("\r\n");
    peer.socket.setNoDelay(true);
    for (const piece of ["\r", "\n\r", "\n"]) {
      peer.send(piece);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(await peer.untilText(/\r\n\r\n/)).toBe("\r\n\r\n");
    peer.send(`\r\n\r\n${requestText({ via: tcpVia })}`);
    await fixture.nextRequest();
    expect(fixture.layer.counters.received.pings).toBe(3);
  });

  it("§18.2.2 opens a connection to the sent-by port when the request's is gone", async () => {
    const phone = createServer();
    phone.listen(0, "127.0.0.1");
    await once(phone, "listening");
    fixture.onEnd(() => phone.close());
    const { port } = phone.address() as { port: number };
    const peer = await fixture.tcpPeer();
    peer.send(requestText({ via: `SIP/2.0/TCP phone.local:${port};branch=z9hG4bKa` }));
    const { request, flow } = await fixture.nextRequest();
    peer.socket.destroy();
    await fixture.until(() => fixture.closedFlows.includes(flow));
    const connected = once(phone, "connection");
    fixture.layer.sendResponse(buildResponse(request, 200), flow);
    const [socket] = await connected;
    const answer = await new TcpPeer(socket).untilText(/\r\n\r\n/);
    expect(answer).toMatch(/^SIP\/2\.0 200 OK/);
    socket.destroy();
  });

  it("counts a response as undeliverable when nobody takes it any more", async () => {
    const peer = await fixture.tcpPeer();
    peer.send(requestText({ via: "SIP/2.0/TCP phone.local:1;branch=z9hG4bKa" }));
    const { request, flow } = await fixture.nextRequest();
    peer.socket.destroy();
    await fixture.until(() => !flow.open);
    fixture.layer.sendResponse(buildResponse(request, 200), flow);
    await fixture.until(() => fixture.layer.counters.dropped["undeliverable-response"] === 1);
  });

  it("facts: a source port that comes again is another flow, and the former's id leads nowhere", async () => {
    const first = await fixture.tcpPeer();
    first.send(requestText({ via: tcpVia }));
    const { flow } = await fixture.nextRequest();
    const { id } = flow;
    expect(fixture.layer.flowById(id)).toBe(flow);
    first.socket.destroy();
    await fixture.until(() => fixture.closedFlows.includes(flow));
    expect(fixture.layer.flowById(id)).toBeUndefined();
    const second = await fixture.tcpPeer();
    second.send(requestText({ via: tcpVia }));
    expect((await fixture.nextRequest()).flow.id).not.toBe(id);
    expect(() =>
      fixture.layer.sendRequest(new SipRequest("OPTIONS", "sip:a@b"), flow),
    ).toThrowError(expect.objectContaining({ code: "FLOW_CLOSED" }));
  });

  it("reuses a connection only for the very address and port at its other end", async () => {
    const phone = createServer();
    phone.listen(0, "127.0.0.1");
    await once(phone, "listening");
    const sockets: { destroy(): void }[] = [];
    phone.on("connection", (socket) => sockets.push(socket));
    fixture.onEnd(() => {
      for (const socket of sockets) socket.destroy();
      phone.close();
    });
    const { port } = phone.address() as { port: number };
    const target = { transport: "TCP", address: "127.0.0.1", port } as const;
    const peer = await fixture.tcpPeer();
    // RFC 5923: an alias would claim everything that is sent to the phone's address and port.
    peer.send(requestText({ via: `SIP/2.0/TCP 127.0.0.1:${port};branch=z9hG4bKa;alias` }));
    const accepted = (await fixture.nextRequest()).flow;
    const [one, two] = await Promise.all([
      fixture.layer.flowTo(target),
      fixture.layer.flowTo(target),
    ]);
    expect(one).toBe(two);
    expect(one).not.toBe(accepted);
    expect(await fixture.layer.flowTo(target)).toBe(one);
    expect(
      await fixture.layer.flowTo({ transport: "TCP", address: "127.0.0.1", port: peer.port }),
    ).toBe(accepted);
    expect(fixture.layer.counters.connections).toMatchObject({ accepted: 1, opened: 1, open: 2 });
  });

  it("sends a request on a connection with TCP in its Via and no rport", async () => {
    const peer = await fixture.tcpPeer();
    peer.send(requestText({ via: tcpVia }));
    const { flow } = await fixture.nextRequest();
    const request = new SipRequest("OPTIONS", "sip:phone@127.0.0.1");
    request.headers.append("Via", fixture.layer.viaFor(flow, newBranch()));
    fixture.layer.sendRequest(request, flow);
    expect(await peer.untilText(/\r\n\r\n/)).toMatch(
      new RegExp(`Via: SIP/2.0/TCP 127.0.0.1:${fixture.tcpPort};branch=z9hG4bK[0-9a-f]+\r\n`),
    );
  });

  it("says so when a connection is refused", async () => {
    const target = { transport: "TCP", address: "127.0.0.1", port: 1 } as const;
    await expect(fixture.layer.flowTo(target)).rejects.toMatchObject({ code: "CONNECT_FAILED" });
    await fixture.until(() => fixture.layer.counters.connections.open === 0);
  });

  it("§18.3 answers a missing Content-Length, then closes", async () => {
    const peer = await fixture.tcpPeer();
    peer.send(requestText({ via: tcpVia }).replace(/Content-Length.*\r\n/, ""));
    await peer.untilClosed();
    expect(peer.text).toMatch(/^SIP\/2\.0 400 Bad Request \(Content-Length/);
  });

  it.each(["2147483648", "99999999999999999999", "-1", "0x10"])(
    "refuses a Content-Length of %s with an answer and takes no memory for it",
    async (length) => {
      const peer = await fixture.tcpPeer();
      const before = process.memoryUsage().arrayBuffers;
      peer.send(requestText({ via: tcpVia, length }));
      await peer.untilClosed();
      expect(peer.text).toMatch(/^SIP\/2\.0 (400|513) .*\(Content-Length/);
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20_000_000);
      expect(fixture.layer.counters.connections.closed.unframeable).toBe(1);
    },
  );

  it("goes on after a message that is malformed within its bounds", async () => {
    answerAll();
    const peer = await fixture.tcpPeer();
    peer.send(requestText({ via: tcpVia, extra: "This line is no header" }));
    await peer.untilText(/^SIP\/2\.0 400 .*\r\n\r\n/s);
    peer.send(requestText({ via: tcpVia }));
    await peer.untilText(/SIP\/2\.0 200 OK/);
  });

  it("stops with everything closed", async () => {
    const peer = await fixture.tcpPeer();
    peer.send(requestText({ via: tcpVia }));
    await fixture.nextRequest();
    await fixture.layer.stop();
    await peer.untilClosed();
    expect(fixture.layer.counters.connections.open).toBe(0);
    await expect(fixture.tcpPeer()).rejects.toThrow();
    await expect(
      fixture.layer.flowTo({ transport: "TCP", address: "127.0.0.1", port: 5 }),
    ).rejects.toMatchObject({ code: "STOPPED" });
  });

  it("shows an observer what goes in and out", async () => {
    const seen: string[] = [];
    const watched = new TransportFixture({
      observer: {
        onMessage: (direction: string, bytes: () => Buffer, flow: Flow) =>
          seen.push(`${direction} ${flow.transport} ${bytes().toString().split("\r\n")[0]}`),
      },
    });
    await watched.layer.start();
    watched.onRequest = ({ request, flow }) =>
      watched.layer.sendResponse(buildResponse(request, 200), flow);
    const peer = await watched.tcpPeer();
    peer.send(requestText({ via: tcpVia }));
    await peer.untilText(/200 OK/);
    await watched.stop();
    expect(seen).toEqual([
      "received TCP OPTIONS sip:gateway.example SIP/2.0",
      "sent TCP SIP/2.0 200 OK",
    ]);
  });
});
