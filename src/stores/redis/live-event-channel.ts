import type { Logger } from "pino";
import type { LiveEvent, LiveEventChannel } from "../../domain/live-events.ts";
import { LocalLiveEventChannel } from "../local-live-event-channel.ts";
import type { RedisConnection } from "./redis-connection.ts";
import { gatewayKey } from "./redis-keys.ts";

const channelName = gatewayKey("live-events");

/** Carries live events to every node over Redis' pub/sub; this node hears its own the same way. */
export class RedisLiveEventChannel implements LiveEventChannel {
  readonly #publisher: RedisConnection;
  readonly #subscriber: RedisConnection;
  readonly #logger: Pick<Logger, "warn" | "error">;
  readonly #local: LocalLiveEventChannel;
  #lastPublishFailed = false;

  /** @param subscriber a connection of its own, which can do nothing else from then on. */
  constructor(
    publisher: RedisConnection,
    subscriber: RedisConnection,
    logger: Pick<Logger, "warn" | "error">,
  ) {
    this.#publisher = publisher;
    this.#subscriber = subscriber;
    this.#logger = logger;
    this.#local = new LocalLiveEventChannel(logger);
  }

  /** Begins to listen; after a lost connection that begins again by itself. */
  async start(): Promise<void> {
    this.#subscriber.client.on("message", (_channel: string, text: string) => {
      this.#local.publish(JSON.parse(text) as LiveEvent);
    });
    await this.#subscriber.client.subscribe(channelName);
  }

  publish(event: LiveEvent): void {
    this.#publisher
      .run((redis) => redis.publish(channelName, JSON.stringify(event)))
      .then(
        () => {
          this.#lastPublishFailed = false;
        },
        (error: unknown) => {
          // Once for an outage, not once for each event in it.
          if (!this.#lastPublishFailed) {
            this.#logger.warn({ err: error }, "live events do not reach the other nodes");
          }
          this.#lastPublishFailed = true;
        },
      );
  }

  subscribe(listener: (event: LiveEvent) => void): () => void {
    return this.#local.subscribe(listener);
  }
}
