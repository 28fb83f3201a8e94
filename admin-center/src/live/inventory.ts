import { type ApiError, asApiError } from "../api/api-error.ts";
import { call } from "../api/call.ts";
import type { Device, Page } from "../api/types.ts";
import { devicesToLookAtAgain } from "./devices-to-look-at-again.ts";
import { type EventStream, eventStream } from "./event-stream.ts";

const firstPageSize = 200;
const pageSize = 1000;
/** Changed devices are asked for together, this often at the most. */
const refreshMilliseconds = 1000;
const lookUpAtOnce = 500;
const retryMilliseconds = 5000;
/** Kept so long after the last page that shows it, as who looks at one device comes back. */
const lingerMilliseconds = 60_000;
/** How often it is looked for devices that may have changed without an event. */
const roundMilliseconds = 15_000;

/** The inventory as it is known now. */
export interface InventoryView {
  /** By MAC address. The same map until something changes. */
  readonly devices: ReadonlyMap<string, Device>;
  /** `loading` until all pages have come. */
  readonly status: "loading" | "complete" | "failed";
  readonly error: ApiError | undefined;
}

/**
 * All devices, read page by page and kept current by the event stream: devices of which something
 * changed are asked for together, once a second at the most, however many events come. The one copy
 * of the inventory that all pages show.
 */
export class Inventory {
  readonly #events: EventStream;
  readonly #watchers = new Set<() => void>();
  readonly #changed = new Set<string>();
  #view: InventoryView = { devices: new Map(), status: "loading", error: undefined };
  #stopListening: (() => void) | undefined;
  #ending: ReturnType<typeof setTimeout> | undefined;
  #refreshTimer: ReturnType<typeof setTimeout> | undefined;
  #reloadTimer: ReturnType<typeof setTimeout> | undefined;
  #rounds: ReturnType<typeof setInterval> | undefined;
  #round = 0;
  #isRefreshing = false;
  #load = 0;
  /** Changed while a load was under way, which may have read them before. */
  #changedMeanwhile = new Set<string>();

  constructor(events: EventStream) {
    this.#events = events;
  }

  get view(): InventoryView {
    return this.#view;
  }

  /** Loads and follows while anybody watches, and for a while after. @returns a function that ends it */
  readonly watch = (watcher: () => void): (() => void) => {
    this.warm();
    this.#watchers.add(watcher);
    clearTimeout(this.#ending);
    return () => {
      this.#watchers.delete(watcher);
      if (this.#watchers.size === 0) this.#endLater();
    };
  };

  /** Begins to load for a page that is about to watch; nothing where it is loaded. */
  warm(): void {
    if (this.#stopListening !== undefined) return;
    this.#start();
    this.#endLater();
  }

  /** Reads all of it anew; what is shown stays until it has come. */
  async reload(): Promise<void> {
    const load = ++this.#load;
    clearTimeout(this.#reloadTimer);
    const devices = new Map<string, Device>();
    this.#changedMeanwhile = new Set();
    try {
      let cursor: string | null = null;
      do {
        const limit = devices.size === 0 ? firstPageSize : pageSize;
        const query = `limit=${limit}${cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`}`;
        const page: Page<Device> = await call<Page<Device>>(`/devices?${query}`);
        if (load !== this.#load) return;
        for (const device of page.items) devices.set(device.macAddress, device);
        cursor = page.nextCursor;
        if (devices.size > this.#view.devices.size) this.#show(new Map(devices), "loading");
      } while (cursor !== null);
      this.#show(devices, "complete");
      for (const macAddress of this.#changedMeanwhile) this.touch(macAddress);
    } catch (error) {
      if (load !== this.#load) return;
      this.#view = { ...this.#view, status: "failed", error: asApiError(error) };
      this.#tellWatchers();
      this.#reloadTimer = setTimeout(() => void this.reload(), retryMilliseconds);
    }
  }

  /** Something of this device changed, by an action of this page; it is asked for soon. */
  touch(macAddress: string): void {
    this.#changed.add(macAddress);
    this.#changedMeanwhile.add(macAddress);
    this.#refreshSoon();
  }

  #start(): void {
    this.#stopListening = this.#events.listen({
      onEvent: ({ type, subject }) => {
        if (type === "device") this.touch(subject);
      },
      onReconnect: () => void this.reload(),
    });
    this.#rounds = setInterval(() => this.#lookAgain(), roundMilliseconds);
    void this.reload();
  }

  #endLater(): void {
    clearTimeout(this.#ending);
    this.#ending = setTimeout(() => this.#stop(), lingerMilliseconds);
  }

  #stop(): void {
    this.#stopListening?.();
    this.#stopListening = undefined;
    this.#load++;
    clearTimeout(this.#refreshTimer);
    clearTimeout(this.#reloadTimer);
    clearInterval(this.#rounds);
    this.#refreshTimer = undefined;
    this.#changed.clear();
    this.#view = { devices: new Map(), status: "loading", error: undefined };
  }

  /** Nobody is told when a registration or a code runs out, or when an event was lost on its way. */
  #lookAgain(): void {
    if (this.#view.status !== "complete" || document.hidden) return;
    const macAddresses = devicesToLookAtAgain(this.#view.devices, Date.now(), this.#round++);
    for (const macAddress of macAddresses) this.touch(macAddress);
  }

  /** One look-up at a time: of two, the older could be answered last. */
  #refreshSoon(): void {
    if (this.#refreshTimer === undefined && !this.#isRefreshing) {
      this.#refreshAfter(refreshMilliseconds);
    }
  }

  async #refresh(): Promise<void> {
    const load = this.#load;
    const macAddresses = [...this.#changed].slice(0, lookUpAtOnce);
    for (const macAddress of macAddresses) this.#changed.delete(macAddress);
    this.#isRefreshing = true;
    try {
      const { items } = await call<{ readonly items: readonly Device[] }>("/devices/look-up", {
        method: "POST",
        body: { macAddresses },
      });
      if (load === this.#load) this.#replace(macAddresses, items);
      this.#isRefreshing = false;
      if (this.#changed.size > 0) this.#refreshSoon();
    } catch {
      // Storage may be away for a moment; a gateway that comes back is told by the stream, too.
      this.#isRefreshing = false;
      if (load !== this.#load) return;
      for (const macAddress of macAddresses) this.#changed.add(macAddress);
      this.#refreshAfter(retryMilliseconds);
    }
  }

  /** Each stays in its place, so that what is shown in the order of addresses needs no sorting. */
  #replace(macAddresses: readonly string[], items: readonly Device[]): void {
    const devices = new Map(this.#view.devices);
    const found = new Set(items.map(({ macAddress }) => macAddress));
    for (const macAddress of macAddresses) if (!found.has(macAddress)) devices.delete(macAddress);
    for (const device of items) devices.set(device.macAddress, device);
    this.#show(devices, this.#view.status);
  }

  #refreshAfter(milliseconds: number): void {
    clearTimeout(this.#refreshTimer);
    this.#refreshTimer = setTimeout(() => {
      this.#refreshTimer = undefined;
      void this.#refresh();
    }, milliseconds);
  }

  #show(devices: ReadonlyMap<string, Device>, status: InventoryView["status"]): void {
    this.#view = { devices, status, error: undefined };
    this.#tellWatchers();
  }

  #tellWatchers(): void {
    for (const watcher of this.#watchers) watcher();
  }
}

/** The page's inventory. */
export const inventory = new Inventory(eventStream);
