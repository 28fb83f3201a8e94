import { consistsOf, digitCharacter } from "../message/character-classes.ts";
import type { SipRequest } from "../message/sip-message.ts";
import { isSipUri } from "../message/sip-uri.ts";
import type { RequestFault } from "../message/validate-request.ts";
import { isLoop, type OwnSentBy } from "./loop-detection.ts";

/**
 * Whether a request may be forwarded (RFC 3261 §16.3): Request-URI scheme 416, Max-Forwards 483,
 * loop 482, Proxy-Require 420. Its syntax (step 1) is `validateRequest`'s business.
 *
 * @returns the answer to give, or undefined when it may be
 */
export function validateForwarding(
  request: SipRequest,
  isOwnSentBy: OwnSentBy,
): RequestFault | undefined {
  if (!isSipUri(request.uri) && request.uri.scheme !== "tel") {
    return { status: 416, reason: "Unsupported URI Scheme", headers: [] };
  }
  const maxForwards = readMaxForwards(request);
  if (maxForwards === "malformed") {
    return { status: 400, reason: "Bad Request (Max-Forwards: malformed)", headers: [] };
  }
  if (maxForwards === 0) return { status: 483, reason: "Too Many Hops", headers: [] };
  if (isLoop(request, isOwnSentBy)) {
    return { status: 482, reason: "Loop Detected", headers: [] };
  }
  const required = request.headers.getAll("Proxy-Require").join(", ");
  // We have no extension that a client could insist on, so each is unsupported.
  if (required !== "") {
    return { status: 420, reason: "Bad Extension", headers: [["Unsupported", required]] };
  }
  return undefined;
}

/** Max-Forwards, or undefined where there is none (RFC 2543). */
export function readMaxForwards(request: SipRequest): number | "malformed" | undefined {
  const value = request.headers.get("Max-Forwards");
  if (value === undefined) return undefined;
  const wellFormed = value.length > 0 && value.length < 12 && consistsOf(digitCharacter, value);
  return wellFormed && Number(value) <= 255 ? Number(value) : "malformed";
}
