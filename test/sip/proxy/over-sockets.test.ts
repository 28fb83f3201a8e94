import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createConnection } from "node:net";
import { afterEach, expect, it } from "vitest";
import { SystemClock } from "../../../sip/clock.ts";
import { parseMessage } from "../../../sip/message/parse-message.ts";
import { serializeMessage } from "../../../sip/message/serialize-message.ts";
import type { SipMessage, SipRequest } from "../../../sip/message/sip-message.ts";
import { StreamFramer } from "../../../sip/message/stream-framer.ts";
import { SipProxy } from "../../../sip/proxy/sip-proxy.ts";
import { TransactionLayer } from "../../../sip/transaction/transaction-layer.ts";
import type { Flow } from "../../../sip/transport/flow.ts";
import { TransportLayer } from "../../../sip/transport/transport-layer.ts";
import { answer, wire } from "../transaction/memory-transport.ts";

const ends: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** A proxy on real sockets; whoever sends it MESSAGE over TCP is where calls go. */
async function startGateway() {
  const clock = new SystemClock();
  let callee: Flow | undefined;
  const transport: TransportLayer = new TransportLayer({
    clock,
    listeners: [
      { transport: "UDP", address: "127.0.0.1", port: 0 },
      { transport: "TCP", address: "127.0.0.1", port: 0 },
    ],
    advertised: { host: "127.0.0.1" },
    handlers: {
      onRequest: (incoming) => layer.receiveRequest(incoming),
      onResponse: (response, flow) => layer.receiveResponse(response, flow),
      onFlowClosed: (flow) => layer.flowClosed(flow),
      onFault: (error) => {
        throw error;
      },
    },
  });
  const layer: TransactionLayer = new TransactionLayer({
    clock,
    transport,
    user: {
      onStatelessRequest: ({ request, flow }) => {
        if (request.method === "MESSAGE") callee = flow;
        return request.method === "MESSAGE";
      },
      onRequest: (transaction) => {
        if (transaction.request.to.parameters.has("tag")) proxy.relayInDialog(transaction);
        else if (callee !== undefined) {
          const target = { uri: "sip:bob@10.0.0.2;transport=tcp", flow: callee };
          proxy.forward(transaction, { targetGroups: [[target]] });
        }
      },
      onAck: (ack) => void proxy.relayAck(ack),
      onStrayResponse: () => {},
    },
  });
  const proxy = new SipProxy({
    clock,
    transactions: layer,
    transport,
    tokenSecret: Buffer.from("a secret that every node has"),
    onFault: (error) => {
      throw error;
    },
  });
  await transport.start();
  ends.push(async () => {
    layer.stop();
    await transport.stop();
  });
  return {
    layer,
    udpPort: transport.portOf("UDP") ?? 0,
    tcpPort: transport.portOf("TCP") ?? 0,
    calleeKnown: () => callee !== undefined,
  };
}

/** What a peer was sent, to be awaited message by message. */
class Inbox {
  readonly #messages: SipMessage[] = [];
  #wake: () => void = () => {};

  push(message: SipMessage): void {
    this.#messages.push(message);
    this.#wake();
  }

  /** The next `200` or `INVITE`; what comes before it is dropped. */
  async next(what: string): Promise<SipMessage> {
    for (;;) {
      const message = this.#messages.shift();
      if (message === undefined) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      } else if (what === (message.kind === "request" ? message.method : `${message.status}`)) {
        return message;
      }
    }
  }

  async request(method: string): Promise<SipRequest> {
    const message = await this.next(method);
    if (message.kind !== "request") throw new Error("not a request");
    return message;
  }
}

async function udpPhone(gatewayPort: number) {
  const socket = createSocket("udp4");
  const inbox = new Inbox();
  socket.on("message", (bytes) => inbox.push(parseMessage(bytes)));
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  ends.push(() => socket.close());
  return { inbox, send: (bytes: Buffer) => socket.send(bytes, gatewayPort, "127.0.0.1") };
}

async function tcpPhone(gatewayPort: number) {
  const socket = createConnection(gatewayPort, "127.0.0.1");
  const inbox = new Inbox();
  const framer = new StreamFramer();
  socket.on("data", (chunk) => {
    for (const event of framer.push(chunk)) if (event.kind === "message") inbox.push(event.message);
  });
  await once(socket, "connect");
  ends.push(() => socket.destroy());
  return { inbox, send: (bytes: Buffer) => socket.write(bytes) };
}

function request(method: string, cseq: number, more: readonly string[]): Buffer {
  return wire(
    [
      `${method} sip:bob@example.org SIP/2.0`,
      `Via: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bK${method}${cseq};rport`,
      "Max-Forwards: 70",
      `CSeq: ${cseq} ${method}`,
      "Call-ID: over-sockets",
      ...more,
      "Content-Length: 0",
    ].join("\r\n"),
  );
}

it("a phone behind NAT on UDP calls one on TCP: INVITE, 200, ACK, and BYE from the callee", async () => {
  const gateway = await startGateway();
  const caller = await udpPhone(gateway.udpPort);
  const callee = await tcpPhone(gateway.tcpPort);
  const from = "<sip:alice@example.org>;tag=caller";
  const to = "<sip:bob@example.org>";
  callee.send(request("MESSAGE", 1, [`From: ${to};tag=x`, `To: ${to}`]));
  await expect.poll(gateway.calleeKnown).toBe(true);

  caller.send(request("INVITE", 1, [`From: ${from}`, `To: ${to}`]));
  const invite = await callee.inbox.request("INVITE");
  expect(invite.topVia.transport).toBe("TCP");
  callee.send(serializeMessage(answer(invite, 180, { tag: "callee" })));
  await caller.inbox.next("180");
  callee.send(serializeMessage(answer(invite, 200, { tag: "callee" })));
  const success = await caller.inbox.next("200");

  const routes = success.headers.getAll("Record-Route").toReversed();
  expect(routes).toHaveLength(2);
  const routeLines = routes.map((route) => `Route: ${route}`);
  caller.send(request("ACK", 1, [`From: ${from}`, `To: ${to};tag=callee`, ...routeLines]));
  expect((await callee.inbox.request("ACK")).headers.has("Route")).toBe(false);

  const back = invite.headers.getAll("Record-Route").map((route) => `Route: ${route}`);
  callee.send(request("BYE", 1, [`From: ${to};tag=callee`, `To: ${from}`, ...back]));
  const bye = await caller.inbox.request("BYE");
  expect(bye.headers.has("Route")).toBe(false);
  caller.send(serializeMessage(answer(bye, 200)));
  await callee.inbox.next("200");
});
