import type { DeviceRegistration } from "../domain/binding.ts";
import type { Device } from "../domain/device.ts";
import { attentionOf } from "../domain/device-attention.ts";
import { formatMacAddress, type MacAddress } from "../domain/mac-address.ts";
import { offBoardsAtMilliseconds } from "../domain/off-boarding.ts";
import type { Stores } from "../domain/stores.ts";
import type { Tenant } from "../domain/tenant.ts";
import type { TimeSource } from "../domain/time-source.ts";
import type { User } from "../domain/user.ts";
import type { VerificationCode } from "../domain/verification-code.ts";
import { type DevicePolicy, findPolicies, presentPolicy } from "./device-policies.ts";
import type { DeviceRepresentation } from "./device-schema.ts";
import { formatTime, formatTimeOrNull } from "./schema-parts.ts";

/** What telling devices needs. */
export interface DevicePresenterDependencies {
  readonly stores: Pick<
    Stores,
    "bindings" | "codes" | "users" | "policyRefreshes" | "callingPolicies"
  >;
  readonly clock: TimeSource;
  readonly tenant: Tenant;
}

/** Tells devices with what is known of them elsewhere, each store asked once for all of them. */
export async function presentDevices(
  dependencies: DevicePresenterDependencies,
  devices: readonly Device[],
): Promise<DeviceRepresentation[]> {
  if (devices.length === 0) return [];
  const { stores, clock, tenant } = dependencies;
  const now = clock.nowMilliseconds();
  const macAddresses = devices.map((device) => device.macAddress);
  const [registrations, codes, users, policies] = await Promise.all([
    stores.bindings.registrationsOf(tenant.id, macAddresses, now),
    findCodes(dependencies, macAddresses),
    findUsers(dependencies, devices),
    findPolicies(dependencies, devices),
  ]);
  return devices.map((device, index) =>
    present(device, tenant, {
      registration: registrations[index],
      code: codes.known[index],
      codeIsLocked: codes.locked.has(device.macAddress),
      user: device.upn === null ? undefined : users.get(device.upn),
      policy: policies.get(device.macAddress),
      nowMilliseconds: now,
    }),
  );
}

/** Tells one device. */
export async function presentDevice(
  dependencies: DevicePresenterDependencies,
  device: Device,
): Promise<DeviceRepresentation> {
  const [representation] = await presentDevices(dependencies, [device]);
  if (representation === undefined) throw new Error("One device has one representation.");
  return representation;
}

async function findUsers(
  { stores, tenant }: DevicePresenterDependencies,
  devices: readonly Device[],
): Promise<ReadonlyMap<string, User | undefined>> {
  const upns = [...new Set(devices.flatMap(({ upn }) => (upn === null ? [] : [upn])))];
  const found = await stores.users.findMany(tenant.id, upns);
  return new Map(upns.map((upn, index) => [upn, found[index]]));
}

/** Most devices have none, and of those nothing more is asked. */
async function findCodes(
  { stores, tenant }: DevicePresenterDependencies,
  macAddresses: readonly MacAddress[],
) {
  const known = await stores.codes.findMany(tenant.id, macAddresses);
  const withCode = known.flatMap((code) => code?.macAddress ?? []);
  const locked: ReadonlySet<MacAddress> =
    withCode.length === 0 ? new Set() : await stores.codes.listLocked(tenant.id, withCode);
  return { known, locked };
}

function usable(code: VerificationCode | undefined, now: number): VerificationCode | undefined {
  return code !== undefined && code.expiresAtMilliseconds > now ? code : undefined;
}

function present(
  device: Device,
  tenant: Tenant,
  known: {
    readonly registration: DeviceRegistration | undefined;
    readonly code: VerificationCode | undefined;
    readonly codeIsLocked: boolean;
    readonly user: User | undefined;
    readonly policy: DevicePolicy | undefined;
    readonly nowMilliseconds: number;
  },
): DeviceRepresentation {
  const { registration, user, policy, nowMilliseconds } = known;
  const code = known.codeIsLocked ? undefined : usable(known.code, nowMilliseconds);
  const attention = attentionOf(
    device,
    {
      registration,
      code: known.code,
      codeIsLocked: known.codeIsLocked,
      policyRefresh: policy?.refresh,
      policyPendingSinceMilliseconds: policy?.pendingSinceMilliseconds ?? null,
    },
    nowMilliseconds,
  );
  return {
    macAddress: formatMacAddress(device.macAddress),
    location: device.location,
    state: device.state,
    vendor: device.vendor,
    model: device.model,
    firmware: device.firmware,
    supported: device.supported,
    unsupportedReason: device.unsupportedReason,
    region: device.region,
    language: device.language,
    ipAddress: device.ipAddress,
    online: registration !== undefined,
    registeredAt: formatTimeOrNull(registration?.registeredAtMilliseconds),
    registrationExpiresAt: formatTimeOrNull(registration?.expiresAtMilliseconds),
    lastSeenAt: formatTimeOrNull(device.lastSeenAtMilliseconds),
    offBoardsAt:
      registration === undefined
        ? formatTimeOrNull(offBoardsAtMilliseconds(device, nowMilliseconds))
        : null,
    lastRequest: presentLastRequest(device),
    tenantName: tenant.name,
    user:
      user === undefined
        ? null
        : { upn: user.upn, displayName: user.displayName, phoneNumber: user.phoneNumber },
    policy: presentPolicy(policy),
    verificationCode:
      code === undefined
        ? null
        : { code: code.code, expiresAt: formatTime(code.expiresAtMilliseconds) },
    attention: attention.map(({ code: what, text }) => ({ code: what, text })),
  };
}

function presentLastRequest({ lastRequest }: Device): DeviceRepresentation["lastRequest"] {
  if (lastRequest === null) return null;
  const { atMilliseconds, path, userAgent, status, note } = lastRequest;
  return { at: formatTime(atMilliseconds), path, userAgent, status, note };
}
