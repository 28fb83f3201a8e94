import { parseAddress } from "../message/name-address.ts";
import type { SipRequest } from "../message/sip-message.ts";
import { formatUri, isSipUri } from "../message/sip-uri.ts";
import { readMaxForwards } from "./validate-forwarding.ts";

/** What makes a copy differ from the request received. */
export interface CopyChanges {
  readonly requestUri: string;
  /** The copy's Route, first hop first; what the request itself had is gone. */
  readonly routes: readonly string[];
  /** Put on top, first one on top. */
  readonly recordRoutes: readonly string[];
}

/**
 * The copy of a request that goes to one target (RFC 3261 §16.6 steps 1 to 6); Via, branch and
 * Timer C are put to it by who sends it.
 */
export function buildForwardedCopy(received: SipRequest, changes: CopyChanges): SipRequest {
  const copy = received.clone();
  copy.requestUri = changes.requestUri;
  const maxForwards = readMaxForwards(received);
  const left = typeof maxForwards === "number" ? maxForwards - 1 : 70;
  copy.headers.set("Max-Forwards", String(left));
  for (const value of changes.recordRoutes.toReversed()) {
    copy.headers.prepend("Record-Route", value);
  }
  copy.headers.setAll("Route", changes.routes);
  serveStrictRouter(copy, changes.routes);
  return copy;
}

/** §16.6 step 6: a first hop without `lr` wants to find itself in the Request-URI. */
function serveStrictRouter(copy: SipRequest, routes: readonly string[]): void {
  const [first, ...rest] = routes;
  if (first === undefined) return;
  const { uri } = parseAddress(first);
  if (!isSipUri(uri) || uri.parameters.has("lr")) return;
  copy.headers.setAll("Route", [...rest, `<${copy.requestUri}>`]);
  copy.requestUri = formatUri(uri);
}

/** The URI that says where a copy goes when nothing else does: its first Route, or its target. */
export function nextHopUri(requestUri: string, routes: readonly string[]): string {
  const [first] = routes;
  return first === undefined ? requestUri : formatUri(parseAddress(first).uri);
}
