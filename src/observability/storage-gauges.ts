import { Gauge, type Registry } from "prom-client";
import { type Timekeeper, within } from "./within.ts";

/** What scrapes ask of the storage. */
export interface StorageTotals {
  readonly time: Timekeeper;
  countBindings(): Promise<number>;
  countDevicesByState(): Promise<Readonly<Record<string, number>>>;
  /** Phones that have not got the policy they are assigned, and since when the first of them. */
  countPendingPolicies(): Promise<{
    readonly devices: number;
    readonly oldestSinceMilliseconds: number | null;
  }>;
  /** Told why the storage did not answer. */
  onFailure(error: unknown): void;
}

interface Totals {
  readonly bindings: number;
  readonly devices: Readonly<Record<string, number>>;
  readonly pendingDevices: number;
  readonly oldestPendingSeconds: number;
}

const boundMilliseconds = 2000;

/**
 * Gauges of what stands in the storage, read at each scrape and at most once for each. When the
 * storage does not answer, a scrape still succeeds: these gauges are absent, and `storage_up` is 0.
 */
export class StorageGauges {
  readonly #storage: StorageTotals;
  #reading: Promise<Totals | undefined> | undefined;

  constructor(registry: Registry, storage: StorageTotals) {
    this.#storage = storage;
    const read = () => this.#read();
    new Gauge({
      name: "sip_gateway_storage_up",
      help: "1 when the storage answered this scrape, else 0.",
      registers: [registry],
      async collect() {
        this.set((await read()) === undefined ? 0 : 1);
      },
    });
    const number = (name: string, help: string, pick: (totals: Totals) => number) =>
      new Gauge({
        name: `sip_gateway_${name}`,
        help,
        registers: [registry],
        async collect() {
          const totals = await read();
          this.remove();
          if (totals !== undefined) this.set(pick(totals));
        },
      });
    number("bindings", "Live bindings, on all nodes.", ({ bindings }) => bindings);
    number(
      "policy_refresh_pending_devices",
      "Signed-in devices, registered or away, whose phones have not got their user's policy yet.",
      ({ pendingDevices }) => pendingDevices,
    );
    number(
      "policy_refresh_oldest_pending_seconds",
      "Since when the first of the pending devices has been without it; 0 when none is pending.",
      ({ oldestPendingSeconds }) => oldestPendingSeconds,
    );
    new Gauge({
      name: "sip_gateway_devices",
      help: "Devices by state.",
      labelNames: ["state"],
      registers: [registry],
      async collect() {
        const totals = await read();
        this.reset();
        for (const [state, count] of Object.entries(totals?.devices ?? {})) {
          this.set({ state }, count);
        }
      },
    });
  }

  #read(): Promise<Totals | undefined> {
    this.#reading ??= this.#ask().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #ask(): Promise<Totals | undefined> {
    const { time, onFailure } = this.#storage;
    try {
      const [bindings, devices, pending] = await within(time, boundMilliseconds, () =>
        Promise.all([
          this.#storage.countBindings(),
          this.#storage.countDevicesByState(),
          this.#storage.countPendingPolicies(),
        ]),
      );
      const now = time.nowMilliseconds();
      const since = pending.oldestSinceMilliseconds ?? now;
      const oldestPendingSeconds = Math.max(0, (now - since) / 1000);
      return { bindings, devices, pendingDevices: pending.devices, oldestPendingSeconds };
    } catch (error) {
      onFailure(error);
      return undefined;
    }
  }
}
