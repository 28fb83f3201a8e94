import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { buildResponse } from "../../../sip/message/build-response.ts";
import { newBranch } from "../../../sip/message/identifiers.ts";
import { SipRequest } from "../../../sip/message/sip-message.ts";
import { requestText, TransportFixture } from "./transport-fixture.ts";

describe("SIP over UDP", () => {
  let fixture: TransportFixture;

  beforeEach(async () => {
    fixture = new TransportFixture();
    await fixture.layer.start();
  });
  afterEach(() => fixture.stop());

  it("RFC 3581 §4 fills rport and adds received, and answers the source address and port", async () => {
    fixture.onRequest = ({ request, flow }) =>
      fixture.layer.sendResponse(buildResponse(request, 200), flow);
    const peer = await fixture.udpPeer();
    peer.send(requestText());
    const answer = await peer.next();
    expect(answer).toContain(
      `Via: SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bKa;rport=${peer.port};received=127.0.0.1`,
    );
    expect(answer).toMatch(/^SIP\/2\.0 200 OK\r\n/);
  });

  it("§18.2.2 answers the port of sent-by where rport was not asked for", async () => {
    fixture.onRequest = ({ request, flow }) =>
      fixture.layer.sendResponse(buildResponse(request, 200), flow);
    const source = await fixture.udpPeer();
    const listener = await fixture.udpPeer();
    source.send(requestText({ via: `SIP/2.0/UDP 192.0.2.9:${listener.port};branch=z9hG4bKa` }));
    expect(await listener.next()).toContain(
      `Via: SIP/2.0/UDP 192.0.2.9:${listener.port};branch=z9hG4bKa;received=127.0.0.1`,
    );
    expect(source.received).toEqual([]);
  });

  it("does not follow maddr: the answer goes to the source address", async () => {
    fixture.onRequest = ({ request, flow }) =>
      fixture.layer.sendResponse(buildResponse(request, 200), flow);
    const peer = await fixture.udpPeer();
    const via = `SIP/2.0/UDP 127.0.0.1:${peer.port};branch=z9hG4bKa;maddr=127.0.0.2`;
    peer.send(requestText({ via }));
    expect(await peer.next()).toMatch(/^SIP\/2\.0 200/);
  });

  it("names a UDP flow so that it can be made again", async () => {
    const peer = await fixture.udpPeer();
    peer.send(requestText());
    const { flow } = await fixture.nextRequest();
    expect(flow.id).toBe(`udp:127.0.0.1:${fixture.udpPort}>127.0.0.1:${peer.port}`);
    fixture.layer.flowById(flow.id)?.send(Buffer.from("hello again from the gateway"));
    expect(await peer.next()).toBe("hello again from the gateway");
    expect(fixture.layer.flowById(`udp:127.0.0.1:1>127.0.0.1:${peer.port}`)).toBeUndefined();
    expect(fixture.layer.flowById("udp:nonsense")).toBeUndefined();
  });

  it("§18.1.1 sends a request with its sent-by and rport, from the listening socket", async () => {
    const peer = await fixture.udpPeer();
    const flow = await fixture.layer.flowTo({
      transport: "UDP",
      address: "127.0.0.1",
      port: peer.port,
    });
    const request = new SipRequest("OPTIONS", "sip:phone@127.0.0.1");
    request.headers.append("Via", fixture.layer.viaFor(flow, newBranch()));
    fixture.layer.sendRequest(request, flow);
    expect(await peer.next()).toMatch(
      new RegExp(`Via: SIP/2.0/UDP 127.0.0.1:${fixture.udpPort};branch=z9hG4bK[0-9a-f]+;rport\r\n`),
    );
  });

  it("§18.1.2 passes a response up when its Via is ours, and drops anybody else's", async () => {
    const peer = await fixture.udpPeer();
    const response = (sentBy: string) =>
      `SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP ${sentBy};branch=z9hG4bKb\r\n` +
      "From: <sip:g@example.com>;tag=1\r\nTo: <sip:p@example.com>;tag=2\r\n" +
      "Call-ID: x\r\nCSeq: 1 NOTIFY\r\nContent-Length: 0\r\n\r\n";
    peer.send(response("192.0.2.55:5060"));
    peer.send(response(`127.0.0.1:${fixture.udpPort}`));
    await fixture.until(() => fixture.responses.length === 1);
    expect(fixture.layer.counters.dropped["foreign-response"]).toBe(1);
    expect(fixture.layer.counters.received.responses).toBe(2);
  });

  it("drops keep-alives, STUN and anything too short, and counts them", async () => {
    const peer = await fixture.udpPeer();
    for (const bytes of [
      "\r\n\r\n",
      "\0\0\0\0",
      "hello",
      "\r\n".repeat(40),
      `\x00\x01${"x".repeat(30)}`,
    ]) {
      peer.send(bytes);
    }
    peer.send(requestText());
    await fixture.nextRequest();
    expect(fixture.layer.counters.dropped["keep-alive"]).toBe(5);
    expect(fixture.layer.counters.parseErrors).toBe(0);
  });

  it("answers 400 with the reason to a request that cannot be represented", async () => {
    const peer = await fixture.udpPeer();
    peer.send(requestText({ extra: "This line is no header" }));
    expect(await peer.next()).toMatch(/^SIP\/2\.0 400 Bad Request \(.+\)\r\n/);
    expect(fixture.requests).toEqual([]);
  });

  it("§17 never answers an ACK, whatever is wrong with it", async () => {
    const peer = await fixture.udpPeer();
    peer.send(requestText({ method: "ACK", extra: "This line is no header" }));
    peer.send(requestText());
    await fixture.nextRequest();
    expect(peer.received).toEqual([]);
    expect(fixture.layer.counters.dropped["unparsable-request"]).toBe(1);
  });

  it("drops a request without Via and a response that does not parse", async () => {
    const peer = await fixture.udpPeer();
    peer.send(requestText().replace(/Via:.*\r\n/, ""));
    peer.send("SIP/2.0 200 OK\r\nVia: nonsense\r\n\r\n");
    peer.send(requestText());
    await fixture.nextRequest();
    expect(peer.received).toEqual([]);
    expect(fixture.layer.counters.dropped["no-via"]).toBe(1);
    expect(fixture.layer.counters.dropped["unparsable-response"]).toBe(1);
  });

  it("answers 400 where a handler meets a malformed header, 500 where it fails by itself", async () => {
    const peer = await fixture.udpPeer();
    fixture.onRequest = ({ request }) => void request.cseq;
    peer.send(requestText().replace("CSeq: 1", "CSeq: one"));
    expect(await peer.next()).toMatch(/^SIP\/2\.0 400 Bad Request \(CSeq/);
    fixture.onRequest = () => {
      throw new Error("a fault");
    };
    peer.send(requestText());
    expect(await peer.next()).toMatch(/^SIP\/2\.0 500 /);
    expect(fixture.faults).toHaveLength(1);
  });

  it("counts a datagram that is too large to be sent", async () => {
    const peer = await fixture.udpPeer();
    const target = { transport: "UDP", address: "127.0.0.1", port: peer.port } as const;
    (await fixture.layer.flowTo(target)).send(Buffer.alloc(70_000));
    expect(fixture.layer.counters.dropped["send-failed"]).toBe(1);
  });

  it("refuses a target without a listener of its kind", async () => {
    const target = { transport: "UDP", address: "2001:db8::1", port: 5060 } as const;
    await expect(fixture.layer.flowTo(target)).rejects.toMatchObject({ code: "NO_LISTENER" });
    await expect(
      fixture.layer.flowTo({ transport: "TLS", address: "127.0.0.1", port: 5061 }),
    ).rejects.toMatchObject({ code: "NO_LISTENER" });
  });

  it("opens nothing when one listener cannot be opened", async () => {
    const taken = new TransportFixture({
      listeners: [
        { transport: "TCP", address: "127.0.0.1", port: 0 },
        { transport: "UDP", address: "127.0.0.1", port: fixture.udpPort },
      ],
    });
    await expect(taken.layer.start()).rejects.toMatchObject({ code: "EADDRINUSE" });
    await expect(taken.tcpPeer()).rejects.toThrow();
  });
});
