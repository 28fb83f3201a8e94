/**
 * Bytes could not be brought to a peer (RFC 3261 §18.4): a connection that did not come about in
 * time, or one that is gone. `cause` holds the system's own error where there is one.
 */
export class TransportError extends Error {
  readonly code: "FLOW_CLOSED" | "CONNECT_FAILED" | "CONNECT_TIMEOUT" | "NO_LISTENER" | "STOPPED";

  constructor(code: TransportError["code"], message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "TransportError";
    this.code = code;
  }
}
