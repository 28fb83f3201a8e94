import { connect as connectTcp, createServer, isIPv6, type Server, type Socket } from "node:net";
import { connect as connectTls, createServer as createTlsServer } from "node:tls";
import type { Clock } from "../clock.ts";
import type { ConnectionTable } from "./connection-table.ts";
import { formatEndpoint } from "./flow.ts";
import {
  plainAddress,
  StreamConnection,
  type StreamConnectionEvents,
} from "./stream-connection.ts";
import type { TransportCounters } from "./transport-counters.ts";
import { TransportError } from "./transport-error.ts";
import type { TransportLimits } from "./transport-limits.ts";

// After this long a peer that still reads nothing no longer holds up the end of the process.
const stopPatienceMilliseconds = 500;

/** Key and certificate of a TLS listener (PEM), and whom our own connections trust. */
export interface TlsSettings {
  readonly key: string;
  /** Our certificate, followed by those between it and the root. */
  readonly certificate: string;
  /** Who may sign the certificates of servers that we connect to; default: the usual roots. */
  readonly authorities?: string;
}

/** What a stream transport is made of. */
export interface StreamTransportOptions {
  readonly address: string;
  readonly port: number;
  /** Present: TLS. Absent: plain TCP. */
  readonly tls?: TlsSettings;
  readonly clock: Clock;
  readonly limits: TransportLimits;
  readonly counters: TransportCounters;
  readonly table: ConnectionTable;
  readonly events: StreamConnectionEvents & { onError(error: Error): void };
}

/**
 * SIP over connections (RFC 3261 §18): one listener and the connections made from it or by it.
 * TCP and TLS differ in how a connection comes about, and in nothing after that.
 */
export class StreamTransport {
  readonly transport: "TCP" | "TLS";
  readonly family: 4 | 6;
  readonly #options: StreamTransportOptions;
  readonly #server: Server;
  /** Accepted, but TLS is not agreed on yet; by the peer's end. */
  readonly #handshaking = new Map<string, { socket: Socket; sinceMilliseconds: number }>();
  /** Our own attempts that are under way. */
  readonly #connecting = new Set<Socket>();
  readonly #connections = new Set<StreamConnection>();
  readonly #connectionEvents: StreamConnectionEvents;
  #localPort: number;
  #started = false;

  constructor(options: StreamTransportOptions) {
    this.#options = options;
    this.transport = options.tls === undefined ? "TCP" : "TLS";
    this.family = isIPv6(options.address) ? 6 : 4;
    this.#localPort = options.port;
    this.#server = this.#makeServer(options.tls);
    this.#connectionEvents = {
      onFrame: options.events.onFrame,
      onEnding: options.events.onEnding,
      onFault: options.events.onFault,
      onClose: (connection) => {
        this.#connections.delete(connection);
        options.table.delete(connection);
        options.events.onClose(connection);
      },
    };
  }

  get localAddress(): string {
    return this.#options.address;
  }

  /** The port bound, known after `start` where 0 was asked for. */
  get localPort(): number {
    return this.#localPort;
  }

  /** Listens. @throws the system's error when the address is taken or not ours. */
  async start(): Promise<void> {
    const { address, port } = this.#options;
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen({ host: address, port, ipv6Only: true, backlog: 4096 }, () => {
        this.#server.off("error", reject);
        resolve();
      });
    });
    this.#server.on("error", (error) => this.#options.events.onError(error));
    const bound = this.#server.address();
    if (bound !== null && typeof bound === "object") this.#localPort = bound.port;
    this.#started = true;
  }

  /** Stops accepting and ends every connection; what already waits to be sent goes first. */
  async stop(): Promise<void> {
    if (!this.#started) return;
    this.#started = false;
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const { socket } of this.#handshaking.values()) socket.destroy();
    for (const socket of this.#connecting) socket.destroy();
    for (const connection of this.#connections) {
      if (connection.queuedBytes === 0) connection.destroy();
      else connection.close();
    }
    const patience = this.#options.clock.schedule(stopPatienceMilliseconds, () => {
      for (const connection of this.#connections) connection.destroy();
    });
    await closed;
    patience.cancel();
  }

  /**
   * Makes a connection.
   * @throws TransportError when it is refused, not there in time, or over the limits
   */
  async connect(address: string, port: number): Promise<StreamConnection> {
    const { table, counters, clock, limits } = this.#options;
    const refusal = table.admit(address);
    if (refusal !== undefined) {
      throw new TransportError("CONNECT_FAILED", `no connection to ${address}: ${refusal}`);
    }
    const socket = this.#openSocket(address, port);
    this.#connecting.add(socket);
    socket.once("close", () => {
      this.#connecting.delete(socket);
      table.release(address);
    });
    const where = `${this.transport} ${formatEndpoint(address, port)}`;
    return new Promise((resolve, reject) => {
      const settle = (finish: () => void) => {
        deadline.cancel();
        this.#connecting.delete(socket);
        finish();
      };
      const fail = (code: TransportError["code"], text: string, cause?: unknown) =>
        settle(() => {
          socket.destroy();
          reject(new TransportError(code, `${where} ${text}`, cause));
        });
      const deadline = clock.schedule(limits.connectMilliseconds, () =>
        fail("CONNECT_TIMEOUT", "did not answer in time"),
      );
      // What comes after the promise is settled changes nothing here; the connection sees it itself.
      socket.once("error", (cause) => fail("CONNECT_FAILED", "cannot be reached", cause));
      // Without an error before it, this is our own stop.
      socket.once("close", () => fail("STOPPED", "is wanted no more"));
      socket.once(this.transport === "TLS" ? "secureConnect" : "connect", () =>
        settle(() => {
          counters.connections.opened++;
          resolve(this.#adopt(socket, true));
        }),
      );
    });
  }

  /** Ends whatever has passed a deadline. */
  sweep(nowMilliseconds: number): void {
    for (const connection of this.#connections) connection.sweep(nowMilliseconds);
    const { limits, counters } = this.#options;
    for (const { socket, sinceMilliseconds } of this.#handshaking.values()) {
      if (nowMilliseconds - sinceMilliseconds < limits.connectMilliseconds) continue;
      counters.connections.closed.handshake++;
      socket.destroy();
    }
  }

  #makeServer(tls: TlsSettings | undefined): Server {
    if (tls === undefined) {
      return createServer((socket) => {
        if (this.#admit(socket)) this.#adopt(socket, false);
      });
    }
    const server = createTlsServer({ key: tls.key, cert: tls.certificate, minVersion: "TLSv1.2" });
    server.on("connection", (socket: Socket) => this.#awaitHandshake(socket));
    server.on("secureConnection", (socket) => {
      this.#handshaking.delete(remoteEndpoint(socket));
      if (!socket.destroyed) this.#adopt(socket, false);
    });
    // The raw connection ends with it and is counted there.
    server.on("tlsClientError", (_error, socket) => socket.destroy());
    return server;
  }

  /** Counts a connection that came in, or refuses it before anything is spent on it. */
  #admit(socket: Socket): boolean {
    const { table, counters } = this.#options;
    // A peer that is gone again already has no address.
    if (socket.remoteAddress === undefined) {
      socket.destroy();
      return false;
    }
    const address = plainAddress(socket.remoteAddress);
    const refusal = table.admit(address);
    if (refusal !== undefined) {
      counters.connections.closed[refusal]++;
      socket.destroy();
      return false;
    }
    counters.connections.accepted++;
    socket.once("close", () => table.release(address));
    return true;
  }

  #awaitHandshake(socket: Socket): void {
    if (!this.#admit(socket)) return;
    const peer = remoteEndpoint(socket);
    const sinceMilliseconds = this.#options.clock.nowMilliseconds();
    this.#handshaking.set(peer, { socket, sinceMilliseconds });
    socket.once("close", () => {
      if (this.#handshaking.get(peer)?.socket === socket) this.#handshaking.delete(peer);
    });
  }

  #openSocket(address: string, port: number): Socket {
    const { tls } = this.#options;
    if (tls === undefined) return connectTcp({ host: address, port });
    return connectTls({
      host: address,
      port,
      minVersion: "TLSv1.2",
      // Asked for by a server that wants to know us (mutual TLS).
      key: tls.key,
      cert: tls.certificate,
      ...(tls.authorities === undefined ? {} : { ca: tls.authorities }),
    });
  }

  #adopt(socket: Socket, openedByUs: boolean): StreamConnection {
    const { clock, limits, table } = this.#options;
    const connection = new StreamConnection(socket, {
      transport: this.transport,
      openedByUs,
      clock,
      limits,
      events: this.#connectionEvents,
    });
    this.#connections.add(connection);
    table.add(connection);
    return connection;
  }
}

function remoteEndpoint(socket: Socket): string {
  return formatEndpoint(plainAddress(socket.remoteAddress), socket.remotePort ?? 0);
}
