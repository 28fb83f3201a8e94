import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { isSipUri, parseUri, type SipUri } from "../message/sip-uri.ts";
import type { TransportName } from "../transport/flow.ts";
import { defaultPort } from "../transport/response-destination.ts";
import type { FlowTarget } from "../transport/transport-layer.ts";
import { NextHopError } from "./next-hop-error.ts";

/** Finds where a request for a URI may be sent, best first. @throws NextHopError when nowhere */
export type NextHopResolver = (uri: string) => Promise<readonly FlowTarget[]>;

const transports: ReadonlyMap<string, TransportName> = new Map([
  ["udp", "UDP"],
  ["tcp", "TCP"],
  ["tls", "TLS"],
  ["ws", "WS"],
  ["wss", "WSS"],
]);

/**
 * Finds the next hop by the URI's own words and the system's name service (A and AAAA): of RFC 3263
 * the part that needs neither NAPTR nor SRV. Transport: the parameter, else TLS for `sips`, else UDP.
 */
export const resolveNextHop: NextHopResolver = async (text) => {
  const uri = parseUri(text);
  if (!isSipUri(uri)) throw new NextHopError(`a ${uri.scheme} URI names no host`);
  const transport = transportOf(uri);
  const port = uri.port ?? defaultPort(transport);
  const host = (uri.parameters.get("maddr") ?? uri.host).replace(/^\[|\]$/g, "");
  if (isIP(host) !== 0) return [{ transport, address: host, port }];
  const addresses = await lookUp(host);
  return addresses.map((address) => ({ transport, address, port }));
};

function transportOf(uri: SipUri): TransportName {
  const named = uri.parameters.get("transport")?.toLowerCase();
  const transport = named === undefined ? "UDP" : transports.get(named);
  if (transport === undefined) throw new NextHopError("the URI names an unknown transport");
  // §26.2.2: sips over a transport in clear is none.
  if (uri.scheme === "sips" && (transport === "UDP" || transport === "TCP")) return "TLS";
  return transport;
}

async function lookUp(host: string): Promise<string[]> {
  try {
    const found = await lookup(host, { all: true });
    return found.map(({ address }) => address);
  } catch (cause) {
    throw new NextHopError("the host name cannot be resolved", cause);
  }
}
