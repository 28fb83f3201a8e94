import {
  consistsOf,
  digitCharacter,
  skip,
  skipSpace,
  tokenCharacter,
} from "./character-classes.ts";
import type { HeaderFields } from "./header-fields.ts";
import { headerNumberAt, unknownHeader } from "./header-names.ts";
import { type SipMessage, SipRequest, SipResponse } from "./sip-message.ts";
import { SipParseError } from "./sip-parse-error.ts";

/** More header fields than this are refused. */
const mostFields = 256;

/** A start line and header fields, and the first fault found in them. */
export interface MessageHead {
  readonly message: SipMessage;
  /** What cannot be represented; the message then lacks the lines at fault. */
  readonly fault: Fault | undefined;
}

/**
 * Reads a start line and header fields (RFC 3261 §7). Lines end in CRLF; a CR or LF that stands
 * alone is a fault, since others who handle the message might see the end of a line in it.
 *
 * @param head the text up to, and without, the empty line.
 * @throws SipParseError when the start line is neither a request's nor a response's.
 */
export function parseHead(head: string): MessageHead {
  let lineEnd = head.indexOf("\r\n");
  if (lineEnd < 0) lineEnd = head.length;
  const message = parseStartLine(head.slice(0, lineEnd));
  const fault = parseFields(head, lineEnd + 2, message.headers);
  return { message, fault };
}

interface Fault {
  readonly where: string;
  readonly detail: string;
}

function parseFields(head: string, start: number, headers: HeaderFields): Fault | undefined {
  let fault: Fault | undefined;
  let position = start;
  while (position < head.length) {
    let lineEnd = endOfLine(head, position);
    let folded = false;
    while (isSpace(head.charCodeAt(lineEnd + 2))) {
      folded = true;
      lineEnd = endOfLine(head, lineEnd + 2);
    }
    if (headers.size === mostFields) return { where: "message", detail: "too many header fields" };
    const detail = parseField(head, position, lineEnd, folded, headers);
    if (detail !== undefined) fault ??= { where: "header", detail };
    position = lineEnd + 2;
  }
  return fault;
}

function endOfLine(head: string, start: number): number {
  const lineEnd = head.indexOf("\r\n", start);
  return lineEnd < 0 ? head.length : lineEnd;
}

/** Adds the field to `headers`; returns what is wrong where it cannot. */
function parseField(
  head: string,
  start: number,
  end: number,
  folded: boolean,
  headers: HeaderFields,
): string | undefined {
  const nameEnd = skip(tokenCharacter, head, start, end);
  if (nameEnd === start) return "a header line without a name";
  const colon = skipSpace(head, nameEnd, end);
  if (head.charCodeAt(colon) !== 58) return "a header name is not followed by a colon";
  const valueStart = skipSpace(head, colon + 1, end);
  let valueEnd = end;
  while (valueEnd > valueStart && isSpace(head.charCodeAt(valueEnd - 1))) valueEnd--;
  let value = head.slice(valueStart, valueEnd);
  if (folded) value = value.replace(/[ \t]*\r\n[ \t]+/g, " ").trim();
  if (hasLineBreak(value)) return loneLineBreak;
  const number = headerNumberAt(head, start, nameEnd);
  headers.appendParsed(number, number === unknownHeader ? head.slice(start, nameEnd) : "", value);
  return undefined;
}

const loneLineBreak = "a CR or LF stands alone";

function hasLineBreak(text: string): boolean {
  return text.indexOf("\n") >= 0 || text.indexOf("\r") >= 0;
}

function isSpace(code: number): boolean {
  return code === 32 || code === 9;
}

function parseStartLine(line: string): SipMessage {
  if (hasLineBreak(line)) throw new SipParseError("start line", loneLineBreak);
  return line.startsWith("SIP/") ? parseStatusLine(line) : parseRequestLine(line);
}

/** §7.1: whatever stands between method and version is kept as the Request-URI, for the validator. */
function parseRequestLine(line: string): SipRequest {
  const methodEnd = skip(tokenCharacter, line, 0, line.length);
  const versionStart = line.endsWith(" SIP/2.0")
    ? line.length - 8
    : line.toUpperCase().lastIndexOf(" SIP/");
  if (methodEnd === 0 || line.charCodeAt(methodEnd) !== 32 || versionStart <= methodEnd) {
    throw new SipParseError("start line", "neither a SIP request nor a SIP response");
  }
  const request = new SipRequest(line.slice(0, methodEnd), line.slice(methodEnd + 1, versionStart));
  if (versionStart !== line.length - 8 || !line.endsWith(" SIP/2.0")) {
    request.version = line.slice(versionStart + 1).toUpperCase();
  }
  return request;
}

/** §7.2: `SIP/2.0 200 OK`; the reason phrase may be empty, and so may the space before it. */
function parseStatusLine(line: string): SipResponse {
  const codeEnd = skip(digitCharacter, line, 8, line.length);
  const after = codeEnd === line.length || line.charCodeAt(codeEnd) === 32;
  if (!line.startsWith("SIP/2.0 ") || codeEnd === 8 || codeEnd > 24 || !after) {
    throw new SipParseError("start line", "neither a SIP request nor a SIP response");
  }
  return new SipResponse(Number(line.slice(8, codeEnd)), line.slice(codeEnd + 1));
}

/**
 * Content-Length (RFC 3261 §20.14) in bytes; undefined when there is no such header, `"malformed"`
 * when it is no number or two of them differ.
 */
export function readContentLength(headers: HeaderFields): number | "malformed" | undefined {
  const value = headers.get("Content-Length");
  if (value === undefined) return undefined;
  if (headers.count("Content-Length") > 1) {
    for (const other of headers.getAll("Content-Length")) if (other !== value) return "malformed";
  }
  if (value.length > 12 || !consistsOf(digitCharacter, value)) return "malformed";
  return Number(value);
}
