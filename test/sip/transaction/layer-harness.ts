import { parseMessage } from "../../../sip/message/parse-message.ts";
import type { SipRequest, SipResponse } from "../../../sip/message/sip-message.ts";
import {
  type ClientTransaction,
  type ServerTransaction,
  TransactionLayer,
  type TransactionLayerOptions,
  type TransactionUser,
} from "../../../sip/transaction/transaction-layer.ts";
import type { Flow } from "../../../sip/transport/flow.ts";
import type { IncomingRequest } from "../../../sip/transport/receive-messages.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { incoming, type MemoryFlow, MemoryTransport, wire } from "./memory-transport.ts";

/** A transaction layer on a clock that stands still, with a user that writes down what it hears. */
export class LayerHarness implements TransactionUser {
  readonly clock = new FakeClock();
  readonly transport = new MemoryTransport();
  readonly layer: TransactionLayer;
  readonly transactions: ServerTransaction[] = [];
  readonly acks: IncomingRequest[] = [];
  readonly strays: SipResponse[] = [];
  readonly heard: string[] = [];
  stateless: (incoming: IncomingRequest) => boolean = () => false;
  onTransaction: (transaction: ServerTransaction) => void = () => {};

  constructor(options: Partial<TransactionLayerOptions> = {}) {
    this.layer = new TransactionLayer({
      clock: this.clock,
      transport: this.transport,
      user: this,
      ...options,
    });
  }

  onStatelessRequest(request: IncomingRequest): boolean {
    return this.stateless(request);
  }

  onRequest(transaction: ServerTransaction): void {
    this.transactions.push(transaction);
    transaction.onEnd = (cause) => void this.heard.push(`end ${cause}`);
    this.onTransaction(transaction);
  }

  onAck(ack: IncomingRequest): void {
    this.acks.push(ack);
  }

  onStrayResponse(response: SipResponse): void {
    this.strays.push(response);
  }

  receive(text: string, flow: Flow): void {
    this.layer.receiveRequest(incoming(text, flow));
  }

  get transaction(): ServerTransaction {
    const last = this.transactions.at(-1);
    if (last === undefined) throw new Error("no transaction was made");
    return last;
  }

  /** Sends a request from text; what becomes of it is written to `heard`. */
  send(text: string, flow: MemoryFlow): ClientTransaction {
    return this.layer.request(requestFrom(text), flow, {
      onResponse: (response) => void this.heard.push(`response ${response.status}`),
      onTimeout: () => void this.heard.push("timeout"),
      onTransportError: () => void this.heard.push("transport error"),
    });
  }

  takeHeard(): string[] {
    return this.heard.splice(0);
  }
}

export function requestFrom(text: string): SipRequest {
  const message = parseMessage(wire(text));
  if (message.kind !== "request") throw new Error("not a request");
  return message;
}

/** A request as a phone writes it, Via included. */
export function requestText(
  method: string,
  options: { branch?: string; callId?: string; cseq?: number; toTag?: string; via?: string } = {},
): string {
  const { branch = "z9hG4bKphone1", callId = "call-1", cseq = 1, toTag } = options;
  return `${method} sip:bob@example.org SIP/2.0
    Via: ${options.via ?? `SIP/2.0/UDP 192.0.2.1:5060;branch=${branch};rport`}
    Max-Forwards: 70
    From: <sip:alice@example.org>;tag=a1
    To: <sip:bob@example.org>${toTag === undefined ? "" : `;tag=${toTag}`}
    Call-ID: ${callId}
    CSeq: ${cseq} ${method}
    Content-Length: 0`;
}

/** A request of ours before the layer puts a Via on it. */
export function ownRequestText(method: string, extra = ""): string {
  return `${method} sip:bob@192.0.2.9 SIP/2.0
    Max-Forwards: 70
    From: <sip:gateway@example.org>;tag=g1
    To: <sip:bob@example.org>
    Call-ID: own-1
    CSeq: 7 ${method}
    ${extra === "" ? "" : `${extra}\n`}Content-Length: 0`;
}
