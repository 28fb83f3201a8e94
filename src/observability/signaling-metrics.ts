import { Counter, Gauge, type Registry } from "prom-client";
import { addTransportMetrics, type TransportTotals } from "./transport-metrics.ts";

/** Running totals and sizes that the SIP server keeps. */
export interface SignalingTotals {
  readonly transport: TransportTotals;
  readonly transactions: {
    readonly serverStarted: number;
    readonly clientStarted: number;
    readonly clientTimeouts: number;
    readonly refusedOverload: number;
    readonly droppedOverload: number;
    readonly strayResponses: number;
    readonly strayCancels: number;
  };
  readonly proxy: {
    readonly forwarded: number;
    readonly branches: number;
    readonly relayedInDialog: number;
    readonly relayedAcks: number;
    readonly droppedAcks: number;
    readonly forgedRoutes: number;
    readonly refused: number;
  };
  readonly openTransactions: number;
  readonly registrationsInProgress: number;
}

/** Adds series that are read from the SIP server's own totals when a scrape comes. */
export function addSignalingMetrics(registry: Registry, read: () => SignalingTotals): void {
  addTransportMetrics(registry, () => read().transport);
  addTotals(registry, "sip_transactions_total", "SIP transactions, by what became of them.", () => {
    const totals = read().transactions;
    return {
      "server-started": totals.serverStarted,
      "client-started": totals.clientStarted,
      "client-timeout": totals.clientTimeouts,
      "refused-overload": totals.refusedOverload,
      "dropped-overload": totals.droppedOverload,
      "stray-response": totals.strayResponses,
      "stray-cancel": totals.strayCancels,
    };
  });
  addTotals(registry, "sip_proxy_total", "What the proxy did with requests.", () => {
    const totals = read().proxy;
    return {
      forwarded: totals.forwarded,
      branch: totals.branches,
      "relayed-in-dialog": totals.relayedInDialog,
      "relayed-ack": totals.relayedAcks,
      "dropped-ack": totals.droppedAcks,
      "forged-route": totals.forgedRoutes,
      refused: totals.refused,
    };
  });
  addSize(registry, "sip_transactions_open", "SIP transactions held now.", () => {
    return read().openTransactions;
  });
  addSize(registry, "registrations_in_progress", "REGISTER requests being answered now.", () => {
    return read().registrationsInProgress;
  });
}

function addTotals(
  registry: Registry,
  name: string,
  help: string,
  read: () => Readonly<Record<string, number>>,
): void {
  new Counter({
    name: `sip_gateway_${name}`,
    help,
    labelNames: ["event"],
    registers: [registry],
    collect() {
      this.reset();
      for (const [event, total] of Object.entries(read())) this.inc({ event }, total);
    },
  });
}

function addSize(registry: Registry, name: string, help: string, read: () => number): void {
  new Gauge({
    name: `sip_gateway_${name}`,
    help,
    registers: [registry],
    collect() {
      this.set(read());
    },
  });
}
