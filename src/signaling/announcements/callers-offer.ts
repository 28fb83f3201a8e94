import type { SipRequest } from "../../../sip/message/sip-message.ts";
import { readSessionDescription, type SessionDescription } from "./session-description.ts";

/** A caller's offer, none where he leaves it to us, or the final response that says why none can be used. */
export type OfferReading =
  | { readonly ok: true; readonly offer: SessionDescription | undefined }
  | {
      readonly ok: false;
      readonly status: 400 | 415 | 420 | 488;
      readonly reason?: string;
      readonly headers?: readonly (readonly [string, string])[];
    };

/** The caller's offer, and whether a dialog and sound can come of this INVITE at all. */
export function readCallersOffer(request: SipRequest): OfferReading {
  // RFC 3261 §8.2.2.3: none of the extensions that change a call (100rel, timer) is known here.
  const required = request.headers.getAll("Require").join(", ");
  if (required !== "") return { ok: false, status: 420, headers: [["Unsupported", required]] };
  if (request.contacts === "*" || request.contacts.length === 0) {
    return { ok: false, status: 400, reason: "Missing Contact" };
  }
  if (request.body.length === 0) return { ok: true, offer: undefined };
  const type = request.headers.get("Content-Type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/sdp") {
    return { ok: false, status: 415, headers: [["Accept", "application/sdp"]] };
  }
  const reading = readSessionDescription(request.body);
  if (!reading.ok) return { ok: false, status: 400, reason: "Malformed SDP" };
  if (reading.session.audio === undefined) {
    return {
      ok: false,
      status: 488,
      headers: [["Warning", '305 gateway "PCMU or PCMA over RTP is needed"']],
    };
  }
  return { ok: true, offer: reading.session };
}
