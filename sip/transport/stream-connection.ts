import { randomBytes } from "node:crypto";
import type { Socket } from "node:net";
import type { Clock } from "../clock.ts";
import { type FramerEvent, StreamFramer } from "../message/stream-framer.ts";
import type { Flow, TransportName } from "./flow.ts";
import type { CloseReason } from "./transport-counters.ts";
import type { TransportLimits } from "./transport-limits.ts";

/** What a connection tells its transport. */
export interface StreamConnectionEvents {
  onFrame(event: FramerEvent, connection: StreamConnection): void;
  /** The bytes could not be cut into messages by a fault of ours; the connection is closed. */
  onFault(error: unknown, connection: StreamConnection): void;
  /** Once, after the connection has ended, whoever ended it. */
  onClose(connection: StreamConnection): void;
  /** The gateway ends this connection; `onClose` follows. */
  onEnding(reason: CloseReason, connection: StreamConnection): void;
}

// A number alone would begin again with the process, and a stored flow id would lead to a stranger.
const processName = randomBytes(6).toString("hex");
let connectionCount = 0;

const lingerMilliseconds = 2_000;

/**
 * One TCP or TLS connection as a flow. It holds no timers: `sweep` is called by the transport for
 * all connections together. An idle one keeps no buffer.
 */
export class StreamConnection implements Flow {
  readonly id: string;
  readonly transport: TransportName;
  readonly reliable = true;
  readonly localAddress: string;
  readonly localPort: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
  /** Whether the gateway made this connection, rather than the peer. */
  readonly openedByUs: boolean;

  readonly #socket: Socket;
  readonly #clock: Clock;
  readonly #limits: TransportLimits;
  readonly #events: StreamConnectionEvents;
  readonly #framer: StreamFramer;
  readonly #startedMilliseconds: number;
  #lastTrafficMilliseconds: number;
  #partialSinceMilliseconds: number | undefined;
  #stalledSinceMilliseconds: number | undefined;
  #sawMessage = false;
  #ending = false;

  constructor(
    socket: Socket,
    options: {
      transport: TransportName;
      openedByUs: boolean;
      clock: Clock;
      limits: TransportLimits;
      events: StreamConnectionEvents;
    },
  ) {
    this.transport = options.transport;
    this.openedByUs = options.openedByUs;
    this.id = `${options.transport.toLowerCase()}:${processName}:${++connectionCount}`;
    this.localAddress = plainAddress(socket.localAddress);
    this.localPort = socket.localPort ?? 0;
    this.remoteAddress = plainAddress(socket.remoteAddress);
    this.remotePort = socket.remotePort ?? 0;
    this.#socket = socket;
    this.#clock = options.clock;
    this.#limits = options.limits;
    this.#events = options.events;
    this.#framer = new StreamFramer({
      headerBytes: options.limits.headerBytes,
      bodyBytes: options.limits.bodyBytes,
    });
    this.#startedMilliseconds = options.clock.nowMilliseconds();
    this.#lastTrafficMilliseconds = this.#startedMilliseconds;
    this.#listen();
  }

  get open(): boolean {
    return !this.#ending && this.#socket.writable;
  }

  send(bytes: Buffer): void {
    if (!this.open) return;
    if (this.#socket.writableLength + bytes.length > this.#limits.sendQueueBytes) {
      this.#cut("send-queue-full");
      return;
    }
    this.#lastTrafficMilliseconds = this.#clock.nowMilliseconds();
    if (!this.#socket.write(bytes))
      this.#stalledSinceMilliseconds ??= this.#lastTrafficMilliseconds;
  }

  /** Ends the connection once what waits to be sent is sent. */
  close(): void {
    if (this.#ending) return;
    this.#ending = true;
    this.#socket.destroySoon();
  }

  /** Ends the connection now and drops what waits to be sent. */
  destroy(): void {
    this.#ending = true;
    this.#socket.destroy();
  }

  /** What waits to be sent, in bytes. */
  get queuedBytes(): number {
    return this.#socket.writableLength;
  }

  /**
   * Sends what there is (an error's answer), then ends the connection because of its peer. What the
   * peer still sends is read and dropped for a moment: ending at once would make the system reset
   * the connection, and the peer might lose the answer.
   */
  closeBecause(reason: CloseReason): void {
    if (this.#ending) return;
    this.#events.onEnding(reason, this);
    this.#ending = true;
    this.#lastTrafficMilliseconds = this.#clock.nowMilliseconds();
    this.#socket.end();
  }

  /** Ends the connection when one of its deadlines has passed. */
  sweep(nowMilliseconds: number): void {
    if (this.#ending) {
      // Nor can a peer hold up the end by not reading, or by not closing its side.
      const patience =
        this.queuedBytes > 0 ? this.#limits.stalledSendMilliseconds : lingerMilliseconds;
      if (nowMilliseconds - this.#lastTrafficMilliseconds >= patience) this.#socket.destroy();
      return;
    }
    const reason = this.#passedDeadline(nowMilliseconds);
    if (reason !== undefined) this.#cut(reason);
  }

  #passedDeadline(now: number): CloseReason | undefined {
    const limits = this.#limits;
    const passed = (since: number | undefined, allowed: number) =>
      since !== undefined && now - since >= allowed;
    if (passed(this.#partialSinceMilliseconds, limits.partialMessageMilliseconds)) {
      return "partial-message";
    }
    if (passed(this.#stalledSinceMilliseconds, limits.stalledSendMilliseconds)) {
      return "peer-not-reading";
    }
    if (
      !this.#sawMessage &&
      !this.openedByUs &&
      passed(this.#startedMilliseconds, limits.firstMessageMilliseconds)
    ) {
      return "no-first-message";
    }
    return passed(this.#lastTrafficMilliseconds, limits.idleMilliseconds) ? "idle" : undefined;
  }

  #cut(reason: CloseReason): void {
    this.#events.onEnding(reason, this);
    this.destroy();
  }

  #listen(): void {
    const socket = this.#socket;
    socket.setNoDelay(true);
    socket.on("data", (chunk: Buffer) => this.#receive(chunk));
    socket.on("drain", () => {
      this.#stalledSinceMilliseconds = undefined;
    });
    // The reason of a broken connection changes nothing for us; "close" follows every error.
    socket.on("error", () => {
      this.#ending = true;
    });
    socket.once("close", () => {
      this.#ending = true;
      this.#events.onClose(this);
    });
  }

  #receive(chunk: Buffer): void {
    if (this.#ending) return;
    const now = this.#clock.nowMilliseconds();
    this.#lastTrafficMilliseconds = now;
    const events = this.#cutIntoFrames(chunk);
    if (events.length > 0) this.#partialSinceMilliseconds = undefined;
    if (this.#framer.pendingBytes > 0) this.#partialSinceMilliseconds ??= now;
    for (const event of events) {
      if (this.#ending) return;
      if (event.kind === "message") this.#sawMessage = true;
      this.#events.onFrame(event, this);
    }
  }

  #cutIntoFrames(chunk: Buffer): FramerEvent[] {
    try {
      return this.#framer.push(chunk);
    } catch (error) {
      this.#events.onFault(error, this);
      this.#cut("unframeable");
      return [];
    }
  }
}

/** IPv4 peers of a dual-stack socket appear as `::ffff:192.0.2.1`; everything else compares plain. */
export function plainAddress(address: string | undefined): string {
  if (address === undefined) return "";
  return address.startsWith("::ffff:") ? address.slice("::ffff:".length) : address;
}
