import ipaddr from "ipaddr.js";

/**
 * Where sound may go, so that nobody makes the gateway send packets at a third party: to the
 * address the phone's SDP names when that is where its signalling comes from, or when both lie in
 * private networks (a phone whose signalling goes through a proxy in the office); otherwise to the
 * signalling's source address, at the port that the SDP names. The latter is also what a phone
 * behind a NAT needs, whose SDP names an address that only its own network knows.
 * @param described the `c=` address of the SDP
 * @param source the IP address that the INVITE came from
 * @returns an IP literal
 */
export function chooseMediaAddress(described: string, source: string): string {
  if (described === source || !ipaddr.isValid(described) || !ipaddr.isValid(source)) return source;
  const sameKind = ipaddr.parse(described).kind() === ipaddr.parse(source).kind();
  return sameKind && isPrivate(described) && isPrivate(source) ? described : source;
}

function isPrivate(address: string): boolean {
  const range = ipaddr.parse(address).range();
  return range === "private" || range === "uniqueLocal" || range === "loopback";
}
