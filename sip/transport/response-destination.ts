import type { SipResponse } from "../message/sip-message.ts";
import { SipParseError } from "../message/sip-parse-error.ts";
import type { Via } from "../message/via.ts";
import type { Flow, TransportName } from "./flow.ts";

/** The port of a transport where a Via or URI names none (RFC 3261 §18.2.2, RFC 7118 §8). */
export function defaultPort(transport: TransportName): number {
  switch (transport) {
    case "UDP":
    case "TCP":
      return 5060;
    case "TLS":
      return 5061;
    case "WS":
      return 80;
    case "WSS":
      return 443;
  }
}

/**
 * Whether a response over UDP goes back to the very source port of its request: the client asked
 * for `rport` (RFC 3581 §4), or its sent-by names that port anyway.
 */
export function respondsToSource(response: SipResponse, flow: Flow): boolean {
  const value = response.headers.get("Via") ?? "";
  const comma = value.indexOf(",");
  const top = comma < 0 ? value : value.slice(0, comma);
  // The transport wrote this parameter itself, so its text is known and no parse is needed.
  if (top.includes(`;rport=${flow.remotePort}`)) return true;
  return sentByPortOf(response, flow) === flow.remotePort;
}

/** The port of the topmost Via's sent-by; the source port where that Via cannot be read. */
export function sentByPortOf(response: SipResponse, flow: Flow): number {
  const via = readTopVia(response);
  if (via === undefined || (flow.transport === "UDP" && via.rport !== undefined)) {
    return flow.remotePort;
  }
  return via.port ?? defaultPort(flow.transport);
}

function readTopVia(response: SipResponse): Via | undefined {
  try {
    return response.topVia;
  } catch (error) {
    if (error instanceof SipParseError) return undefined;
    throw error;
  }
}
