import type { NameAddress } from "../message/name-address.ts";
import type { SipRequest, SipResponse } from "../message/sip-message.ts";
import { splitList } from "../message/split-list.ts";
import type { Via } from "../message/via.ts";

const magicCookie = "z9hg4bk";

/**
 * The key of the server transaction that a request belongs to (RFC 3261 §17.2.3): branch, sent-by
 * and method, where an ACK has the key of its INVITE.
 *
 * Branches are compared without regard to case: they are tokens, and §7.3.1 says that tokens are
 * always case-insensitive. A client that makes two branches which differ in case only breaks
 * §8.1.1.7, and then the first request is answered for both, which is what the RFC asks for.
 *
 * Requests of RFC 2543, without the magic cookie or with nothing behind it (RFC 4475 §3.2.1), are
 * known by Request-URI, From tag, Call-ID, CSeq number and topmost Via. The To tag is no part of
 * the key: an ACK bears that of the response, so {@link acknowledges} looks at it.
 *
 * @throws SipParseError when a header that the key is made of is missing or malformed
 */
export function serverTransactionKey(request: SipRequest): string {
  return keyFor(request, request.method === "ACK" ? "INVITE" : request.method);
}

/** The key of the INVITE that a CANCEL is for (§9.2). @throws as {@link serverTransactionKey} */
export function cancelledTransactionKey(cancel: SipRequest): string {
  return keyFor(cancel, "INVITE");
}

function keyFor(request: SipRequest, method: string): string {
  const via = request.topVia;
  const branch = via.branch?.toLowerCase() ?? "";
  if (branch.length > magicCookie.length && branch.startsWith(magicCookie)) {
    return `${method} ${branch} ${sentBy(via)}`;
  }
  const topVia = splitList(request.headers.get("Via") ?? "")[0] ?? "";
  const { number } = request.cseq;
  const from = tagOf(request.from);
  return `${method} ${number} ${request.requestUri} ${from} ${request.callId} ${topVia}`;
}

/** A port that is missing stays so: a client writes its sent-by the same way each time. */
function sentBy(via: Via): string {
  const host = via.host.toLowerCase();
  return via.port === undefined ? host : `${host}:${via.port}`;
}

function tagOf(address: NameAddress): string {
  return address.parameters.get("tag") ?? "";
}

/**
 * Whether an ACK whose key is that of an INVITE really answers this response to it. By RFC 3261
 * the branch says so; by RFC 2543 the To tag has to be the response's (§17.2.3).
 */
export function acknowledges(ack: SipRequest, response: SipResponse | undefined): boolean {
  const branch = ack.topVia.branch?.toLowerCase() ?? "";
  if (branch.length > magicCookie.length && branch.startsWith(magicCookie)) return true;
  return response !== undefined && tagOf(ack.to) === tagOf(response.to);
}

/** The key of the client transaction that a request of ours makes (§17.1.3). */
export function clientTransactionKey(method: string, branch: string): string {
  return `${method} ${branch.toLowerCase()}`;
}

/**
 * The key of the client transaction that a response belongs to (§17.1.3): the branch that we put
 * into the topmost Via, and the method of CSeq, since a CANCEL has the branch of its INVITE.
 *
 * @returns undefined when the topmost Via has no branch, so that it cannot be ours
 */
export function responseTransactionKey(response: SipResponse): string | undefined {
  const { branch } = response.topVia;
  return branch === undefined ? undefined : clientTransactionKey(response.cseq.method, branch);
}

/**
 * What two requests share that are one request come by two ways (RFC 3261 §8.2.2.2): From tag,
 * Call-ID and CSeq.
 *
 * @returns undefined for a request inside a dialog, which cannot be merged
 */
export function mergedRequestKey(request: SipRequest): string | undefined {
  if (request.to.parameters.has("tag")) return undefined;
  const { number, method } = request.cseq;
  return `${number} ${method} ${tagOf(request.from)} ${request.callId}`;
}
