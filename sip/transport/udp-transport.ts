import { createSocket, type Socket } from "node:dgram";
import { isIPv6 } from "node:net";
import { type Flow, formatEndpoint } from "./flow.ts";

/** What a UDP transport tells its owner. */
export interface UdpTransportEvents {
  onDatagram(bytes: Buffer, flow: Flow): void;
  /** The socket reported a fault; it stays open. */
  onError(error: Error): void;
  /** A datagram could not be sent (one in 32 is looked at). */
  onSendFailure(error: Error): void;
}

// A burst of phones that come back after a power cut must fit; the kernel caps this at rmem_max.
const receiveBufferBytes = 8 * 1024 * 1024;
const sendBufferBytes = 4 * 1024 * 1024;
const largestDatagramBytes = 65_507;

type Lookup = (
  hostname: string,
  options: unknown,
  callback: (error: null, address: string, family: number) => void,
) => void;

/**
 * One bound UDP socket. IPv6 sockets take IPv6 only, so that `0.0.0.0` and `::` can stand beside
 * each other and an IPv4 peer is never seen in mapped form.
 */
export class UdpTransport {
  readonly #socket: Socket;
  readonly #events: UdpTransportEvents;
  readonly family: 4 | 6;
  #open = false;
  #closed = false;
  #localAddress: string;
  #localPort: number;
  #localEndpoint = "";
  #sends = 0;

  constructor(address: string, port: number, events: UdpTransportEvents) {
    this.#localAddress = address;
    this.#localPort = port;
    this.#events = events;
    this.family = isIPv6(address) ? 6 : 4;
    this.#socket = createSocket({
      type: this.family === 6 ? "udp6" : "udp4",
      ipv6Only: this.family === 6,
      lookup: literalLookup(this.family),
    });
  }

  get localAddress(): string {
    return this.#localAddress;
  }

  /** The port bound, known after `start` where 0 was asked for. */
  get localPort(): number {
    return this.#localPort;
  }

  get open(): boolean {
    return this.#open;
  }

  /** Binds the socket. @throws the system's error when the address is taken or not ours. */
  async start(): Promise<void> {
    const socket = this.#socket;
    await new Promise<void>((resolve, reject) => {
      socket.once("error", reject);
      socket.bind({ address: this.#localAddress, port: this.#localPort }, () => {
        socket.off("error", reject);
        resolve();
      });
    });
    socket.on("error", (error) => this.#events.onError(error));
    this.#raiseBuffers();
    const bound = socket.address();
    this.#localAddress = bound.address;
    this.#localPort = bound.port;
    this.#localEndpoint = formatEndpoint(bound.address, bound.port);
    this.#open = true;
    socket.on("message", (bytes, remote) =>
      this.#events.onDatagram(bytes, new UdpFlow(this, remote.address, remote.port)),
    );
  }

  /** Closes the socket, also one that could not be bound. */
  stop(): Promise<void> {
    this.#open = false;
    if (this.#closed) return Promise.resolve();
    this.#closed = true;
    return new Promise((resolve) => this.#socket.close(() => resolve()));
  }

  /** The flow from this socket to a peer. `address` is an IP literal of this socket's family. */
  flowTo(address: string, port: number): Flow {
    return new UdpFlow(this, address, port);
  }

  /** `address:port` of this end as it stands in flow ids. */
  get localEndpoint(): string {
    return this.#localEndpoint;
  }

  /**
   * Sends one datagram. One that the kernel refuses is to SIP as one lost on the way; asking for
   * each result costs more than a microsecond, so every 32nd is asked for, which is enough to see
   * that a route is missing or a firewall refuses.
   */
  send(bytes: Buffer, address: string, port: number): void {
    if (!this.#open) return;
    if (bytes.length > largestDatagramBytes) {
      this.#events.onSendFailure(new Error(`a datagram of ${bytes.length} bytes cannot be sent`));
    } else if ((this.#sends++ & 31) === 0) {
      this.#socket.send(bytes, port, address, this.#onSent);
    } else {
      this.#socket.send(bytes, port, address);
    }
  }

  readonly #onSent = (error: Error | null): void => {
    if (error !== null) this.#events.onSendFailure(error);
  };

  #raiseBuffers(): void {
    // Linux cuts the wish down to its limit; the BSDs refuse it whole, so smaller ones are tried.
    for (let shift = 0; shift < 6; shift++) {
      try {
        this.#socket.setRecvBufferSize(receiveBufferBytes >> shift);
        this.#socket.setSendBufferSize(sendBufferBytes >> shift);
        return;
      } catch (error) {
        if (shift === 5 && error instanceof Error) this.#events.onError(error);
      }
    }
  }
}

class UdpFlow implements Flow {
  readonly transport = "UDP";
  readonly reliable = false;
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly #owner: UdpTransport;
  #id: string | undefined;

  constructor(owner: UdpTransport, remoteAddress: string, remotePort: number) {
    this.#owner = owner;
    this.remoteAddress = remoteAddress;
    this.remotePort = remotePort;
  }

  get id(): string {
    this.#id ??= `udp:${this.#owner.localEndpoint}>${formatEndpoint(this.remoteAddress, this.remotePort)}`;
    return this.#id;
  }

  get localAddress(): string {
    return this.#owner.localAddress;
  }

  get localPort(): number {
    return this.#owner.localPort;
  }

  get open(): boolean {
    return this.#owner.open;
  }

  send(bytes: Buffer): void {
    this.#owner.send(bytes, this.remoteAddress, this.remotePort);
  }

  close(): void {
    // Nothing is held for a UDP peer.
  }
}

// Peers are always IP literals here; answering at once spares a turn of the event loop a datagram.
function literalLookup(family: 4 | 6): Lookup {
  return (hostname, _options, callback) => callback(null, hostname, family);
}
