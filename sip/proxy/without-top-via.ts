import type { SipResponse } from "../message/sip-message.ts";
import { splitList } from "../message/split-list.ts";

/** A copy of a response without our own Via, as it goes upstream (RFC 3261 §16.7 step 3). */
export function withoutTopVia(response: SipResponse): SipResponse {
  const copy = response.clone();
  const [firstLine = "", ...lines] = copy.headers.getAll("Via");
  copy.headers.setAll("Via", [...splitList(firstLine).slice(1), ...lines]);
  return copy;
}
