import { type Contacts, parseContactLine, parseContacts } from "./contact.ts";
import { type CSeq, parseCSeq } from "./cseq.ts";
import { HeaderFields } from "./header-fields.ts";
import { type NameAddress, parseAddress } from "./name-address.ts";
import { SipParseError } from "./sip-parse-error.ts";
import { type OtherUri, parseUri, type SipUri } from "./sip-uri.ts";
import { parseVias, type Via } from "./via.ts";

const noBody: Buffer = Buffer.alloc(0);

/**
 * What requests and responses have in common (RFC 3261 §7). The getters parse on first use and
 * throw {@link SipParseError} where the header is missing or malformed; `validateRequest` and
 * `validateResponse` say the same without throwing.
 */
abstract class SipMessageBase {
  headers: HeaderFields;
  body: Buffer;

  constructor(headers: HeaderFields, body: Buffer) {
    this.headers = headers;
    this.body = body;
  }

  /** The topmost Via. */
  get topVia(): Via {
    const via = this.#required("Via", parseVias)[0];
    if (via === undefined) throw new SipParseError("Via", "the header is empty");
    return via;
  }

  get from(): NameAddress {
    return this.#required("From", parseAddress);
  }

  get to(): NameAddress {
    return this.#required("To", parseAddress);
  }

  get callId(): string {
    const callId = this.headers.get("Call-ID");
    if (callId === undefined || callId === "") {
      throw new SipParseError("Call-ID", "the header is missing");
    }
    return callId;
  }

  get cseq(): CSeq {
    return this.#required("CSeq", parseCSeq);
  }

  /** Every Contact of every Contact line in order, or `"*"`; empty when there is none. */
  get contacts(): Contacts {
    if (this.headers.count("Contact") === 1) return this.#required("Contact", parseContactLine);
    return parseContacts(this.headers.getAll("Contact"));
  }

  #required<T>(name: string, reader: (value: string) => T): T {
    const value = this.headers.read(name, reader);
    if (value === undefined) throw new SipParseError(name, "the header is missing");
    return value;
  }
}

/** A SIP request (RFC 3261 §7.1). */
export class SipRequest extends SipMessageBase {
  readonly kind = "request";
  method: string;
  /** As on the wire. */
  requestUri: string;
  /** `SIP/2.0`, or what else stood in the start line: `validateRequest` answers that. */
  version = "SIP/2.0";
  #uri: SipUri | OtherUri | undefined;
  #uriText = "";

  constructor(method: string, requestUri: string, headers = new HeaderFields(), body = noBody) {
    super(headers, body);
    this.method = method;
    this.requestUri = requestUri;
  }

  /** The Request-URI, parsed. @throws SipParseError when it is no URI. */
  get uri(): SipUri | OtherUri {
    if (this.#uri === undefined || this.#uriText !== this.requestUri) {
      this.#uri = parseUri(this.requestUri);
      this.#uriText = this.requestUri;
    }
    return this.#uri;
  }

  /** A copy that shares nothing but the body's bytes. */
  clone(): SipRequest {
    const copy = new SipRequest(this.method, this.requestUri, this.headers.clone(), this.body);
    copy.version = this.version;
    return copy;
  }
}

/** A SIP response (RFC 3261 §7.2). */
export class SipResponse extends SipMessageBase {
  readonly kind = "response";
  status: number;
  reason: string;

  constructor(status: number, reason: string, headers = new HeaderFields(), body = noBody) {
    super(headers, body);
    this.status = status;
    this.reason = reason;
  }

  /** A copy that shares nothing but the body's bytes. */
  clone(): SipResponse {
    return new SipResponse(this.status, this.reason, this.headers.clone(), this.body);
  }
}

export type SipMessage = SipRequest | SipResponse;
