import { mkdirSync } from "node:fs";
import type { FastifyInstance } from "fastify";
import { FirmwareFolder } from "../../provisioning-http/firmware-folder.ts";
import type { PhoneDirectory } from "../../provisioning-http/phone-directory.ts";
import { createProvisioningServer } from "../../provisioning-http/provisioning-server.ts";
import type { Device } from "../domain/device.ts";
import { regionIds } from "../domain/region.ts";
import type { GatewayMetrics } from "../observability/metrics.ts";
import { activationHandler } from "../provisioning/activate-by-screen.ts";
import type { GatewayAddresses } from "../provisioning/describe-configuration.ts";
import { GatewayPhoneDirectory } from "../provisioning/gateway-phone-directory.ts";
import { GatewayPhoneScreens } from "../provisioning/gateway-phone-screens.ts";
import type { SipServer } from "../signaling/sip-server.ts";
import type { Ground } from "./ground.ts";
import type { Presence } from "./wire-presence.ts";

/** The HTTP server that phones fetch from. It does not listen yet. */
export function newProvisioningServer(
  ground: Ground,
  addresses: GatewayAddresses,
  sip: SipServer,
  presence: Presence,
): FastifyInstance {
  mkdirSync(ground.config.firmwareDirectory, { recursive: true });
  const { config, stores, clock, tenant, metrics, logger } = ground;
  const { onboardingAccounts, userAccounts } = ground;
  const directory = new GatewayPhoneDirectory({
    stores: { ...stores, clock },
    onboardingAccounts,
    userAccounts,
    tenant,
    access: config.provisioningAccess,
    addresses,
  });
  const activation = {
    ...stores,
    clock,
    tellPhone: (device: Device) => sip.tellDevice(device),
  };
  const nowMilliseconds = () => clock.nowMilliseconds();
  return createProvisioningServer({
    directory: counted(directory, metrics),
    regions: regionIds,
    nowMilliseconds,
    firmware: new FirmwareFolder(config.firmwareDirectory, nowMilliseconds),
    activation: activationHandler(activation, tenant),
    screens: new GatewayPhoneScreens({
      stores: activation,
      onboardingAccounts,
      tenant,
      access: config.provisioningAccess,
      startSignIn: presence.startSignInFromPhone,
      signOut: presence.signOutFromPhone,
      onProviderFault: (error) =>
        logger.warn({ err: error }, "A phone that asked for a sign-in got no pairing code"),
    }),
    logger,
  });
}

function counted(directory: PhoneDirectory, metrics: GatewayMetrics): PhoneDirectory {
  return {
    answer: (request) => directory.answer(request),
    record: (request, outcome) => {
      metrics.provisioningRequest(request.phone.vendor, outcome.status);
      return directory.record(request, outcome);
    },
  };
}
