import type { SipRequest } from "./sip-message.ts";

/** A message or a header that is not what the grammar of RFC 3261 §25 says it must be. */
export class SipParseError extends Error {
  readonly code = "SIP_PARSE_ERROR";
  /** The header's canonical name, or `start line`, `Request-URI`, `message`. */
  readonly where: string;
  /** What is wrong, fit for a reason phrase: no bytes of the input are in it. */
  readonly detail: string;
  /** The status that answers a request with this fault: 400, or 513 where it is over a limit. */
  readonly status: number;
  /** What could be read of a refused request, when that is enough to build an answer from. */
  readonly partial: SipRequest | undefined;

  constructor(
    where: string,
    detail: string,
    options: { status?: number; partial?: SipRequest } = {},
  ) {
    super(`${where}: ${detail}`);
    this.name = "SipParseError";
    this.where = where;
    this.detail = detail;
    this.status = options.status ?? 400;
    this.partial = options.partial;
  }
}
