/** What one transport layer lets peers take. Times in milliseconds, sizes in bytes. */
export interface TransportLimits {
  /** The largest datagram that is looked at. */
  readonly datagramBytes: number;
  /** The most that start line and header fields of one message on a stream may take. */
  readonly headerBytes: number;
  /** The largest Content-Length taken on a stream. */
  readonly bodyBytes: number;
  /** Open connections in all, over every listener. */
  readonly connections: number;
  /** Open connections from one address. A whole office can stand behind one. */
  readonly connectionsPerAddress: number;
  /** What may wait to be sent on one connection before its peer counts as not reading. */
  readonly sendQueueBytes: number;
  /** How long a connection may carry nothing. Longer than the longest registration granted. */
  readonly idleMilliseconds: number;
  /** How long after the accept the first whole message must be there. */
  readonly firstMessageMilliseconds: number;
  /** How long a message may take from its first byte to its last (a slowloris is cut here). */
  readonly partialMessageMilliseconds: number;
  /** How long a peer may leave a full send queue unread. */
  readonly stalledSendMilliseconds: number;
  /** How long a TLS handshake or our own connection attempt may take. */
  readonly connectMilliseconds: number;
  /** How often the deadlines above are looked at. */
  readonly sweepMilliseconds: number;
}

/** What a gateway with some tens of thousands of phones takes. */
export const defaultTransportLimits: TransportLimits = {
  datagramBytes: 65_535,
  headerBytes: 65_536,
  bodyBytes: 262_144,
  connections: 100_000,
  connectionsPerAddress: 20_000,
  sendQueueBytes: 1_048_576,
  idleMilliseconds: 3_900_000,
  firstMessageMilliseconds: 60_000,
  partialMessageMilliseconds: 15_000,
  stalledSendMilliseconds: 30_000,
  connectMilliseconds: 5_000,
  sweepMilliseconds: 2_000,
};
