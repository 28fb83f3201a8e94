import { HeaderFields } from "../message/header-fields.ts";
import { SipRequest, type SipResponse } from "../message/sip-message.ts";
import { splitList } from "../message/split-list.ts";

/**
 * The ACK to a final response other than 2xx (RFC 3261 §17.1.1.3): the INVITE's Request-URI,
 * topmost Via and Route, the response's To.
 *
 * @param invite as it was sent, our Via on top
 */
export function buildHopAck(invite: SipRequest, response: SipResponse): SipRequest {
  return buildForHop("ACK", invite, response.headers.get("To") ?? "");
}

/**
 * The CANCEL of a request (§9.1): it has the branch and the Route of what it cancels, so that it
 * goes the same way and is matched by every hop.
 *
 * @param reason a Reason header's value (RFC 3326), by which a phone can tell a call that was
 *   taken elsewhere from a missed one
 */
export function buildCancel(invite: SipRequest, reason: string | undefined): SipRequest {
  const cancel = buildForHop("CANCEL", invite, invite.headers.get("To") ?? "");
  if (reason !== undefined) cancel.headers.append("Reason", reason);
  return cancel;
}

function buildForHop(method: "ACK" | "CANCEL", invite: SipRequest, to: string): SipRequest {
  const headers = new HeaderFields();
  const topVia = splitList(invite.headers.get("Via") ?? "")[0] ?? "";
  headers.append("Via", topVia);
  headers.append("Max-Forwards", "70");
  for (const route of invite.headers.getAll("Route")) headers.append("Route", route);
  headers.append("From", invite.headers.get("From") ?? "");
  headers.append("To", to);
  headers.append("Call-ID", invite.callId);
  headers.append("CSeq", `${invite.cseq.number} ${method}`);
  return new SipRequest(method, invite.requestUri, headers);
}
