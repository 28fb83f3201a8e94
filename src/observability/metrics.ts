import { collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { type ActivityTotals, readActivityTotals } from "./activity-totals.ts";
import { addSignalingMetrics, type SignalingTotals } from "./signaling-metrics.ts";
import { StorageGauges, type StorageTotals } from "./storage-gauges.ts";
import { TallyCounter } from "./tally-counter.ts";

/** Methods that are counted by name (RFC 3261 and its extensions); any other is `OTHER`. */
const methods: ReadonlySet<string> = new Set(
  "REGISTER INVITE ACK BYE CANCEL OPTIONS PRACK UPDATE INFO SUBSCRIBE NOTIFY REFER MESSAGE PUBLISH".split(
    " ",
  ),
);

const statusClasses = ["0xx", "1xx", "2xx", "3xx", "4xx", "5xx", "6xx"] as const;

/** One duration in this many is observed: enough for percentiles, nothing on the hot path. */
const durationSample = 16;

/**
 * Everything that Prometheus reads of this node. What happens is told by method calls, which are
 * cheap; what stands is read when a scrape comes.
 */
export class GatewayMetrics {
  readonly registry = new Registry();
  readonly #requests: TallyCounter;
  readonly #responses: TallyCounter;
  readonly #registrations: TallyCounter;
  readonly #refusedRequests: TallyCounter;
  readonly #wrongPairingCodes: TallyCounter;
  readonly #enrollments: TallyCounter;
  readonly #provisioning: TallyCounter;
  readonly #calls: TallyCounter;
  readonly #durations: Histogram<"method">;
  #callsInProgress = 0;
  #unsampled = 0;

  constructor() {
    collectDefaultMetrics({ register: this.registry });
    const tally = (name: string, help: string, labels: readonly string[]) =>
      new TallyCounter(this.registry, `sip_gateway_${name}`, help, labels);
    this.#requests = tally("sip_requests_total", "SIP requests received.", ["method"]);
    this.#responses = tally("sip_responses_total", "Final SIP responses sent by the gateway.", [
      "method",
      "status_class",
    ]);
    this.#registrations = tally("registrations_total", "REGISTER requests by how they ended.", [
      "outcome",
    ]);
    this.#refusedRequests = tally(
      "refused_requests_total",
      "SIP requests in a device's name that were refused and may be a stranger's.",
      ["kind"],
    );
    this.#wrongPairingCodes = tally(
      "wrong_pairing_codes_total",
      "Pairing codes typed on the sign-in page that there are not.",
      [],
    );
    this.#enrollments = tally(
      "enrollments_total",
      "Verification codes given, by what came of it.",
      ["outcome"],
    );
    this.#provisioning = tally("provisioning_requests_total", "HTTP requests of phones.", [
      "vendor",
      "status",
    ]);
    this.#calls = tally("calls_total", "Calls that ended, by how.", ["result"]);
    this.#durations = new Histogram({
      name: "sip_gateway_sip_request_duration_seconds",
      help: `Time from a SIP request's arrival to its final response; one in ${durationSample} is observed.`,
      labelNames: ["method"],
      buckets: [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.25, 1, 5],
      registers: [this.registry],
    });
    this.#gauge("calls_in_progress", "Calls that ring or talk now.", () => this.#callsInProgress);
  }

  /** A SIP request came. */
  requestReceived(method: string): void {
    this.#requests.add(methods.has(method) ? method : "OTHER");
  }

  /** The gateway itself answered a request with this final status. */
  requestAnswered(method: string, status: number): void {
    const statusClass = statusClasses[Math.trunc(status / 100)] ?? "other";
    this.#responses.add(methods.has(method) ? method : "OTHER", statusClass);
  }

  /** A request was answered after this time; most are not observed. */
  requestDuration(method: string, seconds: number): void {
    this.#unsampled++;
    if (this.#unsampled < durationSample) return;
    this.#unsampled = 0;
    this.#durations.observe({ method: methods.has(method) ? method : "OTHER" }, seconds);
  }

  /** A REGISTER ended; `outcome` is one of a fixed set of words. */
  registration(outcome: string): void {
    this.#registrations.add(outcome);
  }

  /** A SIP request was refused that may be a stranger's; `kind` is one of a fixed set of words. */
  requestRefused(kind: string): void {
    this.#refusedRequests.add(kind);
  }

  /** Somebody typed a pairing code that there is not. It belongs to no device. */
  wrongPairingCode(): void {
    this.#wrongPairingCodes.add();
  }

  /** A verification code was given; `outcome` is one of a fixed set of words. */
  enrollment(outcome: string): void {
    this.#enrollments.add(outcome);
  }

  /** A phone's HTTP request was answered. */
  provisioningRequest(vendor: string | undefined, status: number): void {
    this.#provisioning.add(vendor ?? "unknown", String(status));
  }

  callStarted(): void {
    this.#callsInProgress++;
  }

  /** A call ended; `end` is one of a fixed set of words. */
  callEnded(call: { readonly end: string | null }): void {
    this.#callsInProgress = Math.max(0, this.#callsInProgress - 1);
    this.#calls.add(call.end ?? "unknown");
  }

  /** Calls that ring or talk now. */
  get callsInProgress(): number {
    return this.#callsInProgress;
  }

  /** What this node has done since it started, added up from the counters. */
  activityTotals(): ActivityTotals {
    return readActivityTotals({
      registrations: this.#registrations,
      calls: this.#calls,
      enrollments: this.#enrollments,
      provisioning: this.#provisioning,
    });
  }

  /** From now on scrapes read what the storage holds. */
  watchStorage(storage: StorageTotals): void {
    new StorageGauges(this.registry, storage);
  }

  /** From now on scrapes read the SIP server's running totals. */
  watchSignaling(totals: () => SignalingTotals): void {
    addSignalingMetrics(this.registry, totals);
  }

  /** All series as Prometheus text. */
  async render(): Promise<{ readonly contentType: string; readonly text: string }> {
    return { contentType: this.registry.contentType, text: await this.registry.metrics() };
  }

  #gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name: `sip_gateway_${name}`,
      help,
      registers: [this.registry],
      collect() {
        this.set(read());
      },
    });
  }
}
