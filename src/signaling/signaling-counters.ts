import type { ProxyCounters } from "../../sip/proxy/proxy-counters.ts";
import type { TransactionCounters } from "../../sip/transaction/transaction-counters.ts";
import type { TransportCounters } from "../../sip/transport/transport-counters.ts";

/** What of signaling can be counted. */
export interface SignalingCounters {
  readonly transport: TransportCounters;
  readonly transactions: TransactionCounters;
  readonly proxy: ProxyCounters;
  readonly openTransactions: number;
  readonly registrationsInProgress: number;
  readonly callsInProgress: number;
}
