/** Why something that came in was not passed on, or something to be sent was not sent. */
export type DropReason =
  | "keep-alive"
  | "oversized"
  | "unparsable-request"
  | "unparsable-response"
  | "no-via"
  | "foreign-response"
  | "send-failed"
  | "undeliverable-response";

/** Why a connection was refused or ended by us. */
export type CloseReason =
  | "too-many-connections"
  | "too-many-from-address"
  | "idle"
  | "no-first-message"
  | "partial-message"
  | "handshake"
  | "send-queue-full"
  | "peer-not-reading"
  | "unframeable";

/** Running totals since the layer was made, for metrics to read. Written by the layer only. */
export interface TransportCounters {
  readonly received: { requests: number; responses: number; pings: number };
  readonly sent: { requests: number; responses: number };
  /** Messages or datagrams, by reason. */
  readonly dropped: Record<DropReason, number>;
  /** Messages that were not what RFC 3261's grammar asks for, answered or not. */
  parseErrors: number;
  readonly connections: {
    /** Open now, TLS handshakes included. */
    open: number;
    accepted: number;
    opened: number;
    /** Refused or ended by the gateway, by reason. */
    readonly closed: Record<CloseReason, number>;
  };
}

/** Counters that all stand at nought. */
export function newTransportCounters(): TransportCounters {
  return {
    received: { requests: 0, responses: 0, pings: 0 },
    sent: { requests: 0, responses: 0 },
    dropped: {
      "keep-alive": 0,
      oversized: 0,
      "unparsable-request": 0,
      "unparsable-response": 0,
      "no-via": 0,
      "foreign-response": 0,
      "send-failed": 0,
      "undeliverable-response": 0,
    },
    parseErrors: 0,
    connections: {
      open: 0,
      accepted: 0,
      opened: 0,
      closed: {
        "too-many-connections": 0,
        "too-many-from-address": 0,
        idle: 0,
        "no-first-message": 0,
        "partial-message": 0,
        handshake: 0,
        "send-queue-full": 0,
        "peer-not-reading": 0,
        unframeable: 0,
      },
    },
  };
}
