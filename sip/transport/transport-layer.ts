import { isIP } from "node:net";
import type { Clock, Timer } from "../clock.ts";
import { serializeMessage } from "../message/serialize-message.ts";
import type { SipMessage, SipRequest, SipResponse } from "../message/sip-message.ts";
import { ConnectionTable } from "./connection-table.ts";
import { type Flow, formatEndpoint, type TransportName } from "./flow.ts";
import {
  ReceiveMessages,
  type TransportHandlers,
  type TransportObserver,
} from "./receive-messages.ts";
import { respondsToSource, sentByPortOf } from "./response-destination.ts";
import { type AdvertisedAddress, SentBy } from "./sent-by.ts";
import type { StreamConnection } from "./stream-connection.ts";
import { StreamTransport, type TlsSettings } from "./stream-transport.ts";
import { newTransportCounters, type TransportCounters } from "./transport-counters.ts";
import { TransportError } from "./transport-error.ts";
import { defaultTransportLimits, type TransportLimits } from "./transport-limits.ts";
import { UdpTransport } from "./udp-transport.ts";

export type { IncomingRequest, TransportHandlers, TransportObserver } from "./receive-messages.ts";
export type { AdvertisedAddress } from "./sent-by.ts";

/** One socket to listen on. Port 0 lets the system choose; `TransportLayer.portOf` says which. */
export type ListenerOptions =
  | { readonly transport: "UDP" | "TCP"; readonly address: string; readonly port: number }
  | {
      readonly transport: "TLS";
      readonly address: string;
      readonly port: number;
      readonly tls: TlsSettings;
    };

/** What a transport layer is made of. */
export interface TransportLayerOptions {
  readonly clock: Clock;
  readonly listeners: readonly ListenerOptions[];
  readonly advertised: AdvertisedAddress;
  readonly handlers: TransportHandlers;
  readonly observer?: TransportObserver;
  readonly limits?: Partial<TransportLimits>;
}

/** Where a request goes: an IP literal, IPv6 with or without brackets. */
export interface FlowTarget {
  readonly transport: TransportName;
  readonly address: string;
  readonly port: number;
}

/**
 * The transport layer of RFC 3261 §18: owns every listener and connection, passes messages up
 * and brings messages to their peers. TCP and TLS connections are one kind of flow, a UDP peer
 * as seen from one of our sockets the other.
 */
export class TransportLayer {
  readonly counters: TransportCounters = newTransportCounters();
  readonly #options: TransportLayerOptions;
  readonly #limits: TransportLimits;
  readonly #table: ConnectionTable;
  readonly #receive: ReceiveMessages;
  readonly #udp: UdpTransport[] = [];
  readonly #streams: StreamTransport[] = [];
  readonly #connecting = new Map<string, Promise<Flow>>();
  readonly #sentBy: SentBy;
  #sweepTimer: Timer | undefined;
  #stopped = false;

  constructor(options: TransportLayerOptions) {
    this.#options = options;
    this.#limits = { ...defaultTransportLimits, ...options.limits };
    this.#table = new ConnectionTable(this.#limits, this.counters);
    this.#sentBy = new SentBy(options.advertised, (transport) => this.portOf(transport));
    this.#receive = new ReceiveMessages({
      clock: options.clock,
      counters: this.counters,
      handlers: options.handlers,
      observer: options.observer,
      datagramBytes: this.#limits.datagramBytes,
      sendResponse: (response, flow) => this.sendResponse(response, flow),
      isOurSentBy: (flow, host, port) => this.#sentBy.isOurs(flow.transport, host, port),
    });
    for (const listener of options.listeners) this.#addListener(listener);
  }

  /** Opens every listener. @throws the system's error when one cannot be; none stays open then. */
  async start(): Promise<void> {
    try {
      for (const transport of [...this.#udp, ...this.#streams]) await transport.start();
    } catch (error) {
      await this.stop();
      throw error;
    }
    this.#scheduleSweep();
  }

  /** Stops accepting, closes every connection, and resolves when all is closed. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#sweepTimer?.cancel();
    await Promise.all([...this.#udp, ...this.#streams].map((transport) => transport.stop()));
  }

  /** The port that the first listener of this transport is bound to. */
  portOf(transport: TransportName): number | undefined {
    return this.#listenersOf(transport)[0]?.localPort;
  }

  /** `host:port` by which peers know us on this transport (Via, Contact, Record-Route). */
  sentByFor(transport: TransportName): string {
    return this.#sentBy.for(transport);
  }

  /** The Via value of a request that we send by `flow` (RFC 3261 §18.1.1, RFC 3581 §3). */
  viaFor(flow: Flow, branch: string): string {
    const via = `SIP/2.0/${flow.transport} ${this.sentByFor(flow.transport)};branch=${branch}`;
    return flow.transport === "UDP" ? `${via};rport` : via;
  }

  /**
   * Sends a request whose topmost Via, made by `viaFor`, is there already.
   * @throws TransportError when the flow is no longer open
   */
  sendRequest(request: SipRequest, flow: Flow): void {
    if (!flow.open) throw new TransportError("FLOW_CLOSED", `flow ${flow.id} is closed`);
    this.counters.sent.requests++;
    this.#send(serializeMessage(request), flow, request);
  }

  /**
   * Sends a response by the flow that its request came from (RFC 3261 §18.2.2, RFC 3581 §4). A
   * UDP peer that did not ask for `rport` is answered at the port of its sent-by. `maddr` is not
   * followed: it would let anybody turn our answers on a third host, and we serve no multicast.
   * Where the connection is gone, one to the peer's sent-by port is tried, and the response is
   * counted as undeliverable when that fails.
   */
  sendResponse(response: SipResponse, flow: Flow): void {
    this.counters.sent.responses++;
    const bytes = serializeMessage(response);
    if (flow.transport === "UDP") {
      const destination = respondsToSource(response, flow)
        ? flow
        : this.#sentByFlow(response, flow);
      this.#send(bytes, destination, response);
    } else if (flow.open) {
      this.#send(bytes, flow, response);
    } else {
      void this.#sendOnNewConnection(response, bytes, flow);
    }
  }

  /**
   * A flow to a peer. On UDP, from a listening socket of its address family. Otherwise an open
   * connection whose other end is exactly this address and port, or a new one. `alias` (RFC 5923)
   * is never believed: it would let a peer claim what is sent to another.
   * @throws TransportError when there is no such listener, no answer in time, or no connection
   */
  async flowTo(target: FlowTarget): Promise<Flow> {
    if (this.#stopped) throw new TransportError("STOPPED", "the transport layer was stopped");
    const address = target.address.replace(/^\[|\]$/g, "");
    const family = isIP(address);
    if (family === 0) throw new TransportError("CONNECT_FAILED", "the address is no IP literal");
    if (target.transport === "UDP") {
      const socket = this.#udp.find((candidate) => candidate.family === family);
      if (socket === undefined) throw noListener(target.transport, family);
      return socket.flowTo(address, target.port);
    }
    const open = this.#table.byPeer(target.transport, address, target.port);
    return open?.open ? open : this.#connect(target.transport, address, target.port);
  }

  /** The flow of this id if it still lives; a UDP flow is made again from its name. */
  flowById(id: string): Flow | undefined {
    if (!id.startsWith("udp:")) {
      const connection = this.#table.byId(id);
      return connection?.open ? connection : undefined;
    }
    const [, local, remoteAddress, remotePort] =
      /^udp:(.+)>\[?([^\]]+?)\]?:(\d{1,5})$/.exec(id) ?? [];
    const socket = this.#udp.find((candidate) => candidate.localEndpoint === local);
    if (remoteAddress === undefined || isIP(remoteAddress) !== socket?.family) return undefined;
    return socket.flowTo(remoteAddress, Number(remotePort));
  }

  #addListener(listener: ListenerOptions): void {
    const { handlers, clock } = this.#options;
    const onError = (error: Error) => handlers.onFault(error, `${listener.transport} socket`);
    if (listener.transport === "UDP") {
      this.#udp.push(
        new UdpTransport(listener.address, listener.port, {
          onDatagram: (bytes, flow) => this.#receive.datagram(bytes, flow),
          onError,
          onSendFailure: (error) => {
            this.counters.dropped["send-failed"]++;
            onError(error);
          },
        }),
      );
      return;
    }
    this.#streams.push(
      new StreamTransport({
        ...listener,
        clock,
        limits: this.#limits,
        counters: this.counters,
        table: this.#table,
        events: {
          onError,
          onFault: (error) => handlers.onFault(error, `${listener.transport} framing`),
          onFrame: (event, connection) => this.#receive.frame(event, connection),
          onEnding: (reason) => void this.counters.connections.closed[reason]++,
          onClose: (connection: StreamConnection) => handlers.onFlowClosed?.(connection),
        },
      }),
    );
  }

  #send(bytes: Buffer, flow: Flow, message: SipMessage): void {
    this.#options.observer?.onMessage("sent", () => bytes, flow, message);
    flow.send(bytes);
  }

  #sentByFlow(response: SipResponse, flow: Flow): Flow {
    const socket = this.#udp.find(
      (candidate) =>
        candidate.localPort === flow.localPort && candidate.localAddress === flow.localAddress,
    );
    return socket?.flowTo(flow.remoteAddress, sentByPortOf(response, flow)) ?? flow;
  }

  async #sendOnNewConnection(response: SipResponse, bytes: Buffer, lost: Flow): Promise<void> {
    try {
      const flow = await this.flowTo({
        transport: lost.transport,
        address: lost.remoteAddress,
        port: sentByPortOf(response, lost),
      });
      this.#send(bytes, flow, response);
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
      this.counters.dropped["undeliverable-response"]++;
    }
  }

  #connect(transport: TransportName, address: string, port: number): Promise<Flow> {
    const family = isIP(address);
    const stream = this.#streams.find(
      (candidate) => candidate.transport === transport && candidate.family === family,
    );
    if (stream === undefined) throw noListener(transport, family);
    const key = `${transport} ${formatEndpoint(address, port)}`;
    const underWay = this.#connecting.get(key);
    if (underWay !== undefined) return underWay;
    const connecting = stream
      .connect(address, port)
      .finally(() => void this.#connecting.delete(key));
    this.#connecting.set(key, connecting);
    return connecting;
  }

  #listenersOf(transport: TransportName): readonly { readonly localPort: number }[] {
    if (transport === "UDP") return this.#udp;
    return this.#streams.filter((stream) => stream.transport === transport);
  }

  #scheduleSweep(): void {
    const { clock } = this.#options;
    this.#sweepTimer = clock.schedule(this.#limits.sweepMilliseconds, () => {
      const now = clock.nowMilliseconds();
      for (const stream of this.#streams) stream.sweep(now);
      this.#scheduleSweep();
    });
  }
}

function noListener(transport: TransportName, family: number): TransportError {
  return new TransportError("NO_LISTENER", `no ${transport} listener for IPv${family}`);
}
