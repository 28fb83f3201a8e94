import type { SipMessage } from "./sip-message.ts";
import { SipParseError } from "./sip-parse-error.ts";

/**
 * The message as it goes on the wire (RFC 3261 §7): header fields in their order, names in full,
 * Content-Length set to the body's size (in its place, or last).
 *
 * @throws SipParseError when the start line would hold a line break.
 */
export function serializeMessage(message: SipMessage): Buffer {
  const { body } = message;
  const head = Buffer.from(
    `${startLine(message)}\r\n${message.headers.toWire(body.length)}`,
    "utf8",
  );
  return body.length === 0 ? head : Buffer.concat([head, body]);
}

function startLine(message: SipMessage): string {
  const line =
    message.kind === "request"
      ? `${message.method} ${message.requestUri} ${message.version}`
      : `SIP/2.0 ${message.status} ${message.reason}`;
  if (line.includes("\r") || line.includes("\n")) {
    throw new SipParseError("start line", "holds a line break");
  }
  return line;
}
