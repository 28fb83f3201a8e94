import { Gauge, type Registry } from "prom-client";
import { type Timekeeper, within } from "./within.ts";

/** What scrapes ask of the storage. */
export interface StorageTotals {
  readonly time: Timekeeper;
  countBindings(): Promise<number>;
  countDevicesByState(): Promise<Readonly<Record<string, number>>>;
  /** Told why the storage did not answer. */
  onFailure(error: unknown): void;
}

interface Totals {
  readonly bindings: number;
  readonly devices: Readonly<Record<string, number>>;
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
    new Gauge({
      name: "sip_gateway_bindings",
      help: "Live bindings, on all nodes.",
      registers: [registry],
      async collect() {
        const totals = await read();
        this.remove();
        if (totals !== undefined) this.set(totals.bindings);
      },
    });
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
      const [bindings, devices] = await within(time, boundMilliseconds, () =>
        Promise.all([this.#storage.countBindings(), this.#storage.countDevicesByState()]),
      );
      return { bindings, devices };
    } catch (error) {
      onFailure(error);
      return undefined;
    }
  }
}
