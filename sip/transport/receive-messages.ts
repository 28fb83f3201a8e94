import type { Clock } from "../clock.ts";
import { buildResponse, reasonPhrase } from "../message/build-response.ts";
import { newTag } from "../message/identifiers.ts";
import { parseMessage } from "../message/parse-message.ts";
import { serializeMessage } from "../message/serialize-message.ts";
import type { SipMessage, SipRequest, SipResponse } from "../message/sip-message.ts";
import { SipParseError } from "../message/sip-parse-error.ts";
import type { FramerEvent } from "../message/stream-framer.ts";
import { validateResponse } from "../message/validate-request.ts";
import type { Flow } from "./flow.ts";
import { stampVia } from "./stamp-via.ts";
import type { StreamConnection } from "./stream-connection.ts";
import type { DropReason, TransportCounters } from "./transport-counters.ts";

/** A request as the server transport passes it on (RFC 3261 §18.2.1). */
export interface IncomingRequest {
  /** `received` and `rport` stand in its topmost Via already. */
  readonly request: SipRequest;
  /** The path it came by, and its responses go by. */
  readonly flow: Flow;
  readonly receivedAtMilliseconds: number;
}

/** Who takes what the transport receives. */
export interface TransportHandlers {
  onRequest(incoming: IncomingRequest): void;
  /** A response whose topmost Via is ours. */
  onResponse(response: SipResponse, flow: Flow): void;
  /** A connection ended, whoever ended it; what was sent by it may not have arrived. */
  onFlowClosed?(flow: Flow): void;
  /** Something that should not happen: a handler threw, a socket failed. To be logged. */
  onFault(error: unknown, where: string): void;
}

/** Sees every message, for traces and metrics. Called before the transport changes anything. */
export interface TransportObserver {
  /**
   * @param bytes as on the wire; for a message from a stream, as it would be written anew, which is
   * done only when they are asked for. To be called at once: the transport goes on to change it.
   * @param message undefined where the bytes were no message
   */
  onMessage(
    direction: "received" | "sent",
    bytes: () => Buffer,
    flow: Flow,
    message: SipMessage | undefined,
  ): void;
}

/** What the receiving half of the transport layer needs of the rest. */
export interface ReceiveMessagesOptions {
  readonly clock: Clock;
  readonly counters: TransportCounters;
  readonly handlers: TransportHandlers;
  readonly observer: TransportObserver | undefined;
  readonly datagramBytes: number;
  readonly sendResponse: (response: SipResponse, flow: Flow) => void;
  /** Whether a Via with this sent-by is one of ours. */
  readonly isOurSentBy: (flow: Flow, host: string, port: number | undefined) => boolean;
}

// The shortest message anybody could answer is longer than this; keep-alives are shorter.
const shortestMessageBytes = 16;
const pong = Buffer.from("\r\n");

/** From bytes to requests and responses: the receiving half of RFC 3261 §18. */
export class ReceiveMessages {
  readonly #options: ReceiveMessagesOptions;

  constructor(options: ReceiveMessagesOptions) {
    this.#options = options;
  }

  /** One UDP datagram. Never throws: whatever a datagram sets off ends with it. */
  datagram(bytes: Buffer, flow: Flow): void {
    try {
      this.#receiveDatagram(bytes, flow);
    } catch (error) {
      this.#options.handlers.onFault(error, "datagram");
    }
  }

  /** What the framer made of a stream's bytes. Never throws. */
  frame(event: FramerEvent, connection: StreamConnection): void {
    try {
      this.#receiveFrame(event, connection);
    } catch (error) {
      this.#options.handlers.onFault(error, "stream");
    }
  }

  #receiveDatagram(bytes: Buffer, flow: Flow): void {
    const { datagramBytes, observer } = this.#options;
    if (bytes.length > datagramBytes) {
      this.#drop("oversized");
      return;
    }
    if (isKeepAlive(bytes)) {
      this.#drop("keep-alive");
      return;
    }
    let message: SipMessage;
    try {
      message = parseMessage(bytes);
    } catch (error) {
      if (!(error instanceof SipParseError)) throw error;
      observer?.onMessage("received", () => bytes, flow, undefined);
      this.#refuse(error, error.partial, flow);
      return;
    }
    observer?.onMessage("received", () => bytes, flow, message);
    this.#deliver(message, flow);
  }

  #receiveFrame(event: FramerEvent, connection: StreamConnection): void {
    const { counters } = this.#options;
    switch (event.kind) {
      case "message":
        this.#receiveFromStream(event.message, connection);
        return;
      case "ping":
        // RFC 5626 §4.4.1: a double CRLF is answered by a single one.
        counters.received.pings++;
        connection.send(pong);
        return;
      case "pong":
        return;
      case "error":
        this.#refuse(event.error, event.answerable, connection);
        if (event.fatal) connection.closeBecause("unframeable");
        return;
    }
  }

  #receiveFromStream(message: SipMessage, flow: Flow): void {
    const { observer } = this.#options;
    observer?.onMessage("received", () => serializeMessage(message), flow, message);
    this.#deliver(message, flow);
  }

  #deliver(message: SipMessage, flow: Flow): void {
    try {
      if (message.kind === "request") this.#deliverRequest(message, flow);
      else this.#deliverResponse(message, flow);
    } catch (error) {
      this.#answerFault(error, message, flow);
    }
  }

  #deliverRequest(request: SipRequest, flow: Flow): void {
    const { clock, counters, handlers } = this.#options;
    counters.received.requests++;
    const via = request.headers.get("Via");
    if (via === undefined) {
      this.#drop("no-via");
      return;
    }
    const stamped = stampVia(via, flow.remoteAddress, flow.remotePort);
    if (stamped !== via) request.headers.replaceFirst("Via", stamped);
    handlers.onRequest({ request, flow, receivedAtMilliseconds: clock.nowMilliseconds() });
  }

  #deliverResponse(response: SipResponse, flow: Flow): void {
    const { counters, handlers, isOurSentBy } = this.#options;
    counters.received.responses++;
    if (validateResponse(response) !== undefined) {
      counters.parseErrors++;
      this.#drop("unparsable-response");
      return;
    }
    // §18.1.2: a response to somebody else's request must be discarded.
    const { host, port } = response.topVia;
    if (!isOurSentBy(flow, host, port)) {
      this.#drop("foreign-response");
      return;
    }
    handlers.onResponse(response, flow);
  }

  /** A handler threw: a header that it read was malformed, or it has a fault of its own. */
  #answerFault(error: unknown, message: SipMessage, flow: Flow): void {
    if (error instanceof SipParseError) {
      this.#refuse(error, message.kind === "request" ? message : undefined, flow);
      return;
    }
    this.#options.handlers.onFault(error, `${message.kind} handler`);
    if (message.kind === "request") this.#answer(message, 500, undefined, flow);
  }

  /** Says 400 where there is enough of a request to say it to. */
  #refuse(error: SipParseError, request: SipRequest | undefined, flow: Flow): void {
    this.#options.counters.parseErrors++;
    if (request === undefined) {
      this.#drop("unparsable-response");
      return;
    }
    this.#drop("unparsable-request");
    this.#answer(
      request,
      error.status,
      `${reasonPhrase(error.status)} (${error.where}: ${error.detail})`,
      flow,
    );
  }

  #answer(request: SipRequest, status: number, reason: string | undefined, flow: Flow): void {
    // An ACK is never answered, and without a Via nobody could make use of the answer.
    if (request.method === "ACK" || !request.headers.has("Via")) return;
    this.#options.sendResponse(buildResponse(request, status, reason, { toTag: newTag() }), flow);
  }

  #drop(reason: DropReason): void {
    this.#options.counters.dropped[reason]++;
  }
}

/** CRLFs, NULs as some phones send them, STUN (RFC 5626 §4.4.2), anything too short to be SIP. */
function isKeepAlive(bytes: Buffer): boolean {
  if (bytes.length < shortestMessageBytes) return true;
  const first = bytes[0];
  if (first === 0x00 || first === 0x01) return true;
  if (first !== 0x0d && first !== 0x0a) return false;
  return bytes.every((byte) => byte === 0x0d || byte === 0x0a || byte === 0x20 || byte === 0x00);
}
