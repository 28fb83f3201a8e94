import { createSocket, type Socket as DatagramSocket } from "node:dgram";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { type Clock, SystemClock } from "../../../sip/clock.ts";
import type { SipResponse } from "../../../sip/message/sip-message.ts";
import type { Flow } from "../../../sip/transport/flow.ts";
import {
  type IncomingRequest,
  type ListenerOptions,
  TransportLayer,
  type TransportLayerOptions,
} from "../../../sip/transport/transport-layer.ts";

/** A transport layer on free ports of 127.0.0.1 that remembers what it received. */
export class TransportFixture {
  readonly requests: IncomingRequest[] = [];
  readonly responses: { response: SipResponse; flow: Flow }[] = [];
  readonly closedFlows: Flow[] = [];
  readonly faults: unknown[] = [];
  readonly layer: TransportLayer;
  onRequest: (incoming: IncomingRequest) => void = () => {};
  readonly #closers: (() => unknown)[] = [];
  readonly #waiting = new Set<() => void>();

  constructor(
    options: Partial<Pick<TransportLayerOptions, "limits" | "listeners" | "observer">> & {
      clock?: Clock;
    } = {},
  ) {
    this.layer = new TransportLayer({
      clock: options.clock ?? new SystemClock(),
      listeners: options.listeners ?? plainListeners,
      advertised: { host: "127.0.0.1" },
      ...(options.limits === undefined ? {} : { limits: options.limits }),
      ...(options.observer === undefined ? {} : { observer: options.observer }),
      handlers: {
        onRequest: (incoming) => {
          this.requests.push(incoming);
          this.#notify();
          this.onRequest(incoming);
        },
        onResponse: (response, flow) => {
          this.responses.push({ response, flow });
          this.#notify();
        },
        onFlowClosed: (flow) => {
          this.closedFlows.push(flow);
          this.#notify();
        },
        onFault: (error) => this.faults.push(error),
      },
    });
  }

  get udpPort(): number {
    return this.layer.portOf("UDP") ?? 0;
  }

  get tcpPort(): number {
    return this.layer.portOf("TCP") ?? 0;
  }

  /** Resolves once `condition` holds; it is looked at whenever the layer passed something up. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(done, 20);
        const waiting = this.#waiting;
        function done(): void {
          clearTimeout(timer);
          waiting.delete(done);
          resolve();
        }
        waiting.add(done);
      });
    }
  }

  async nextRequest(): Promise<IncomingRequest> {
    const index = this.requests.length;
    await this.until(() => this.requests.length > index);
    const incoming = this.requests[index];
    if (incoming === undefined) throw new Error("no request came");
    return incoming;
  }

  /** A UDP phone on a port of its own. */
  async udpPeer(): Promise<UdpPeer> {
    const socket = createSocket("udp4");
    socket.bind(0, "127.0.0.1");
    await once(socket, "listening");
    this.#closers.push(() => socket.close());
    return new UdpPeer(socket, this.udpPort);
  }

  /** A TCP phone, connected. */
  async tcpPeer(port = this.tcpPort): Promise<TcpPeer> {
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => {});
    await once(socket, "connect");
    this.#closers.push(() => socket.destroy());
    return new TcpPeer(socket);
  }

  onEnd(action: () => unknown): void {
    this.#closers.push(action);
  }

  async stop(): Promise<void> {
    for (const close of this.#closers) await close();
    await this.layer.stop();
  }

  #notify(): void {
    for (const done of [...this.#waiting]) done();
  }
}

/** UDP and TCP on free ports. */
export const plainListeners: readonly ListenerOptions[] = [
  { transport: "UDP", address: "127.0.0.1", port: 0 },
  { transport: "TCP", address: "127.0.0.1", port: 0 },
];

/** A socket that speaks SIP by hand. */
export class UdpPeer {
  readonly socket: DatagramSocket;
  readonly port: number;
  readonly received: string[] = [];
  readonly #gatewayPort: number;

  constructor(socket: DatagramSocket, gatewayPort: number) {
    this.socket = socket;
    this.port = socket.address().port;
    this.#gatewayPort = gatewayPort;
    socket.on("message", (bytes) => this.received.push(bytes.toString()));
  }

  send(bytes: string | Buffer): void {
    this.socket.send(bytes, this.#gatewayPort, "127.0.0.1");
  }

  async next(): Promise<string> {
    while (this.received.length === 0) await once(this.socket, "message");
    return this.received.shift() ?? "";
  }
}

/** A connection that speaks SIP by hand. */
export class TcpPeer {
  readonly socket: Socket;
  text = "";
  closed = false;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on("data", (bytes) => {
      this.text += bytes.toString();
    });
    socket.on("close", () => {
      this.closed = true;
    });
  }

  get port(): number {
    return this.socket.localPort ?? 0;
  }

  send(text: string | Buffer): void {
    this.socket.write(text);
  }

  async untilText(pattern: RegExp): Promise<string> {
    while (!pattern.test(this.text)) await once(this.socket, "data");
    return this.text;
  }

  async untilClosed(): Promise<void> {
    if (!this.closed) await once(this.socket, "close");
  }
}

/** A request of a phone, with what a test wants different. */
export function requestText(
  options: { method?: string; via?: string; extra?: string; body?: string; length?: string } = {},
): string {
  const method = options.method ?? "OPTIONS";
  const body = options.body ?? "";
  return [
    `${method} sip:gateway.example SIP/2.0`,
    `Via: ${options.via ?? "SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bKa;rport"}`,
    "From: <sip:alice@example.com>;tag=1",
    "To: <sip:gateway.example>",
    "Call-ID: c1@example.com",
    `CSeq: 1 ${method}`,
    "Max-Forwards: 70",
    ...(options.extra === undefined ? [] : [options.extra]),
    `Content-Length: ${options.length ?? body.length}`,
    "",
    body,
  ].join("\r\n");
}
