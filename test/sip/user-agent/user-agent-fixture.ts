import { type Clock, SystemClock } from "../../../sip/clock.ts";
import type { SipResponse } from "../../../sip/message/sip-message.ts";
import {
  type ServerTransaction,
  TransactionLayer,
} from "../../../sip/transaction/transaction-layer.ts";
import type { Flow } from "../../../sip/transport/flow.ts";
import { type IncomingRequest, TransportLayer } from "../../../sip/transport/transport-layer.ts";
import { UserAgentClient } from "../../../sip/user-agent/user-agent-client.ts";

/** A whole user agent on free ports of 127.0.0.1: transports, transactions, a client core. */
export class UserAgentFixture {
  readonly transport: TransportLayer;
  readonly transactions: TransactionLayer;
  readonly client: UserAgentClient;
  readonly requests: ServerTransaction[] = [];
  readonly acks: IncomingRequest[] = [];
  readonly stray: SipResponse[] = [];
  readonly faults: unknown[] = [];
  onRequest: (transaction: ServerTransaction) => void = () => {};

  constructor(clock: Clock = new SystemClock()) {
    this.transport = new TransportLayer({
      clock,
      listeners: [
        { transport: "UDP", address: "127.0.0.1", port: 0 },
        { transport: "TCP", address: "127.0.0.1", port: 0 },
      ],
      advertised: { host: "127.0.0.1" },
      handlers: {
        onRequest: (incoming) => this.transactions.receiveRequest(incoming),
        onResponse: (response, flow) => this.transactions.receiveResponse(response, flow),
        onFlowClosed: (flow) => this.transactions.flowClosed(flow),
        onFault: (error) => this.faults.push(error),
      },
    });
    this.transactions = new TransactionLayer({
      clock,
      transport: this.transport,
      user: {
        onStatelessRequest: () => false,
        onRequest: (transaction) => {
          this.requests.push(transaction);
          this.onRequest(transaction);
        },
        onAck: (incoming) => this.acks.push(incoming),
        onStrayResponse: (response) => this.stray.push(response),
      },
    });
    this.client = new UserAgentClient({
      transactions: this.transactions,
      transport: this.transport,
    });
  }

  /** A flow to another user agent. */
  flowTo(other: UserAgentFixture, transport: "UDP" | "TCP"): Promise<Flow> {
    const port = other.transport.portOf(transport) ?? 0;
    return this.transport.flowTo({ transport, address: "127.0.0.1", port });
  }

  async stop(): Promise<void> {
    this.transactions.stop();
    await this.transport.stop();
  }
}

/** Resolves once `condition` holds. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}
