import type { SipRequest } from "../message/sip-message.ts";
import type { TransportName } from "../transport/flow.ts";

/** Methods that begin a dialog, whose later requests must come by us (RFC 3261 §12, 6665, 3515). */
const dialogMethods = new Set(["INVITE", "SUBSCRIBE", "REFER", "NOTIFY"]);

/** Whether a request begins a dialog that we want to stay in the path of. */
export function beginsDialog(request: SipRequest): boolean {
  return dialogMethods.has(request.method) && !request.to.parameters.has("tag");
}

/**
 * The Record-Route values to be put on top, first one on top (RFC 3261 §16.6 step 4). Where the two
 * sides have different transports there are two, so that each party sees an address that it can
 * send to (RFC 5658).
 *
 * @param sentByFor our `host:port` as peers of a transport know it
 */
export function recordRoutes(
  token: string,
  callerTransport: TransportName,
  calleeTransport: TransportName,
  sentByFor: (transport: TransportName) => string,
): string[] {
  const value = (transport: TransportName) =>
    `<sip:${token}@${sentByFor(transport)};transport=${transport.toLowerCase()};lr>`;
  return callerTransport === calleeTransport
    ? [value(callerTransport)]
    : [value(calleeTransport), value(callerTransport)];
}
