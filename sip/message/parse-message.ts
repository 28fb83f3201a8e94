import { decodeHead } from "./decode-head.ts";
import { type MessageHead, parseHead, readContentLength } from "./message-head.ts";
import type { SipMessage } from "./sip-message.ts";
import { SipParseError } from "./sip-parse-error.ts";

const emptyLine = Buffer.from("\r\n\r\n");

/**
 * Reads one datagram (RFC 3261 §7, §18.3). Empty lines before the start line are passed over; bytes
 * beyond Content-Length are dropped; a body shorter than Content-Length stays as it is, for
 * `validateRequest` to answer. Header values are not looked into.
 *
 * @throws SipParseError where the bytes cannot be represented as a message; its `partial` is there
 * when enough could be read to answer.
 */
export function parseMessage(bytes: Buffer): SipMessage {
  let start = 0;
  while (bytes[start] === 13 && bytes[start + 1] === 10) start += 2;
  const found = bytes.indexOf(emptyLine, start);
  const headEnd = found < 0 ? bytes.length : found;
  const head = parseHead(decodeHead(bytes, start, headEnd));
  const bodyStart = found < 0 ? bytes.length : found + 4;
  const length = readContentLength(head.message.headers);
  const available = bytes.length - bodyStart;
  const bodyLength = typeof length === "number" && length < available ? length : available;
  if (bodyLength > 0) head.message.body = bytes.subarray(bodyStart, bodyStart + bodyLength);
  return withoutFault(head);
}

/** The message. @throws SipParseError, with what could be read, when there is a fault in its head. */
export function withoutFault(head: MessageHead): SipMessage {
  const { message, fault } = head;
  if (fault === undefined) return message;
  if (message.kind === "request") {
    throw new SipParseError(fault.where, fault.detail, { partial: message });
  }
  throw new SipParseError(fault.where, fault.detail);
}
