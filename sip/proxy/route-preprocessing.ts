import { formatAddress, type NameAddress, parseAddressList } from "../message/name-address.ts";
import type { SipRequest } from "../message/sip-message.ts";
import { formatUri, isSipUri, type OtherUri, type SipUri } from "../message/sip-uri.ts";
import { isTokenShaped } from "./flow-token.ts";

/** A request's route after what was meant for us is taken off. */
export interface PreprocessedRoute {
  /** The Request-URI that the request goes on with. */
  readonly requestUri: string;
  /** The Route values that are left. */
  readonly routes: readonly string[];
  /** User parts of our own values, in order; "" for one without (a preloaded outbound proxy). */
  readonly ownUserParts: readonly string[];
}

/**
 * RFC 3261 §16.4: undoes what a strict router did to the Request-URI, and takes our own values off
 * the top of Route: both of a double Record-Route, and those of a spiral through us too.
 *
 * @throws SipParseError when Route or Request-URI is malformed
 */
export function preprocessRoute(
  request: SipRequest,
  isOwnUri: (uri: SipUri) => boolean,
): PreprocessedRoute {
  const routes = parseAddressList(request.headers.getAll("Route"));
  const ownUserParts: string[] = [];
  let requestUri = request.requestUri;

  const strictToken = ownToken(request.uri, isOwnUri);
  const lastRoute = routes.at(-1);
  if (strictToken !== undefined && lastRoute !== undefined) {
    ownUserParts.push(strictToken);
    requestUri = formatUri(lastRoute.uri);
    routes.pop();
  }
  while (routes[0] !== undefined && isOwn(routes[0], isOwnUri)) {
    const { uri } = routes[0];
    ownUserParts.push((isSipUri(uri) ? uri.user : undefined) ?? "");
    routes.shift();
  }
  return { requestUri, routes: routes.map(formatAddress), ownUserParts };
}

/** A strict router puts our Record-Route into the Request-URI; only those have a token as user. */
function ownToken(uri: SipUri | OtherUri, isOwnUri: (uri: SipUri) => boolean): string | undefined {
  if (!isSipUri(uri) || uri.user === undefined) return undefined;
  return isTokenShaped(uri.user) && isOwnUri(uri) ? uri.user : undefined;
}

function isOwn(route: NameAddress, isOwnUri: (uri: SipUri) => boolean): boolean {
  return isSipUri(route.uri) && isOwnUri(route.uri);
}
