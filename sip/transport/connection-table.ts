import type { TransportName } from "./flow.ts";
import type { StreamConnection } from "./stream-connection.ts";
import type { CloseReason, TransportCounters } from "./transport-counters.ts";
import type { TransportLimits } from "./transport-limits.ts";

/**
 * Every connection of a layer, over all its listeners: found by flow id and by peer, and counted
 * so that neither one address nor all together take more than the limits.
 */
export class ConnectionTable {
  readonly #limits: TransportLimits;
  readonly #counters: TransportCounters;
  readonly #byId = new Map<string, StreamConnection>();
  readonly #byPeer = new Map<string, StreamConnection>();
  readonly #perAddress = new Map<string, number>();
  #admitted = 0;

  constructor(limits: TransportLimits, counters: TransportCounters) {
    this.#limits = limits;
    this.#counters = counters;
  }

  /**
   * Takes a place for a connection from `address`, before anything is held for it.
   * @returns why not, or undefined when it was taken; then `release` must follow once
   */
  admit(address: string): CloseReason | undefined {
    if (this.#admitted >= this.#limits.connections) return "too-many-connections";
    const fromAddress = this.#perAddress.get(address) ?? 0;
    if (fromAddress >= this.#limits.connectionsPerAddress) return "too-many-from-address";
    this.#perAddress.set(address, fromAddress + 1);
    this.#counters.connections.open = ++this.#admitted;
    return undefined;
  }

  /** Gives back a place that `admit` took. */
  release(address: string): void {
    this.#counters.connections.open = --this.#admitted;
    const left = (this.#perAddress.get(address) ?? 1) - 1;
    if (left <= 0) this.#perAddress.delete(address);
    else this.#perAddress.set(address, left);
  }

  add(connection: StreamConnection): void {
    this.#byId.set(connection.id, connection);
    this.#byPeer.set(
      peerKey(connection.transport, connection.remoteAddress, connection.remotePort),
      connection,
    );
  }

  delete(connection: StreamConnection): void {
    this.#byId.delete(connection.id);
    const key = peerKey(connection.transport, connection.remoteAddress, connection.remotePort);
    if (this.#byPeer.get(key) === connection) this.#byPeer.delete(key);
  }

  byId(id: string): StreamConnection | undefined {
    return this.#byId.get(id);
  }

  /** The newest connection whose other end is exactly this address and port. */
  byPeer(transport: TransportName, address: string, port: number): StreamConnection | undefined {
    return this.#byPeer.get(peerKey(transport, address, port));
  }

  [Symbol.iterator](): IterableIterator<StreamConnection> {
    return this.#byId.values();
  }
}

function peerKey(transport: TransportName, address: string, port: number): string {
  return `${transport}|${address}|${port}`;
}
