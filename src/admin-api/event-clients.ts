import type { ServerResponse } from "node:http";
import type { LiveEvent } from "../domain/live-events.ts";
import { formatMacAddress, readMacAddress } from "../domain/mac-address.ts";
import type { TenantId } from "../domain/tenant.ts";
import type { WaitingTimeSource } from "../domain/time-source.ts";
import { formatTime } from "./schema-parts.ts";

/** Limits of open event streams. */
export const eventStreamLimits = {
  clients: 200,
  heartbeatMilliseconds: 15_000,
  /** Bytes that may wait for one reader; a slower one is let go, and comes again. */
  waitingBytes: 256 * 1024,
} as const;

interface EventClient {
  readonly response: ServerResponse;
  readonly tenantId: TenantId;
  readonly mayStay: () => Promise<boolean>;
}

/** The open event streams: who is slow or gone is let go, and none outlives `stop`. */
export class EventClients {
  readonly #clock: WaitingTimeSource;
  readonly #clients = new Set<EventClient>();
  readonly #unsubscribe: () => void;
  #heartbeat: { cancel(): void };
  #stopped = false;

  constructor(
    clock: WaitingTimeSource,
    subscribe: (listener: (event: LiveEvent) => void) => () => void,
  ) {
    this.#clock = clock;
    this.#unsubscribe = subscribe((event) => this.#tell(event));
    this.#heartbeat = this.#scheduleHeartbeat();
  }

  /** How many streams are open. */
  get size(): number {
    return this.#clients.size;
  }

  get isFull(): boolean {
    return this.#stopped || this.#clients.size >= eventStreamLimits.clients;
  }

  /**
   * Takes over a response and keeps it open as an event stream.
   * @param mayStay asked with each heartbeat; a false ends the stream
   */
  add(response: ServerResponse, tenantId: TenantId, mayStay: () => Promise<boolean>): void {
    const client = { response, tenantId, mayStay };
    this.#clients.add(client);
    response.on("close", () => this.#clients.delete(client));
    response.on("error", () => this.#drop(client));
    response.writeHead(200, {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store",
      "x-accel-buffering": "no",
    });
    response.write("retry: 3000\n\n");
  }

  /** Ends every stream and listens no more. */
  stop(): void {
    this.#stopped = true;
    this.#unsubscribe();
    this.#heartbeat.cancel();
    for (const { response } of this.#clients) response.end();
    this.#clients.clear();
  }

  #tell(event: LiveEvent): void {
    const text = `event: ${event.type}\ndata: ${JSON.stringify(presentEvent(event))}\n\n`;
    for (const client of this.#clients) {
      if (client.tenantId === event.tenantId) this.#write(client, text);
    }
  }

  #write(client: EventClient, text: string): void {
    const { response } = client;
    if (response.writableLength + text.length > eventStreamLimits.waitingBytes) this.#drop(client);
    else response.write(text);
  }

  async #endUnlessMayStay(client: EventClient): Promise<void> {
    // Where the storage does not answer, nobody is known to have gone.
    const mayStay = await client.mayStay().catch(() => true);
    if (mayStay || !this.#clients.delete(client)) return;
    client.response.end();
  }

  #drop(client: EventClient): void {
    this.#clients.delete(client);
    client.response.destroy();
  }

  #scheduleHeartbeat(): { cancel(): void } {
    return this.#clock.schedule(eventStreamLimits.heartbeatMilliseconds, () => {
      for (const client of this.#clients) {
        this.#write(client, ": still here\n\n");
        void this.#endUnlessMayStay(client);
      }
      this.#heartbeat = this.#scheduleHeartbeat();
    });
  }
}

/** A live event as the stream tells it; JSON holds no line break, so that no subject can forge an event. */
function presentEvent({ type, atMilliseconds, subject, change }: LiveEvent) {
  const mac = type === "device" ? readMacAddress(subject) : undefined;
  return {
    type,
    at: formatTime(atMilliseconds),
    subject: mac?.ok === true ? formatMacAddress(mac.macAddress) : subject,
    change,
  };
}
