import { once } from "node:events";
import { createServer } from "node:net";
import { connect, type TLSSocket } from "node:tls";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { buildResponse } from "../../../sip/message/build-response.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { testCertificate } from "./test-certificate.ts";
import { requestText, TcpPeer, TransportFixture } from "./transport-fixture.ts";

const via = "SIP/2.0/TLS 192.0.2.9:5061;branch=z9hG4bKa";

describe("SIP over TLS", () => {
  const clock = new FakeClock();
  let fixture: TransportFixture;

  beforeEach(async () => {
    fixture = new TransportFixture({
      clock,
      limits: { connectMilliseconds: 5_000 },
      listeners: [
        {
          transport: "TLS",
          address: "127.0.0.1",
          port: 0,
          tls: { ...testCertificate, authorities: testCertificate.certificate },
        },
      ],
    });
    await fixture.layer.start();
  });
  afterEach(() => fixture.stop());

  const tlsPort = () => fixture.layer.portOf("TLS") ?? 0;
  const tlsPeer = async (): Promise<TcpPeer> => {
    const socket: TLSSocket = connect({
      port: tlsPort(),
      host: "127.0.0.1",
      ca: testCertificate.certificate,
    });
    await once(socket, "secureConnect");
    fixture.onEnd(() => socket.destroy());
    return new TcpPeer(socket);
  };

  it("speaks SIP once the handshake is done, on a flow of its own kind", async () => {
    fixture.onRequest = ({ request, flow }) =>
      fixture.layer.sendResponse(buildResponse(request, 200), flow);
    const peer = await tlsPeer();
    peer.send(requestText({ via }));
    expect(await peer.untilText(/\r\n\r\n/)).toContain(`Via: ${via};received=127.0.0.1\r\n`);
    expect(fixture.requests[0]?.flow).toMatchObject({ transport: "TLS", reliable: true });
  });

  it("ends a handshake that does not come to an end, and counts it", async () => {
    const peer = await fixture.tcpPeer(tlsPort());
    await fixture.until(() => fixture.layer.counters.connections.open === 1);
    clock.advance(7_000);
    await peer.untilClosed();
    await fixture.until(() => fixture.layer.counters.connections.open === 0);
    expect(fixture.layer.counters.connections.closed.handshake).toBe(1);
  });

  it("survives plain text on the TLS port", async () => {
    const peer = await fixture.tcpPeer(tlsPort());
    peer.send(requestText({ via }));
    await peer.untilClosed();
    await fixture.until(() => fixture.layer.counters.connections.open === 0);
    expect(fixture.requests).toEqual([]);
  });

  it("connects to a server whose certificate it trusts", async () => {
    const target = { transport: "TLS", address: "127.0.0.1", port: tlsPort() } as const;
    const flow = await fixture.layer.flowTo(target);
    flow.send(Buffer.from(requestText({ via })));
    expect((await fixture.nextRequest()).request.method).toBe("OPTIONS");
  });

  it("gives up on a server that never finishes the handshake", async () => {
    const mute = createServer();
    const accepted = once(mute, "connection");
    mute.listen(0, "127.0.0.1");
    await once(mute, "listening");
    const { port } = mute.address() as { port: number };
    const attempt = fixture.layer.flowTo({ transport: "TLS", address: "127.0.0.1", port });
    const [socket] = await accepted;
    clock.advance(5_000);
    await expect(attempt).rejects.toMatchObject({ code: "CONNECT_TIMEOUT" });
    await fixture.until(() => fixture.layer.counters.connections.open === 0);
    socket.destroy();
    mute.close();
  });

  it("ends its own attempts when it stops", async () => {
    const mute = createServer();
    const accepted = once(mute, "connection");
    mute.listen(0, "127.0.0.1");
    await once(mute, "listening");
    const { port } = mute.address() as { port: number };
    const attempt = fixture.layer.flowTo({ transport: "TLS", address: "127.0.0.1", port });
    const refused = expect(attempt).rejects.toMatchObject({ code: "STOPPED" });
    const [socket] = await accepted;
    await fixture.layer.stop();
    await refused;
    socket.destroy();
    mute.close();
  });

  it("stops while handshakes and connections are open", async () => {
    const [half, whole] = [await fixture.tcpPeer(tlsPort()), await tlsPeer()];
    await fixture.until(() => fixture.layer.counters.connections.open === 2);
    await fixture.layer.stop();
    await Promise.all([half.untilClosed(), whole.untilClosed()]);
  });
});

describe("SIP over IPv6", () => {
  it("writes brackets where they belong and none in received", async () => {
    const fixture = new TransportFixture({
      listeners: [
        { transport: "UDP", address: "::1", port: 0 },
        { transport: "TCP", address: "::1", port: 0 },
      ],
    });
    await fixture.layer.start();
    const target = { transport: "TCP", address: "[::1]", port: fixture.tcpPort } as const;
    const flow = await fixture.layer.flowTo(target);
    flow.send(Buffer.from(requestText({ via: "SIP/2.0/TCP [2001:db8::9]:5060;branch=z9hG4bKa" })));
    const { request } = await fixture.nextRequest();
    expect(request.headers.get("Via")).toBe(
      "SIP/2.0/TCP [2001:db8::9]:5060;branch=z9hG4bKa;received=::1",
    );
    const udp = await fixture.layer.flowTo({ ...target, transport: "UDP", port: fixture.udpPort });
    expect(udp.id).toBe(`udp:[::1]:${fixture.udpPort}>[::1]:${fixture.udpPort}`);
    expect(fixture.layer.flowById(udp.id)?.remoteAddress).toBe("::1");
    udp.send(Buffer.from(requestText()));
    expect((await fixture.nextRequest()).flow.id).toBe(udp.id);
    await fixture.stop();
  });
});
