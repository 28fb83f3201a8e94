import { Counter, Gauge, type Registry } from "prom-client";

type Totals = Readonly<Record<string, number>>;

/** Running totals that the SIP transports keep; they only ever grow, but for `open`. */
export interface TransportTotals {
  readonly received: Totals;
  readonly sent: Totals;
  readonly dropped: Totals;
  readonly parseErrors: number;
  readonly connections: {
    readonly open: number;
    readonly accepted: number;
    readonly opened: number;
    readonly closed: Totals;
  };
}

/** Adds series that are read from the transports' own counters when a scrape comes. */
export function addTransportMetrics(registry: Registry, totals: () => TransportTotals): void {
  const count = (name: string, help: string, label: string, read: () => Totals) =>
    addCounter(registry, `sip_gateway_transport_${name}`, help, label, read);
  count("received_total", "What SIP transports received.", "kind", () => totals().received);
  count("sent_total", "What SIP transports sent.", "kind", () => totals().sent);
  count("dropped_total", "Messages not passed on or not sent.", "reason", () => totals().dropped);
  count("parse_errors_total", "Messages outside the grammar.", "kind", () => ({
    message: totals().parseErrors,
  }));
  count("connections_total", "Stream connections accepted and opened.", "direction", () => ({
    accepted: totals().connections.accepted,
    opened: totals().connections.opened,
  }));
  count(
    "connections_closed_total",
    "Connections refused or ended by the gateway.",
    "reason",
    () => ({ ...totals().connections.closed }),
  );
  new Gauge({
    name: "sip_gateway_transport_connections_open",
    help: "Stream connections open now.",
    registers: [registry],
    collect() {
      this.set(totals().connections.open);
    },
  });
}

function addCounter(
  registry: Registry,
  name: string,
  help: string,
  label: string,
  read: () => Totals,
): void {
  new Counter({
    name,
    help,
    labelNames: [label],
    registers: [registry],
    collect() {
      this.reset();
      for (const [value, total] of Object.entries(read())) this.inc({ [label]: value }, total);
    },
  });
}
