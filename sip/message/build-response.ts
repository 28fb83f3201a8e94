import { HeaderFields } from "./header-fields.ts";
import { reasonPhrase } from "./reason-phrases.ts";
import { type SipRequest, SipResponse } from "./sip-message.ts";
import { SipParseError } from "./sip-parse-error.ts";

export { reasonPhrase } from "./reason-phrases.ts";

/** What a response has beside what is copied from the request. */
export interface ResponseOptions {
  /** Added to To where the request's has no tag (§8.2.6.2). */
  readonly toTag?: string;
  /** Added behind the copied ones, in this order. */
  readonly headers?: readonly (readonly [name: string, value: string])[];
  readonly body?: Buffer;
}

/**
 * A response to `request` (RFC 3261 §8.2.6): Via, From, To, Call-ID and CSeq are copied as they
 * came, even where they are malformed. A 100 gets the request's Timestamp (§8.2.6.1).
 *
 * @param reason the standard phrase of `status` when not given.
 */
export function buildResponse(
  request: SipRequest,
  status: number,
  reason: string = reasonPhrase(status),
  options: ResponseOptions = {},
): SipResponse {
  const headers = new HeaderFields();
  headers.copyForResponse(request.headers);
  if (options.toTag !== undefined && status > 100) addToTag(request, headers, options.toTag);
  if (status === 100) {
    const timestamp = request.headers.get("Timestamp");
    if (timestamp !== undefined) headers.append("Timestamp", timestamp);
  }
  if (options.headers !== undefined) {
    for (const [name, value] of options.headers) headers.append(name, value);
  }
  return options.body === undefined
    ? new SipResponse(status, reason, headers)
    : new SipResponse(status, reason, headers, options.body);
}

function addToTag(request: SipRequest, headers: HeaderFields, tag: string): void {
  const to = headers.get("To");
  if (to === undefined || hasTag(request, to)) return;
  headers.set("To", `${to};tag=${tag}`);
}

function hasTag(request: SipRequest, to: string): boolean {
  if (to.endsWith(">")) return false;
  try {
    return request.to.parameters.has("tag");
  } catch (error) {
    if (!(error instanceof SipParseError)) throw error;
    return /;\s*tag\s*=/i.test(to.slice(to.lastIndexOf(">") + 1));
  }
}
