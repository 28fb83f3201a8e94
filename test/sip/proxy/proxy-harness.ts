import type { SipRequest, SipResponse } from "../../../sip/message/sip-message.ts";
import type { SipUri } from "../../../sip/message/sip-uri.ts";
import type { NextHopResolver } from "../../../sip/proxy/resolve-next-hop.ts";
import type { ForwardHandle, ForwardOptions, ProxyTarget } from "../../../sip/proxy/sip-proxy.ts";
import { SipProxy } from "../../../sip/proxy/sip-proxy.ts";
import {
  type ServerTransaction,
  TransactionLayer,
} from "../../../sip/transaction/transaction-layer.ts";
import type { TransportName } from "../../../sip/transport/flow.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import {
  answer,
  incoming,
  type MemoryFlow,
  MemoryTransport,
} from "../transaction/memory-transport.ts";

/** A proxy over flows in memory, whose user sends calls to `groups` and writes down what it hears. */
export class ProxyHarness {
  readonly clock = new FakeClock();
  readonly transport = new MemoryTransport();
  readonly layer: TransactionLayer;
  readonly proxy: SipProxy;
  readonly heard: string[] = [];
  readonly faults: unknown[] = [];
  groups: readonly (readonly ProxyTarget[])[] = [];
  options: Partial<ForwardOptions> = {};
  ackRelayed: boolean | undefined;
  lastForward: ForwardHandle | undefined;
  /** Put off by a test that has the user look for the targets first. */
  whenAsked: (forward: () => void) => void = (forward) => forward();

  constructor(
    options: {
      secret?: string;
      resolve?: NextHopResolver;
      isOwnUri?: (uri: SipUri) => boolean;
    } = {},
  ) {
    this.layer = new TransactionLayer({
      clock: this.clock,
      transport: this.transport,
      user: {
        onStatelessRequest: () => false,
        onRequest: (transaction) => this.#onRequest(transaction),
        onAck: (ack) => {
          this.ackRelayed = this.proxy.relayAck(ack);
        },
        onStrayResponse: () => {},
      },
    });
    this.proxy = new SipProxy({
      clock: this.clock,
      transactions: this.layer,
      transport: this.transport,
      tokenSecret: Buffer.from(options.secret ?? "a secret that every node has"),
      onFault: (error) => void this.faults.push(error),
      ...(options.resolve === undefined ? {} : { resolve: options.resolve }),
      ...(options.isOwnUri === undefined ? {} : { isOwnUri: options.isOwnUri }),
    });
  }

  phone(host: number, transport: TransportName = "UDP"): MemoryFlow {
    return this.transport.peer(transport, `192.0.2.${host}`, transport === "UDP" ? 5060 : 40_000);
  }

  receive(text: string, flow: MemoryFlow): void {
    this.layer.receiveRequest(incoming(text, flow));
  }

  /** A phone answers the request; what the proxy does with it can be seen at the other flows. */
  answer(flow: MemoryFlow, request: SipRequest, status: number, tag = "callee"): void {
    this.respond(flow, answer(request, status, { tag }));
  }

  respond(flow: MemoryFlow, response: SipResponse): void {
    this.layer.receiveResponse(response, flow);
  }

  takeHeard(): string[] {
    return this.heard.splice(0);
  }

  /** Lets every transaction and timer run out. */
  runOut(): void {
    this.clock.advance(300_000);
  }

  #onRequest(transaction: ServerTransaction): void {
    const observer = {
      onProvisional: (response: SipResponse, target: ProxyTarget) =>
        void this.heard.push(`${response.status} from ${target.uri}`),
      onFinal: (response: SipResponse, target: ProxyTarget | undefined) =>
        void this.heard.push(`${response.status} from ${target?.uri ?? "proxy"}`),
      onCancelled: () => void this.heard.push("cancelled"),
      onUnanswered: () => void this.heard.push("unanswered"),
    };
    if (transaction.request.to.parameters.has("tag")) {
      this.proxy.relayInDialog(transaction, observer);
    } else {
      const options = { targetGroups: this.groups, observer, ...this.options };
      this.whenAsked(() => {
        this.lastForward = this.proxy.forward(transaction, options);
      });
    }
  }
}

/** A target on the flow of a phone. */
export function at(flow: MemoryFlow): ProxyTarget {
  return { uri: `sip:bob@${flow.remoteAddress}:${flow.remotePort}`, flow, registered: true };
}

/** A request from the caller's phone at 192.0.2.1, outside a dialog. */
export function fromCaller(
  method = "INVITE",
  options: { branch?: string; headers?: readonly string[]; requestUri?: string; via?: string } = {},
): string {
  const { branch = `z9hG4bK${method}`, headers = [] } = options;
  return [
    `${method} ${options.requestUri ?? "sip:bob@example.org"} SIP/2.0`,
    `Via: ${options.via ?? `SIP/2.0/UDP 192.0.2.1:5060;branch=${branch};rport`}`,
    ...(headers.some((header) => header.startsWith("Max-Forwards")) ? [] : ["Max-Forwards: 70"]),
    "From: <sip:alice@example.org>;tag=caller",
    "To: <sip:bob@example.org>",
    "Call-ID: call-1",
    `CSeq: 1 ${method}`,
    ...headers,
    "Content-Length: 0",
  ].join("\r\n");
}

/** A request inside the dialog of `invite` as one of its parties got it. */
export function inDialog(
  method: string,
  options: {
    from: "caller" | "callee";
    requestUri: string;
    routes: readonly string[];
    cseq?: number;
    branch?: string;
    callId?: string;
    headers?: readonly string[];
  },
): string {
  const caller = "<sip:alice@example.org>;tag=caller";
  const callee = "<sip:bob@example.org>;tag=callee";
  const [from, to] = options.from === "caller" ? [caller, callee] : [callee, caller];
  return [
    `${method} ${options.requestUri} SIP/2.0`,
    `Via: SIP/2.0/UDP 192.0.2.77:5060;branch=${options.branch ?? `z9hG4bK${method}${options.from}`};rport`,
    "Max-Forwards: 70",
    ...options.routes.map((route) => `Route: ${route}`),
    `From: ${from}`,
    `To: ${to}`,
    `Call-ID: ${options.callId ?? "call-1"}`,
    `CSeq: ${options.cseq ?? 2} ${method}`,
    ...(options.headers ?? []),
    "Content-Length: 0",
  ].join("\r\n");
}
