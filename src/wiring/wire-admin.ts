import { fileURLToPath } from "node:url";
import type { AdminServer } from "../admin-api/admin-server.ts";
import { createAdminServer } from "../admin-api/admin-server.ts";
import type { NodeSource } from "../admin-api/node-source.ts";
import type { Identity } from "../identity/create-identity.ts";
import { LabClock } from "../lab/lab-clock.ts";
import { checkReadiness } from "../observability/health.ts";
import type { GatewayAddresses } from "../provisioning/describe-configuration.ts";
import type { SipServer } from "../signaling/sip-server.ts";
import { type Ground, sharedSecret } from "./ground.ts";
import { newGuideSource } from "./wire-guide.ts";
import type { Presence } from "./wire-presence.ts";

/** Made by scripts/build-admin-center.mjs. */
const adminCenterFolder = fileURLToPath(new URL("../../admin-center/dist", import.meta.url));

/** The administrators' HTTP server, with the identity provider's routes. It does not listen yet. */
export async function newAdminServer(
  ground: Ground,
  sip: SipServer,
  addresses: GatewayAddresses,
  token: string,
  identity: Identity,
  { startSignIn, enforcer, bulkSignIns }: Presence,
  node: NodeSource,
): Promise<AdminServer> {
  const { config, clock, stores, tenant, metrics, logger } = ground;
  const checks = [
    { name: "storage", check: () => stores.ping() },
    { name: "sip", check: async () => requireListening(sip) },
  ];
  return createAdminServer({
    stores,
    clock,
    logger,
    tenant,
    token,
    publicUrl: config.adminPublicUrl,
    phoneSide: () => ({ ...addresses, host: addresses.publicAddress }),
    calls: { list: () => sip.listCalls() },
    node,
    guide: newGuideSource(addresses, tenant),
    metrics,
    readiness: () =>
      checkReadiness(checks, clock, (name, error) =>
        logger.warn({ err: error, check: name }, "Not ready"),
      ),
    adminCenterFolder,
    addIdentityRoutes: identity.addRoutes,
    administratorIdentity: identity.administrators,
    startSignIn,
    bulkSignIns,
    enforcer,
    tellPhone: (device) => sip.tellDevice(device),
    deliver: (tenantId, macAddress) => void sip.deliverCommands(tenantId, macAddress),
    lab: config.lab,
    advanceClock:
      clock instanceof LabClock ? (milliseconds) => clock.advance(milliseconds) : undefined,
    sampleUserSecret: await sharedSecret(stores, "sample-users"),
  });
}

function requireListening(sip: SipServer): void {
  if (!sip.listening) throw new Error("SIP does not listen.");
}
