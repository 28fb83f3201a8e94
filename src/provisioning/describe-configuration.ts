import { createHash } from "node:crypto";
import type { PhoneConfiguration, PhoneRequest } from "../../provisioning-http/phone-directory.ts";
import { provisioningPath } from "../../provisioning-http/provisioning-path.ts";
import { screenFolder } from "../../provisioning-http/screen-path.ts";
import { type Device, isEnrolled } from "../domain/device.ts";
import type { OnboardingAccount } from "../domain/onboarding-account.ts";
import { type RegionId, regionName } from "../domain/region.ts";
import type { Tenant } from "../domain/tenant.ts";
import { onboardingPhoneAccount, type SignedInUser, userPhoneAccount } from "./phone-account.ts";

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

/** What one phone's configuration is made of. */
export interface ConfigurationSubject {
  readonly tenant: Tenant;
  readonly device: Device;
  readonly region: RegionId;
  /** Its onboarding account, whose secret stands in the next URL, also while somebody is signed in. */
  readonly onboarding: OnboardingAccount;
  /** Undefined while nobody is signed in. */
  readonly signedIn: SignedInUser | undefined;
  readonly request: PhoneRequest;
}

/** The feature code for voicemail (Microsoft's list of feature codes). */
const voicemailNumber = "*99*";

/**
 * The configuration of a phone: the account of the user who is signed in, else the onboarding one.
 * The next URL stays the same over sign-in and sign-out, since it belongs to the enrolment.
 */
export function describeConfiguration(
  addresses: GatewayAddresses,
  subject: ConfigurationSubject,
): PhoneConfiguration {
  const { tenant, device, region, onboarding, signedIn, request } = subject;
  const server = { host: addresses.publicAddress, port: addresses.sipPort };
  const path = provisioningPath({
    region,
    language: request.language,
    tenantId: request.tenantId,
    secret: onboarding.urlSecret,
  });
  const base = provisioningBaseUrl(addresses);
  const configuration = {
    account:
      signedIn === undefined
        ? onboardingPhoneAccount(tenant, device, region, onboarding)
        : userPhoneAccount(tenant, signedIn),
    registrar: server,
    outboundProxy: server,
    transport: addresses.transport,
    registrationExpiresSeconds: addresses.registrationExpiresSeconds,
    language: request.language ?? "en",
    time: { ntpServer: addresses.ntpServer, utcOffsetSeconds: addresses.utcOffsetSeconds },
    nextProvisioningUrl: `${base}${path}`,
    resyncSeconds,
    ...(signedIn?.policy?.allowVoicemail === true ? { voicemailNumber } : {}),
    messageWaiting: false,
    screenTitle: isEnrolled(device) ? tenant.name : `SIP Gateway ${regionName(region)}`,
    screen: {
      url: `${base}${screenFolder(onboarding.urlSecret)}`,
      keyLabel: signedIn === undefined ? "Sign in" : "Sign out",
    },
  };
  return { ...configuration, configurationVersion: versionOf(configuration, signedIn) };
}

/**
 * Names a configuration by its content: with the name of a user's account, without that of an
 * onboarding one, which is a fresh one at every unenrolled fetch. A policy's version is part of it,
 * so that the file of a phone tells which one it holds.
 */
function versionOf(
  configuration: Omit<PhoneConfiguration, "configurationVersion">,
  signedIn: SignedInUser | undefined,
): string {
  const { account, nextProvisioningUrl: _url, screen: _screen, ...rest } = configuration;
  const { user, label } = account;
  const { policy, authenticationName: accountName } = signedIn ?? {};
  const told = { ...rest, user, label, accountName, policy: [policy?.name, policy?.version] };
  return createHash("sha256").update(JSON.stringify(told)).digest("hex").slice(0, 12);
}
