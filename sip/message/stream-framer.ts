import { decodeHead } from "./decode-head.ts";
import { type MessageHead, parseHead, readContentLength } from "./message-head.ts";
import { withoutFault } from "./parse-message.ts";
import type { SipMessage, SipRequest } from "./sip-message.ts";
import { SipParseError } from "./sip-parse-error.ts";

/** What a stream brought. */
export type FramerEvent =
  | { kind: "message"; message: SipMessage }
  /** CRLFCRLF between messages, to be answered with CRLF (RFC 5626 §3.5.1). */
  | { kind: "ping" }
  /** CRLF between messages: the answer to a ping of ours. */
  | { kind: "pong" }
  /** `fatal`: where the next message begins is not known; the connection has to be closed. */
  | { kind: "error"; error: SipParseError; answerable: SipRequest | undefined; fatal: boolean };

/** Sizes over which a message is refused, before memory is taken for it. */
export interface FramerLimits {
  readonly headerBytes: number;
  readonly bodyBytes: number;
}

const defaultLimits: FramerLimits = { headerBytes: 65_536, bodyBytes: 1_048_576 };
const emptyLine = Buffer.from("\r\n\r\n");
const noBytes: Buffer = Buffer.alloc(0);

/**
 * Cuts a stream into messages (RFC 3261 §18.3) and keep-alives (RFC 5626 §4.4.1). Bytes are kept
 * once and looked at once, however small the reads; after a fatal error everything is ignored.
 */
export class StreamFramer {
  readonly #limits: FramerLimits;
  #buffer = noBytes;
  #start = 0;
  #end = 0;
  /** Up to here the empty line has been looked for. */
  #scanned = 0;
  /** The head of the message whose body is awaited. */
  #head: MessageHead | undefined;
  #bodyBytes = 0;
  /** A single CRLF was the last thing that came, and was reported as a pong. */
  #halfPing = false;
  #dead = false;

  constructor(limits: FramerLimits = defaultLimits) {
    this.#limits = limits;
  }

  /** Takes what was read and returns what it completes, in order. The chunk may be reused after. */
  push(chunk: Buffer): FramerEvent[] {
    const events: FramerEvent[] = [];
    if (this.#dead) return events;
    this.#store(chunk);
    while (this.#step(events));
    if (this.#start === this.#end) this.#buffer = noBytes;
    else if (this.#buffer === chunk) this.#move(0);
    return events;
  }

  /** How many bytes of an unfinished message are held: the transport gives their rest a deadline. */
  get pendingBytes(): number {
    return this.#head === undefined
      ? this.#end - this.#start
      : Math.max(1, this.#end - this.#start);
  }

  /** Puts the chunk behind what is held; when nothing is held it is read where it is, and not copied. */
  #store(chunk: Buffer): void {
    if (this.#start === this.#end) {
      this.#buffer = chunk;
      this.#start = 0;
      this.#end = chunk.length;
      this.#scanned = 0;
      return;
    }
    if (this.#end + chunk.length > this.#buffer.length) this.#move(chunk.length);
    chunk.copy(this.#buffer, this.#end);
    this.#end += chunk.length;
  }

  /** Takes what is held to a buffer of its own, at least twice its size, so that bytes move seldom. */
  #move(wanted: number): void {
    const held = this.#end - this.#start;
    const larger = Buffer.allocUnsafeSlow(Math.max(held + wanted, held * 2, 2048));
    this.#buffer.copy(larger, 0, this.#start, this.#end);
    this.#buffer = larger;
    this.#scanned = Math.max(0, this.#scanned - this.#start);
    this.#start = 0;
    this.#end = held;
  }

  /** One event, or false when more bytes are needed. */
  #step(events: FramerEvent[]): boolean {
    if (this.#dead || this.#start === this.#end) return false;
    if (this.#head !== undefined) return this.#takeBody(this.#head, events);
    if (this.#buffer[this.#start] === 13) return this.#takeKeepAlive(events);
    this.#halfPing = false;
    return this.#takeHead(events);
  }

  #takeKeepAlive(events: FramerEvent[]): boolean {
    const held = this.#end - this.#start;
    if (held === 1) return false;
    if (this.#buffer[this.#start + 1] !== 10) {
      this.#fail(events, new SipParseError("start line", "a CR stands alone"), undefined);
      return false;
    }
    const another = held >= 3 && this.#buffer[this.#start + 2] === 13;
    if (this.#halfPing) {
      this.#halfPing = false;
      this.#consume(2);
      events.push({ kind: "ping" });
    } else if (another && held === 3) {
      return false;
    } else if (another && this.#buffer[this.#start + 3] === 10) {
      this.#consume(4);
      events.push({ kind: "ping" });
    } else {
      this.#halfPing = held === 2;
      this.#consume(2);
      events.push({ kind: "pong" });
    }
    return true;
  }

  #consume(bytes: number): void {
    this.#start += bytes;
    this.#scanned = this.#start;
  }

  #takeHead(events: FramerEvent[]): boolean {
    const bytes = this.#buffer.subarray(0, this.#end);
    const headEnd = bytes.indexOf(emptyLine, Math.max(this.#start, this.#scanned - 3));
    this.#scanned = this.#end;
    const headBytes = (headEnd < 0 ? this.#end : headEnd) - this.#start;
    if (headBytes > this.#limits.headerBytes) {
      this.#fail(
        events,
        new SipParseError("message", "the header section is too long", { status: 513 }),
        undefined,
      );
      return false;
    }
    if (headEnd < 0) return false;
    const text = decodeHead(bytes, this.#start, headEnd);
    this.#consume(headBytes + 4);
    try {
      return this.#beginBody(parseHead(text), events);
    } catch (error) {
      if (!(error instanceof SipParseError)) throw error;
      this.#fail(events, error, undefined);
      return false;
    }
  }

  #beginBody(head: MessageHead, events: FramerEvent[]): boolean {
    const request = head.message.kind === "request" ? head.message : undefined;
    const length = readContentLength(head.message.headers);
    if (typeof length !== "number") {
      const detail = length === undefined ? "missing on a stream" : "not a number of bytes";
      this.#fail(events, new SipParseError("Content-Length", detail), request);
      return false;
    }
    if (length > this.#limits.bodyBytes) {
      const error = new SipParseError("Content-Length", "the body is too long", { status: 513 });
      this.#fail(events, error, request);
      return false;
    }
    this.#head = head;
    this.#bodyBytes = length;
    return this.#takeBody(head, events);
  }

  #takeBody(head: MessageHead, events: FramerEvent[]): boolean {
    if (this.#end - this.#start < this.#bodyBytes) return false;
    if (this.#bodyBytes > 0) {
      const bodyEnd = this.#start + this.#bodyBytes;
      head.message.body = Buffer.from(this.#buffer.subarray(this.#start, bodyEnd));
    }
    this.#consume(this.#bodyBytes);
    this.#head = undefined;
    events.push(messageOrError(head));
    return true;
  }

  #fail(events: FramerEvent[], error: SipParseError, answerable: SipRequest | undefined): void {
    this.#dead = true;
    this.#buffer = noBytes;
    this.#start = 0;
    this.#end = 0;
    this.#head = undefined;
    events.push({ kind: "error", error, answerable, fatal: true });
  }
}

function messageOrError(head: MessageHead): FramerEvent {
  try {
    return { kind: "message", message: withoutFault(head) };
  } catch (error) {
    if (!(error instanceof SipParseError)) throw error;
    return { kind: "error", error, answerable: error.partial, fatal: false };
  }
}
