import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { buildResponse } from "../../../sip/message/build-response.ts";
import { requestText, TransportFixture } from "./transport-fixture.ts";

/** A request with some of its bytes changed, cut out or repeated. */
const damagedRequest = fc
  .record({
    text: fc.constantFrom(
      requestText(),
      requestText({ method: "INVITE", body: "v=0\r\n" }),
      requestText({ via: "SIP/2.0/TCP a:1;branch=z9hG4bK1, SIP/2.0/UDP b;rport" }),
    ),
    at: fc.nat(400),
    remove: fc.nat(30),
    insert: fc.oneof(
      fc.uint8Array({ maxLength: 12 }),
      fc
        .constantFrom("\r\n", "\r\n\r\n", '"', "<", ";", ":", "\0", ",")
        .map((text) => Buffer.from(text)),
    ),
  })
  .map(({ text, at, remove, insert }) => {
    const bytes = Buffer.from(text);
    return Buffer.concat([bytes.subarray(0, at), insert, bytes.subarray(at + remove)]);
  });
const anyBytes = fc.uint8Array({ minLength: 1, maxLength: 600 }).map((bytes) => Buffer.from(bytes));
const hostile = fc.oneof(
  { weight: 3, arbitrary: damagedRequest },
  { weight: 1, arbitrary: anyBytes },
);

describe("bytes of any kind", () => {
  let fixture: TransportFixture;

  beforeEach(async () => {
    fixture = new TransportFixture();
    await fixture.layer.start();
    fixture.onRequest = ({ request, flow }) => {
      void [request.topVia, request.from, request.to, request.cseq, request.contacts];
      fixture.layer.sendResponse(buildResponse(request, 200, undefined, { toTag: "t" }), flow);
    };
  });
  afterEach(() => fixture.stop());

  it("on UDP set off an answer or nothing, never a fault", async () => {
    const peer = await fixture.udpPeer();
    for (const batch of fc.sample(fc.array(hostile, { minLength: 20, maxLength: 20 }), 40)) {
      for (const bytes of batch) peer.send(bytes);
      const before = fixture.requests.length;
      peer.send(requestText());
      await fixture.until(() => fixture.requests.length > before);
    }
    expect(fixture.faults).toEqual([]);
    expect(peer.received.every((text) => text.startsWith("SIP/2.0 "))).toBe(true);
  });

  it("on TCP set off answers or the end of the connection, never a fault", async () => {
    for (const chunks of fc.sample(fc.array(hostile, { minLength: 1, maxLength: 8 }), 60)) {
      const peer = await fixture.tcpPeer();
      for (const chunk of chunks) peer.send(chunk);
      peer.socket.end();
      await peer.untilClosed();
    }
    await fixture.until(() => fixture.layer.counters.connections.open === 0);
    expect(fixture.faults).toEqual([]);
  });
});
