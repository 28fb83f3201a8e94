import { createHash } from "node:crypto";
import type { PhoneConfiguration, PhoneRequest } from "../../provisioning-http/phone-directory.ts";
import { provisioningPath } from "../../provisioning-http/provisioning-path.ts";
import { type Device, isEnrolled } from "../domain/device.ts";
import type { OnboardingAccount } from "../domain/onboarding-account.ts";
import { onboardingDomain, type RegionId, regionName } from "../domain/region.ts";
import type { Tenant } from "../domain/tenant.ts";

/** What every phone of this gateway is told alike. */
export interface GatewayAddresses {
  /** Host or address that phones are told, an IPv6 one without brackets. */
  readonly publicAddress: string;
  readonly sipPort: number;
  readonly provisioningPort: number;
  readonly transport: "udp" | "tcp" | "tls";
  readonly registrationExpiresSeconds: number;
  readonly ntpServer: string;
  readonly utcOffsetSeconds: number;
}

/** How often a phone fetches on its own, in seconds; a NOTIFY makes it fetch sooner. */
const resyncSeconds = 24 * 60 * 60;

/** `http://HOST:PORT/`, from which a region's or a device's URL is built. */
export function provisioningBaseUrl(addresses: GatewayAddresses): string {
  const { publicAddress, provisioningPort } = addresses;
  const host = publicAddress.includes(":") ? `[${publicAddress}]` : publicAddress;
  return `http://${host}:${provisioningPort}`;
}

/** The configuration of a phone that nobody is signed in on: its onboarding account and its next URL. */
export function describeConfiguration(
  addresses: GatewayAddresses,
  tenant: Tenant,
  device: Device,
  region: RegionId,
  account: OnboardingAccount,
  request: PhoneRequest,
): PhoneConfiguration {
  const server = { host: addresses.publicAddress, port: addresses.sipPort };
  const enrolled = isEnrolled(device);
  const label = enrolled ? `${tenant.name} - sign in` : `Dial *55* and the code`;
  const path = provisioningPath({
    region,
    language: request.language,
    tenantId: request.tenantId,
    secret: account.urlSecret,
  });
  const configuration = {
    account: {
      user: device.macAddress,
      domain: onboardingDomain(region),
      authenticationName: account.authenticationName,
      password: account.password,
      displayName: device.macAddress,
      label,
    },
    registrar: server,
    outboundProxy: server,
    transport: addresses.transport,
    registrationExpiresSeconds: addresses.registrationExpiresSeconds,
    language: request.language ?? "en",
    time: { ntpServer: addresses.ntpServer, utcOffsetSeconds: addresses.utcOffsetSeconds },
    nextProvisioningUrl: `${provisioningBaseUrl(addresses)}${path}`,
    resyncSeconds,
    messageWaiting: false,
    screenTitle: enrolled ? tenant.name : `SIP Gateway ${regionName(region)}`,
  };
  return { ...configuration, configurationVersion: versionOf(configuration) };
}

/** Names a configuration by its content, without the fresh account that every unenrolled fetch gets. */
function versionOf(configuration: Omit<PhoneConfiguration, "configurationVersion">): string {
  const { account, nextProvisioningUrl: _, ...rest } = configuration;
  const told = { ...rest, user: account.user, label: account.label };
  return createHash("sha256").update(JSON.stringify(told)).digest("hex").slice(0, 12);
}
