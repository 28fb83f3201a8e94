import { parseMessage } from "../../../sip/message/parse-message.ts";
import { serializeMessage } from "../../../sip/message/serialize-message.ts";
import type { SipMessage, SipRequest, SipResponse } from "../../../sip/message/sip-message.ts";
import { type Flow, formatEndpoint, type TransportName } from "../../../sip/transport/flow.ts";
import type { IncomingRequest } from "../../../sip/transport/receive-messages.ts";
import { stampVia } from "../../../sip/transport/stamp-via.ts";
import { TransportError } from "../../../sip/transport/transport-error.ts";
import type { FlowTarget } from "../../../sip/transport/transport-layer.ts";

/** One end of a path in memory: what is sent by it is kept as bytes and as parsed messages. */
export class MemoryFlow implements Flow {
  readonly id: string;
  readonly transport: TransportName;
  readonly reliable: boolean;
  readonly localAddress = "198.51.100.1";
  readonly localPort = 5060;
  readonly remoteAddress: string;
  readonly remotePort: number;
  open = true;
  readonly bytes: Buffer[] = [];

  constructor(transport: TransportName, remoteAddress: string, remotePort: number, id?: string) {
    this.transport = transport;
    this.reliable = transport !== "UDP";
    this.remoteAddress = remoteAddress;
    this.remotePort = remotePort;
    this.id = id ?? `udp:198.51.100.1:5060>${formatEndpoint(remoteAddress, remotePort)}`;
  }

  send(bytes: Buffer): void {
    this.bytes.push(bytes);
  }

  close(): void {
    this.open = false;
  }

  /** Everything sent so far, and forgets it. */
  take(): SipMessage[] {
    return this.bytes.splice(0).map((bytes) => parseMessage(bytes));
  }

  /** What was sent since the last look, as `INVITE` or `200 INVITE`. */
  takeSummary(): string[] {
    return this.take().map((message) =>
      message.kind === "request" ? message.method : `${message.status} ${message.cseq.method}`,
    );
  }

  takeRequest(method: string): SipRequest {
    const messages = this.take();
    const found = messages.find(
      (message): message is SipRequest => message.kind === "request" && message.method === method,
    );
    if (found === undefined) throw new Error(`no ${method} among ${messages.length} messages`);
    return found;
  }

  takeResponse(status: number): SipResponse {
    const messages = this.take();
    const found = messages.find(
      (message): message is SipResponse => message.kind === "response" && message.status === status,
    );
    if (found === undefined) throw new Error(`no ${status} among ${messages.length} messages`);
    return found;
  }
}

/** The transport's part towards transactions and proxy, over flows in memory. */
export class MemoryTransport {
  readonly flows = new Map<string, MemoryFlow>();
  /** `TRANSPORT address:port` of peers that refuse a connection. */
  readonly refusing = new Set<string>();
  #connections = 0;

  /** A flow as if the peer had just sent something by it. */
  peer(transport: TransportName, address: string, port: number): MemoryFlow {
    const id = transport === "UDP" ? undefined : `tcp:memory:${++this.#connections}`;
    const flow = new MemoryFlow(transport, address, port, id);
    this.flows.set(flow.id, flow);
    return flow;
  }

  sentByFor(transport: TransportName): string {
    return `gateway.example:${transport === "TLS" ? 5061 : 5060}`;
  }

  viaFor(flow: Flow, branch: string): string {
    return `SIP/2.0/${flow.transport} ${this.sentByFor(flow.transport)};branch=${branch};rport`;
  }

  sendRequest(request: SipRequest, flow: Flow): void {
    if (!flow.open) throw new TransportError("FLOW_CLOSED", "closed");
    flow.send(serializeMessage(request));
  }

  sendResponse(response: SipResponse, flow: Flow): void {
    flow.send(serializeMessage(response));
  }

  async flowTo(target: FlowTarget): Promise<Flow> {
    const name = `${target.transport} ${formatEndpoint(target.address, target.port)}`;
    if (this.refusing.has(name)) throw new TransportError("CONNECT_FAILED", "refused");
    for (const flow of this.flows.values()) {
      if (
        flow.open &&
        flow.transport === target.transport &&
        flow.remoteAddress === target.address &&
        flow.remotePort === target.port
      ) {
        return flow;
      }
    }
    return this.peer(target.transport, target.address, target.port);
  }

  flowById(id: string): Flow | undefined {
    const flow = this.flows.get(id);
    return flow?.open ? flow : undefined;
  }
}

/** A request as the transport hands it up, from text with any kind of line ends. */
export function incoming(text: string, flow: Flow, receivedAtMilliseconds = 0): IncomingRequest {
  const message = parseMessage(wire(text));
  if (message.kind !== "request") throw new Error("not a request");
  const via = message.headers.get("Via") ?? "";
  message.headers.replaceFirst("Via", stampVia(via, flow.remoteAddress, flow.remotePort));
  return { request: message, flow, receivedAtMilliseconds };
}

/** Lines as they are written in a test, as the bytes on the wire. */
export function wire(text: string): Buffer {
  return Buffer.from(`${text.trim().replace(/\r?\n\s*/g, "\r\n")}\r\n\r\n`);
}

/** The bytes with which a peer answers a request it got. */
export function answer(
  request: SipRequest,
  status: number,
  options: { tag?: string; headers?: readonly string[] } = {},
): SipResponse {
  const to = request.headers.get("To") ?? "";
  const tag = options.tag === undefined || to.includes(";tag=") ? "" : `;tag=${options.tag}`;
  const lines = [
    `SIP/2.0 ${status} Answer`,
    ...request.headers.getAll("Via").map((value) => `Via: ${value}`),
    ...request.headers.getAll("Record-Route").map((value) => `Record-Route: ${value}`),
    `From: ${request.headers.get("From")}`,
    `To: ${to}${tag}`,
    `Call-ID: ${request.callId}`,
    `CSeq: ${request.headers.get("CSeq")}`,
    ...(options.headers ?? []),
    "Content-Length: 0",
  ];
  const message = parseMessage(wire(lines.join("\r\n")));
  if (message.kind !== "response") throw new Error("not a response");
  return message;
}
