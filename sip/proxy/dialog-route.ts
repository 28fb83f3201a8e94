import { type NameAddress, parseAddress } from "../message/name-address.ts";
import type { SipRequest } from "../message/sip-message.ts";
import { isSipUri, type SipUri } from "../message/sip-uri.ts";
import type { Flow } from "../transport/flow.ts";
import { defaultPort } from "../transport/response-destination.ts";
import { type DialogDirection, directionOf, type FlowTokens } from "./flow-token.ts";
import type { ProxyTarget } from "./proxy-target.ts";
import { preprocessRoute } from "./route-preprocessing.ts";

/** Where a request inside a dialog goes, or why it is not relayed. */
export type DialogRoute =
  | { readonly outcome: "relay"; readonly target: ProxyTarget; readonly from: DialogDirection }
  /** No Route of ours: the dialog does not come by us. */
  | { readonly outcome: "not-ours" }
  /** A Route of ours whose token is missing, forged, or of another dialog. */
  | { readonly outcome: "forged" };

/** What the way through a dialog is found by. */
export interface DialogRouteContext {
  readonly tokens: FlowTokens;
  readonly isOwnUri: (uri: SipUri) => boolean;
  readonly flowById: (id: string) => Flow | undefined;
}

/**
 * Finds the way of a request inside a dialog by the token in our Record-Route, which the parties
 * send back as Route (RFC 3261 §16.4, §16.12): on the flow of the other party, unless the route set
 * leads to somebody who is not at that flow's end.
 *
 * @throws SipParseError when Route or Request-URI is malformed
 */
export function findDialogRoute(request: SipRequest, context: DialogRouteContext): DialogRoute {
  const { requestUri, routes, ownUserParts } = preprocessRoute(request, context.isOwnUri);
  if (ownUserParts.length === 0) return { outcome: "not-ours" };
  let otherFlowId = "";
  let from: DialogDirection = "from-caller";
  // A phone may put its outbound proxy before the route set: that is us without a token.
  const given = ownUserParts.filter((userPart) => userPart !== "");
  if (given.length === 0) return { outcome: "forged" };
  for (const token of given) {
    const claims = context.tokens.verify(token);
    const direction = claims === undefined ? undefined : directionOf(request, claims);
    if (claims === undefined || direction === undefined) return { outcome: "forged" };
    // After a spiral there are several of our tokens; the last one leads away from us.
    otherFlowId = direction === "from-caller" ? claims.calleeFlowId : claims.callerFlowId;
    from = direction;
  }
  const target: ProxyTarget = { uri: requestUri, routes };
  const flow = context.flowById(otherFlowId);
  if (!flow?.open || !leadsTo(flow, routes)) return { outcome: "relay", target, from };
  return { outcome: "relay", target: { ...target, flow }, from };
}

/** Whether the next hop is at the end of this flow; without a Route, the flow knows better than any Contact. */
function leadsTo(flow: Flow, routes: readonly string[]): boolean {
  const [next] = routes;
  if (next === undefined) return true;
  const { uri }: NameAddress = parseAddress(next);
  if (!isSipUri(uri)) return false;
  const port = uri.port ?? defaultPort(flow.transport);
  return uri.host.replace(/^\[|\]$/g, "") === flow.remoteAddress && port === flow.remotePort;
}
