import type { MacAddress } from "./mac-address.ts";
import type { RegionId } from "./region.ts";
import type { TenantId } from "./tenant.ts";

/**
 * The life of a device. `seen`: it asked for a configuration and no administrator has entered it;
 * `waiting-on-activation`: entered, its verification code not dialled yet; `waiting-for-sign-in`:
 * enrolled; then `signed-in` and `signed-out`.
 */
export const deviceStates = [
  "seen",
  "waiting-on-activation",
  "waiting-for-sign-in",
  "signed-in",
  "signed-out",
] as const;

export type DeviceState = (typeof deviceStates)[number];

/** What a phone last asked for over HTTP and what it got. */
export interface LastRequest {
  readonly atMilliseconds: number;
  /** Without the secret of a next URL. */
  readonly path: string;
  readonly userAgent: string;
  readonly status: number;
  /** Why, in words an administrator can act on; empty when all went well. */
  readonly note: string;
}

/** A phone as the gateway knows it. */
export interface Device {
  readonly macAddress: MacAddress;
  /** The tenant in whose inventory it stands. A `seen` device stands in the tenant that its URL names, or the first. */
  readonly tenantId: TenantId;
  readonly state: DeviceState;
  /** Where it stands, for the technician; empty when unknown. */
  readonly location: string;
  readonly vendor: string | null;
  readonly model: string | null;
  readonly firmware: string | null;
  /** Null until its requests have told. */
  readonly supported: boolean | null;
  readonly unsupportedReason: string | null;
  readonly region: RegionId | null;
  readonly language: string | null;
  readonly ipAddress: string | null;
  readonly createdAtMilliseconds: number;
  readonly lastSeenAtMilliseconds: number | null;
  readonly lastRequest: LastRequest | null;
  /** The onboarding account that was last given out, and to which address; a code typed on the screen enrols it. */
  readonly issuedAccount: { readonly authenticationName: string; readonly address: string } | null;
  /** The onboarding account that dialled the code: from then on no other is valid for this device. */
  readonly enrolledAuthenticationName: string | null;
  /** Accounts issued before this moment open nothing: set by reset and by re-creation. */
  readonly accountsValidFromMilliseconds: number;
  /** The user signed in, or null. */
  readonly upn: string | null;
  /** The user's account on this device (user-accounts.ts); null when nobody is signed in, or no phone can be told it. */
  readonly userAuthenticationName: string | null;
  /** When its code was accepted; null before, and where an earlier version of the gateway enrolled it. */
  readonly enrolledAtMilliseconds: number | null;
  /** When its user was last signed out; null while signed in, before, and where an earlier version did it. */
  readonly signedOutAtMilliseconds: number | null;
  /** Since when it is known to be without a registration (off-boarding.ts); null while online or not enrolled. */
  readonly offlineSinceMilliseconds: number | null;
  /** When its history warned that it will be off-boarded; null when it has not. */
  readonly offBoardingNoticeAtMilliseconds: number | null;
}

/** A stored value and the revision that a replacement must name. */
export interface Versioned<T> {
  readonly value: T;
  readonly revision: number;
}

/** One page of a list; `nextCursor` is null on the last. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/** Which devices to list, in the order of their MAC addresses. */
export interface DeviceQuery {
  readonly state?: DeviceState;
  /** Whether a live binding stands for the device at `nowMilliseconds`. */
  readonly online?: boolean;
  /** Part of MAC, location, vendor, model, user or address, in any case. */
  readonly search?: string;
  readonly limit: number;
  /** The `nextCursor` of the page before: the last MAC address that was on it. */
  readonly cursor?: string;
  readonly nowMilliseconds: number;
}

/** Where devices are kept. A change names the revision it was made from, so none is overwritten unseen. */
export interface DeviceStore {
  find(tenantId: TenantId, macAddress: MacAddress): Promise<Versioned<Device> | undefined>;
  /** @returns false, with nothing written, when the tenant has the device already. */
  insert(device: Device): Promise<boolean>;
  /** @returns false, with nothing written, when the stored revision is another or the device is gone. */
  replace(device: Device, expectedRevision: number): Promise<boolean>;
  /** @returns false when it was not there. */
  remove(tenantId: TenantId, macAddress: MacAddress): Promise<boolean>;
  list(tenantId: TenantId, query: DeviceQuery): Promise<Page<Device>>;
  /** All devices on which this user is signed in, in the order of their MAC addresses. */
  listByUser(tenantId: TenantId, upn: string): Promise<readonly Device[]>;
  countByState(tenantId: TenantId): Promise<Readonly<Record<DeviceState, number>>>;
}

/** A device of which nothing but its MAC address is known. */
export function newDevice(
  tenantId: TenantId,
  macAddress: MacAddress,
  state: "seen" | "waiting-on-activation",
  location: string,
  nowMilliseconds: number,
): Device {
  return {
    macAddress,
    tenantId,
    state,
    location,
    vendor: null,
    model: null,
    firmware: null,
    supported: null,
    unsupportedReason: null,
    region: null,
    language: null,
    ipAddress: null,
    createdAtMilliseconds: nowMilliseconds,
    lastSeenAtMilliseconds: null,
    lastRequest: null,
    issuedAccount: null,
    enrolledAuthenticationName: null,
    accountsValidFromMilliseconds: nowMilliseconds,
    upn: null,
    userAuthenticationName: null,
    enrolledAtMilliseconds: null,
    signedOutAtMilliseconds: null,
    offlineSinceMilliseconds: null,
    offBoardingNoticeAtMilliseconds: null,
  };
}

/** Whether a technician has dialled this device's code: it belongs to its tenant. */
export function isEnrolled(device: Device): boolean {
  return device.state !== "seen" && device.state !== "waiting-on-activation";
}
