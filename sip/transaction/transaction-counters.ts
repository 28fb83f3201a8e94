/** Running totals of one transaction layer, for metrics to read. Written by the layer only. */
export interface TransactionCounters {
  /** Server transactions made. */
  serverStarted: number;
  /** Client transactions made, CANCELs not counted. */
  clientStarted: number;
  /** Client transactions that ended without a final response. */
  clientTimeouts: number;
  /** Requests answered 503 because the table was full (reliable transports). */
  refusedOverload: number;
  /** Requests not looked at because the table was full (UDP). */
  droppedOverload: number;
  /** Responses that no transaction waited for. */
  strayResponses: number;
  /** CANCELs that no transaction was found for. */
  strayCancels: number;
}

/** Counters that all stand at nought. */
export function newTransactionCounters(): TransactionCounters {
  return {
    serverStarted: 0,
    clientStarted: 0,
    clientTimeouts: 0,
    refusedOverload: 0,
    droppedOverload: 0,
    strayResponses: 0,
    strayCancels: 0,
  };
}
