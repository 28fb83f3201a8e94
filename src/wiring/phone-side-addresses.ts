import type { Config } from "../config.ts";
import { registrationLimits } from "../domain/apply-registration.ts";
import type { GatewayAddresses } from "../provisioning/describe-configuration.ts";
import type { SipServer } from "../signaling/sip-server.ts";

/** What phones are told, while the ports that the system chose are being filled in. */
export type MutableAddresses = { -readonly [Key in keyof GatewayAddresses]: GatewayAddresses[Key] };

/** What phones are told of this gateway; SIP listens already. */
export function phoneSideAddresses(config: Config, sip: SipServer): MutableAddresses {
  return {
    publicAddress: config.publicAddress,
    sipPort: sip.portOf(config.phoneTransport === "tcp" ? "TCP" : "UDP") ?? config.sipPort,
    provisioningPort: config.provisioningPort,
    transport: config.phoneTransport,
    registrationExpiresSeconds: registrationLimits.defaultExpiresSeconds,
    ntpServer: config.ntpServer,
    utcOffsetSeconds: config.utcOffsetSeconds,
  };
}
