/** The transports a Via can name that the gateway speaks (RFC 3261 §20.42, RFC 7118 §5.2). */
export type TransportName = "UDP" | "TCP" | "TLS" | "WS" | "WSS";

/** A path to one peer: a UDP 5-tuple or one connection (RFC 5626 §2). */
export interface Flow {
  /**
   * Names this flow and never another one: `udp:<local>><remote>` can be made again from its
   * name, `tcp:<process>:<number>` counts up, so that a source port that a second phone happens
   * to get never leads to the first one's calls.
   */
  readonly id: string;
  readonly transport: TransportName;
  /** Whether the transport itself repeats what was lost; retransmission timers stay off then. */
  readonly reliable: boolean;
  readonly localAddress: string;
  readonly localPort: number;
  /** An IP literal, IPv6 without brackets; IPv4 is never in mapped form. */
  readonly remoteAddress: string;
  readonly remotePort: number;
  /** False once bytes can no longer be sent: the connection ended or the socket was closed. */
  readonly open: boolean;
  /**
   * Hands bytes of one message to the socket. Never blocks and never throws: a connection that
   * cannot take more is closed and said to be so by `open`.
   */
  send(bytes: Buffer): void;
  /** Ends a connection; a UDP flow has nothing to end. */
  close(): void;
}

/** `host:port` of one end, with brackets around IPv6. */
export function formatEndpoint(address: string, port: number): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}
