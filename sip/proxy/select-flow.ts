import type { Flow } from "../transport/flow.ts";
import { TransportError } from "../transport/transport-error.ts";
import type { FlowTarget, TransportLayer } from "../transport/transport-layer.ts";
import { nextHopUri } from "./forward-request.ts";
import { NextHopError } from "./next-hop-error.ts";
import type { ProxyTarget } from "./proxy-target.ts";
import type { NextHopResolver } from "./resolve-next-hop.ts";

/**
 * A flow to a target whose own is not open: its hop, or what its first Route or its URI resolves
 * to, one address after the other (RFC 3261 §16.6 step 7, RFC 3263 §4.3).
 *
 * @throws NextHopError or TransportError when there is none, SipParseError when a URI is malformed
 */
export async function selectFlow(
  target: ProxyTarget,
  transport: Pick<TransportLayer, "flowTo">,
  resolve: NextHopResolver,
): Promise<Flow> {
  const hops: readonly FlowTarget[] =
    target.hop === undefined
      ? await resolve(nextHopUri(target.uri, target.routes ?? []))
      : [target.hop];
  let failure: Error = new NextHopError("no address was found");
  for (const hop of hops) {
    try {
      return await transport.flowTo(hop);
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
      failure = error;
    }
  }
  throw failure;
}
