import type { ListenerOptions } from "../../sip/transport/transport-layer.ts";
import type { SipServerOptions } from "./sip-server-options.ts";

/** The sockets that a SIP server opens: UDP and TCP, and TLS where it has a certificate. */
export function listenersOf(
  options: Pick<SipServerOptions, "bindAddress" | "sipPort" | "tls">,
): ListenerOptions[] {
  const { bindAddress: address, sipPort: port, tls } = options;
  const listeners: ListenerOptions[] = [
    { transport: "UDP", address, port },
    { transport: "TCP", address, port },
  ];
  if (tls !== undefined) listeners.push({ transport: "TLS", address, port: tls.port, tls });
  return listeners;
}
