import { HeaderFields } from "../message/header-fields.ts";
import { newCallId, newTag } from "../message/identifiers.ts";
import { formatAddress, type NameAddress } from "../message/name-address.ts";
import { SipRequest } from "../message/sip-message.ts";

/** What a request outside of a dialog is made of. */
export interface RequestParts {
  readonly method: string;
  readonly requestUri: string;
  /** Without a tag; one is made. */
  readonly from: NameAddress;
  readonly to: NameAddress;
  /** Both are kept over all registrations of a phone (RFC 3261 §10.2). */
  readonly callId?: string;
  readonly fromTag?: string;
  readonly sequence?: number;
  /** Added behind the mandatory ones, in this order (Contact, Event, Expires, Content-Type, …). */
  readonly headers?: readonly (readonly [name: string, value: string])[];
  readonly body?: Buffer;
}

/** A request outside of a dialog (RFC 3261 §8.1.1), but for the Via, which comes with the sending. */
export function buildRequest(parts: RequestParts): SipRequest {
  const headers = new HeaderFields();
  const from = new Map([...parts.from.parameters, ["tag", parts.fromTag ?? newTag()] as const]);
  headers.append("Max-Forwards", "70");
  headers.append("From", formatAddress({ ...parts.from, parameters: from }));
  headers.append("To", formatAddress(parts.to));
  headers.append("Call-ID", parts.callId ?? newCallId());
  headers.append("CSeq", `${parts.sequence ?? 1} ${parts.method}`);
  for (const [name, value] of parts.headers ?? []) headers.append(name, value);
  return new SipRequest(parts.method, parts.requestUri, headers, parts.body);
}
