import type { AdminServer } from "../admin-api/admin-server.ts";
import type { AdminToken } from "../config/admin-token.ts";
import { regionIds, regionName } from "../domain/region.ts";
import { formatStartAnnouncement } from "../observability/start-announcement.ts";
import {
  type GatewayAddresses,
  provisioningBaseUrl,
} from "../provisioning/describe-configuration.ts";
import type { Ground } from "./ground.ts";

/** What a start prints: where everything is and, the first time, the administrator's token. */
export function announcementOfStart(
  { config, clock }: Ground,
  addresses: GatewayAddresses,
  admin: AdminServer,
  { token, made }: AdminToken,
  pretty: boolean,
): string {
  const base = provisioningBaseUrl(addresses);
  const { host, port } = admin.address ?? { host: config.adminBindAddress, port: config.adminPort };
  const warnings: string[] = [];
  if (config.provisioningAccess === "open") {
    warnings.push("PROVISIONING_ACCESS=open: whoever knows a MAC gets its configuration.");
  }
  if (config.lab) warnings.push("LAB=true: the laboratory is open; not for production.");
  const announcement = {
    provisioningUrls: regionIds.map((id) => ({ name: regionName(id), url: `${base}/${id}/` })),
    sip: `sip:${addresses.publicAddress}:${addresses.sipPort} (UDP, TCP), TLS on port ${config.sipTlsPort}`,
    adminCenter: `http://${host}:${port}`,
    storage: config.redisUrl === null ? `SQLite in ${config.dataDirectory}` : "Redis",
    administratorToken: made ? token : null,
    warnings,
  };
  return formatStartAnnouncement(announcement, pretty, clock.nowMilliseconds());
}
