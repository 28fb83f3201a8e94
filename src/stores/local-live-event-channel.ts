import type { Logger } from "pino";
import type { LiveEvent, LiveEventChannel } from "../domain/live-events.ts";

/** Carries live events within one process. A listener that throws is logged and harms no other. */
export class LocalLiveEventChannel implements LiveEventChannel {
  readonly #logger: Pick<Logger, "error">;
  readonly #listeners = new Set<(event: LiveEvent) => void>();

  constructor(logger: Pick<Logger, "error">) {
    this.#logger = logger;
  }

  publish(event: LiveEvent): void {
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (error) {
        this.#logger.error({ err: error }, "a listener failed on a live event");
      }
    }
  }

  subscribe(listener: (event: LiveEvent) => void): () => void {
    // A subscription of its own, so that a listener given twice is ended one at a time.
    const subscription = (event: LiveEvent) => listener(event);
    this.#listeners.add(subscription);
    return () => {
      this.#listeners.delete(subscription);
    };
  }
}
