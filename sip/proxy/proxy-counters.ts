/** Running totals of one proxy, for metrics to read. Written by the proxy only. */
export interface ProxyCounters {
  /** Requests outside a dialog that were forwarded. */
  forwarded: number;
  /** Copies of requests that were sent, one for each branch. */
  branches: number;
  relayedInDialog: number;
  relayedAcks: number;
  /** ACKs that could not be relayed: no Route of ours, a forged one, no way. */
  droppedAcks: number;
  /** Requests with a Route of ours that we never gave. */
  forgedRoutes: number;
  /** Requests refused by §16.3: too many hops, loops, extensions. */
  refused: number;
}

/** Counters that all stand at nought. */
export function newProxyCounters(): ProxyCounters {
  return {
    forwarded: 0,
    branches: 0,
    relayedInDialog: 0,
    relayedAcks: 0,
    droppedAcks: 0,
    forgedRoutes: 0,
    refused: 0,
  };
}
