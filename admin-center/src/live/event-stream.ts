import type { LiveEvent } from "../api/types.ts";

const eventTypes = ["device", "registration", "call", "command", "user", "policy"] as const;

/** What a listener is told. */
export interface EventListener {
  readonly onEvent?: (event: LiveEvent) => void;
  /** The stream is there again after it was not: what is shown is to be read anew. */
  readonly onReconnect?: () => void;
}

/**
 * The page's one stream of server-sent events, open while anybody listens. The browser reconnects by
 * itself; where it gives up, as after a 503, the stream is opened again.
 */
export class EventStream {
  readonly #url: string;
  readonly #listeners = new Set<EventListener>();
  readonly #watchers = new Set<() => void>();
  readonly #refusalWatchers = new Set<() => void>();
  #source: EventSource | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #connected = false;
  #hasBeenConnected = false;

  constructor(url: string) {
    this.#url = url;
  }

  /** Whether events arrive now. */
  get connected(): boolean {
    return this.#connected;
  }

  /** @returns a function that ends it */
  listen(listener: EventListener): () => void {
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) this.#open();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#close();
    };
  }

  /** Told when the gateway answers and gives no events: the session may be over. @returns a function that ends it */
  watchRefusals(watcher: () => void): () => void {
    this.#refusalWatchers.add(watcher);
    return () => void this.#refusalWatchers.delete(watcher);
  }

  /** Told when `connected` changes. @returns a function that ends it */
  readonly watch = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  };

  #open(): void {
    const source = new EventSource(this.#url, { withCredentials: true });
    this.#source = source;
    source.onopen = () => {
      const again = this.#hasBeenConnected;
      this.#hasBeenConnected = true;
      this.#setConnected(true);
      if (again) for (const { onReconnect } of this.#listeners) onReconnect?.();
    };
    source.onerror = () => {
      this.#setConnected(false);
      if (source.readyState === EventSource.CLOSED) this.#onRefused();
    };
    for (const type of eventTypes) source.addEventListener(type, (event) => this.#tell(event));
  }

  #onRefused(): void {
    for (const watcher of this.#refusalWatchers) watcher();
    this.#openLater();
  }

  #openLater(): void {
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => {
      if (this.#listeners.size > 0) this.#open();
    }, 3000);
  }

  #close(): void {
    clearTimeout(this.#retry);
    this.#source?.close();
    this.#source = undefined;
    this.#hasBeenConnected = false;
    this.#setConnected(false);
  }

  #tell({ data }: MessageEvent<string>): void {
    const event = JSON.parse(data) as LiveEvent;
    for (const { onEvent } of this.#listeners) onEvent?.(event);
  }

  #setConnected(connected: boolean): void {
    if (this.#connected === connected) return;
    this.#connected = connected;
    for (const watcher of this.#watchers) watcher();
  }
}

/** The page's event stream. */
export const eventStream = new EventStream("/api/v1/events");
