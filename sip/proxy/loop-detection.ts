import { createHash } from "node:crypto";
import { newBranch } from "../message/identifiers.ts";
import type { SipRequest } from "../message/sip-message.ts";
import { parseVias, type Via } from "../message/via.ts";

/** Whether a Via's sent-by is ours. */
export type OwnSentBy = (via: Via) => boolean;

/**
 * A branch for a copy of `received`, whose part behind the dot is the same whenever a request
 * would be treated the same way again (RFC 3261 §16.6 step 8, RFC 5393 §4.2.1).
 *
 * @param received the request as it came, before the proxy changed anything
 */
export function loopDetectingBranch(received: SipRequest): string {
  return `${newBranch()}.${routingHash(received)}`;
}

/**
 * Whether this request was here before and would go the same way again; one that comes back
 * changed (a spiral) is no loop (§16.3 step 4).
 */
export function isLoop(request: SipRequest, isOwnSentBy: OwnSentBy): boolean {
  let hash: string | undefined;
  for (const line of request.headers.getAll("Via")) {
    for (const via of parseVias(line)) {
      if (!isOwnSentBy(via)) continue;
      hash ??= routingHash(request);
      if (via.branch?.toLowerCase().endsWith(`.${hash}`)) return true;
    }
  }
  return false;
}

/**
 * What decides where a request goes. The topmost Via, which RFC 3261 takes in too, is left out: it
 * is another one at each turn, and no loop would be seen (RFC 5393 §4.2.1). So is the method, that
 * a CANCEL or ACK may be told by the same means.
 */
function routingHash(request: SipRequest): string {
  const { headers } = request;
  const parts = [
    request.requestUri,
    request.callId,
    String(request.cseq.number),
    request.from.parameters.get("tag") ?? "",
    request.to.parameters.get("tag") ?? "",
    ...headers.getAll("Route"),
    ...headers.getAll("Proxy-Require"),
    ...headers.getAll("Proxy-Authorization"),
  ];
  return createHash("sha256").update(parts.join("\n")).digest("hex").slice(0, 16);
}
