import { consistsOf, digitCharacter, tokenCharacter } from "./character-classes.ts";
import { tableByHeader } from "./header-names.ts";
import { readContentLength } from "./message-head.ts";
import { parseAddressList } from "./name-address.ts";
import { reasonPhrase } from "./reason-phrases.ts";
import type { SipMessage, SipRequest, SipResponse } from "./sip-message.ts";
import { SipParseError } from "./sip-parse-error.ts";
import { isSipUri } from "./sip-uri.ts";

/** Why a request is refused, ready for `buildResponse`. */
export interface RequestFault {
  readonly status: number;
  /** The standard phrase, for 400 with what is wrong behind it. */
  readonly reason: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** A bit for each header that is counted; the mandatory ones and those that may stand once first. */
const headerBits: ReadonlyMap<string, number> = new Map(
  [
    "Via",
    "From",
    "To",
    "Call-ID",
    "CSeq",
    "Max-Forwards",
    "Content-Type",
    "Expires",
    "Contact",
    "Route",
    "Record-Route",
    "Path",
    "Content-Length",
  ].map((name, index) => [name, 1 << index]),
);

const headerTable = tableByHeader(headerBits);

/** RFC 3261 §8.1.1: Via to CSeq; Max-Forwards is left out, since RFC 2543 had none. */
const mandatoryBits = 0b1_1111;
/** From to Expires: headers whose grammar is no list (§7.3.1), so that they may stand once only. */
const singleBits = 0b1111_1110;
const contactBit = bitOf("Contact");
const routeBits = bitOf("Route") | bitOf("Record-Route") | bitOf("Path");

function bitOf(name: string): number {
  return headerBits.get(name) ?? 0;
}

/** The name of the lowest bit that is set. */
function nameOf(bits: number): string {
  for (const [name, bit] of headerBits) if ((bits & bit) !== 0) return name;
  return "message";
}

/**
 * Whether a request is one that may be processed (RFC 3261 §8.1.1, §8.2, §16.3 step 1): version,
 * mandatory headers, one of each, their grammar, and that they agree with each other. Vias below the
 * topmost line are for those who wrote them and are not looked into.
 *
 * @returns the answer to give, or undefined when the request is in order.
 */
export function validateRequest(request: SipRequest): RequestFault | undefined {
  if (request.version !== "SIP/2.0") {
    const other = /^SIP\/[0-9]+\.[0-9]+$/.test(request.version);
    return other ? fault(505) : badRequest(new SipParseError("start line", "malformed"));
  }
  try {
    const census = checkCommon(request);
    checkMethod(request);
    checkMaxForwards(request);
    if ((census & contactBit) !== 0) void request.contacts;
    if ((census & routeBits) !== 0) checkRoutes(request);
    return checkRequestUri(request);
  } catch (error) {
    if (error instanceof SipParseError) return badRequest(error);
    throw error;
  }
}

/** Whether a response may be processed; the fault when not, and then it is dropped (§18.1.2). */
export function validateResponse(response: SipResponse): SipParseError | undefined {
  if (response.status < 100 || response.status > 699) {
    return new SipParseError("start line", "the status is not between 100 and 699");
  }
  try {
    checkCommon(response);
    return undefined;
  } catch (error) {
    if (error instanceof SipParseError) return error;
    throw error;
  }
}

/** @returns which headers are there, as {@link headerBits} names them. */
function checkCommon(message: SipMessage): number {
  const census = message.headers.census(headerTable);
  const missing = ~census & mandatoryBits;
  if (missing !== 0) throw new SipParseError(nameOf(missing), "the header is missing");
  const repeated = (census >>> 16) & singleBits;
  if (repeated !== 0) throw new SipParseError(nameOf(repeated), "the header appears twice");
  void message.topVia;
  within("From", readFrom, message);
  within("To", readTo, message);
  checkCallId(message.callId);
  void message.cseq;
  checkContentLength(message);
  return census;
}

/** Runs a reader and names the header in what it throws. */
function within(name: string, read: (message: SipMessage) => unknown, message: SipMessage): void {
  try {
    read(message);
  } catch (error) {
    if (error instanceof SipParseError) throw new SipParseError(name, error.detail);
    throw error;
  }
}

function readFrom(message: SipMessage): unknown {
  return message.from;
}

function readTo(message: SipMessage): unknown {
  return message.to;
}

function checkCallId(callId: string): void {
  if (callId.includes(" ") || callId.includes("\t"))
    throw new SipParseError("Call-ID", "malformed");
}

/** On a datagram the body may end before Content-Length says so (§18.3). */
function checkContentLength(message: SipMessage): void {
  const length = readContentLength(message.headers);
  if (length === undefined) return;
  if (length === "malformed") throw new SipParseError("Content-Length", "not a number of bytes");
  if (length > message.body.length)
    throw new SipParseError("Content-Length", "larger than the body");
}

function checkMethod(request: SipRequest): void {
  if (!consistsOf(tokenCharacter, request.method))
    throw new SipParseError("start line", "malformed");
  if (request.cseq.method !== request.method) {
    throw new SipParseError("CSeq", "the method is not that of the request");
  }
}

function checkMaxForwards(request: SipRequest): void {
  const value = request.headers.get("Max-Forwards");
  if (value === undefined) return;
  if (value.length > 12 || !consistsOf(digitCharacter, value) || Number(value) > 255) {
    throw new SipParseError("Max-Forwards", "not a number from 0 to 255");
  }
}

function checkRoutes(request: SipRequest): void {
  for (const name of ["Route", "Record-Route", "Path"]) {
    within(name, () => parseAddressList(request.headers.getAll(name)), request);
  }
}

/** §8.2.2.1: 416 for a scheme that is not known; a SIP URI may not have headers here (§19.1.1). */
function checkRequestUri(request: SipRequest): RequestFault | undefined {
  try {
    const uri = request.uri;
    if (!isSipUri(uri)) return uri.scheme === "tel" ? undefined : fault(416);
    if (uri.headers !== undefined)
      throw new SipParseError("Request-URI", "headers are not allowed");
    return undefined;
  } catch (error) {
    if (error instanceof SipParseError) throw new SipParseError("Request-URI", error.detail);
    throw error;
  }
}

function badRequest(error: SipParseError): RequestFault {
  return {
    status: error.status,
    reason: `${reasonPhrase(error.status)} (${error.message})`,
    headers: [],
  };
}

function fault(status: number): RequestFault {
  return { status, reason: reasonPhrase(status), headers: [] };
}
