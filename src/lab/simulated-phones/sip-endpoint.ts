import { createSocket } from "node:dgram";
import { lookup } from "node:dns/promises";
import { once } from "node:events";
import type { Clock } from "../../../sip/clock.ts";
import { buildResponse } from "../../../sip/message/build-response.ts";
import type { SipRequest } from "../../../sip/message/sip-message.ts";
import { validateRequest } from "../../../sip/message/validate-request.ts";
import type { ServerTransaction } from "../../../sip/transaction/transaction-layer.ts";
import { TransactionLayer } from "../../../sip/transaction/transaction-layer.ts";
import type { Flow } from "../../../sip/transport/flow.ts";
import { TransportLayer } from "../../../sip/transport/transport-layer.ts";
import { UserAgentClient } from "../../../sip/user-agent/user-agent-client.ts";

/** What an endpoint is made of. */
export interface SipEndpointOptions {
  readonly clock: Clock;
  readonly transport: "UDP" | "TCP";
  /** Where every request goes. `host` may be a name. */
  readonly proxy: { readonly host: string; readonly port: number };
  /** A request other than ACK, found well-formed. */
  readonly onRequest: (transaction: ServerTransaction) => void;
  /** An ACK to a 2xx. */
  readonly onAck: (ack: SipRequest) => void;
  /** The connection to the proxy ended. */
  readonly onDisconnected: () => void;
  readonly onFault: (error: unknown) => void;
}

/** A phone has one connection and no need to look at its deadlines often. */
const limits = { connections: 8, connectionsPerAddress: 8, sweepMilliseconds: 30_000 };

/**
 * The SIP stack of one phone: its own socket, its own transactions. A phone on TCP listens too, since
 * its Contact names a port that has to be its own.
 */
export class SipEndpoint {
  readonly client: UserAgentClient;
  /** The IP literal by which the proxy sees us, before any NAT. */
  readonly localAddress: string;
  readonly #options: SipEndpointOptions;
  readonly #proxyAddress: string;
  readonly #transport: TransportLayer;
  readonly #transactions: TransactionLayer;
  #stopped = false;

  private constructor(options: SipEndpointOptions, proxyAddress: string, localAddress: string) {
    this.#options = options;
    this.#proxyAddress = proxyAddress;
    this.localAddress = localAddress;
    this.#transport = new TransportLayer({
      clock: options.clock,
      listeners: [{ transport: options.transport, address: localAddress, port: 0 }],
      advertised: { host: localAddress },
      limits,
      handlers: {
        onRequest: (incoming) => this.#transactions.receiveRequest(incoming),
        onResponse: (response, flow) => this.#transactions.receiveResponse(response, flow),
        onFlowClosed: (flow) => this.#onFlowClosed(flow),
        onFault: (error) => options.onFault(error),
      },
    });
    this.#transactions = new TransactionLayer({
      clock: options.clock,
      transport: this.#transport,
      user: {
        onStatelessRequest: () => false,
        onRequest: (transaction) => this.#onRequest(transaction),
        onAck: ({ request }) => options.onAck(request),
        onStrayResponse: () => undefined,
      },
    });
    this.client = new UserAgentClient({
      transactions: this.#transactions,
      transport: this.#transport,
    });
  }

  /** Opens the socket. @throws the system's error when the proxy's name is unknown or no socket is free */
  static async open(options: SipEndpointOptions): Promise<SipEndpoint> {
    const { address } = await lookup(options.proxy.host.replace(/^\[(.*)\]$/, "$1"));
    const endpoint = new SipEndpoint(options, address, await addressTowards(address));
    await endpoint.#transport.start();
    return endpoint;
  }

  /** `host:port` of this phone, for Contact. */
  get hostPort(): string {
    return this.#transport.sentByFor(this.#options.transport);
  }

  /** The way to the proxy; on TCP the open connection, or a new one. @throws TransportError when there is none */
  flow(): Promise<Flow> {
    const { transport, proxy } = this.#options;
    return this.#transport.flowTo({ transport, address: this.#proxyAddress, port: proxy.port });
  }

  /** Ends all transactions and closes the socket, without a word to anybody. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#transactions.stop();
    await this.#transport.stop();
  }

  #onRequest(transaction: ServerTransaction): void {
    const fault = validateRequest(transaction.request);
    if (fault === undefined) {
      this.#options.onRequest(transaction);
      return;
    }
    const { request, toTag } = transaction;
    const { status, reason, headers } = fault;
    transaction.respond(buildResponse(request, status, reason, { toTag, headers }));
  }

  #onFlowClosed(flow: Flow): void {
    this.#transactions.flowClosed(flow);
    if (!this.#stopped && flow.remotePort === this.#options.proxy.port)
      this.#options.onDisconnected();
  }
}

/** Our own address on the way to another one, as the system's routes have it. Nothing is sent. */
async function addressTowards(address: string): Promise<string> {
  const socket = createSocket(address.includes(":") ? "udp6" : "udp4");
  try {
    socket.connect(9, address);
    await once(socket, "connect");
    return socket.address().address;
  } finally {
    socket.close();
  }
}
