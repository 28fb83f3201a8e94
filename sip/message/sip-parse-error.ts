/** A message or a header that is not what the grammar of RFC 3261 §25 says it must be. */
export class SipParseError extends Error {
  readonly code = "SIP_PARSE_ERROR";
  /** The header's canonical name, or `start line`, `Request-URI`, `message`. */
  readonly where: string;
  /** What is wrong, fit for a reason phrase: no bytes of the input are in it. */
  readonly detail: string;

  constructor(where: string, detail: string) {
    super(`${where}: ${detail}`);
    this.name = "SipParseError";
    this.where = where;
    this.detail = detail;
  }
}
