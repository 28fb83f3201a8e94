import type { Versioned } from "./device.ts";
import type { MacAddress } from "./mac-address.ts";
import type { TenantId } from "./tenant.ts";

/** What a signed-in device is to be brought to: whose details and which policy its phone is told. */
export interface PolicyAssignment {
  readonly upn: string;
  readonly displayName: string;
  /** As the user names it; compared without regard to case. */
  readonly policyName: string;
}

/**
 * How far a signed-in device's phone has come with its user's details and calling policy. It stands
 * from sign-in to sign-out. Versions are those of the assignment's policy: another assignment begins
 * anew.
 */
export interface PolicyRefresh extends PolicyAssignment {
  readonly tenantId: TenantId;
  readonly macAddress: MacAddress;
  readonly assignedAtMilliseconds: number;
  /** How the phone came to its user, from the sign-in on. */
  readonly arrival: UserArrival;
  /** The version that the phone has fetched and registered again with; null: none of this assignment. */
  readonly appliedVersion: number | null;
  /** The version that the configuration last fetched was made of; null: none of this assignment. */
  readonly fetchedVersion: number | null;
  /** When that version was first fetched; null: none of this assignment. */
  readonly fetchedAtMilliseconds: number | null;
  /** What the phone was last asked for; null: for nothing of this assignment. */
  readonly asked: PolicyAsk | null;
  /** When a version was last applied, of this assignment or of one before it. */
  readonly lastSyncedAtMilliseconds: number | null;
}

/** The steps of a phone on its way to the user who was signed in; null: not yet. */
export interface UserArrival {
  readonly signedInAtMilliseconds: number;
  readonly fetchedAtMilliseconds: number | null;
  readonly registeredAtMilliseconds: number | null;
}

/** That a phone was told to fetch its configuration, and has not done so yet. */
export interface PolicyAsk {
  readonly version: number;
  readonly atMilliseconds: number;
  /** How often it was asked for this version. */
  readonly times: number;
}

/** Which devices of a policy are behind its version. */
export interface PolicyBacklog {
  readonly devices: number;
  /** When the first of those was assigned that have applied no version of this assignment; null: all have. */
  readonly earliestUnappliedMilliseconds: number | null;
  /** The lowest version applied by one that is behind; null when none is. */
  readonly lowestAppliedVersion: number | null;
}

/** Where policy refreshes are kept: one for each signed-in device. */
export interface PolicyRefreshStore {
  /** Those of these devices that have one. */
  find(
    tenantId: TenantId,
    macAddresses: readonly MacAddress[],
  ): Promise<ReadonlyMap<MacAddress, Versioned<PolicyRefresh>>>;
  /**
   * Writes one, over the revision it was made from, or as a new one where that is null.
   * @returns false, with nothing written, when what is stored is of another revision, is there
   *   already, or is gone
   */
  put(refresh: PolicyRefresh, expectedRevision: number | null): Promise<boolean>;
  /** @returns false when there was none */
  remove(tenantId: TenantId, macAddress: MacAddress): Promise<boolean>;
  /** The devices assigned to this policy whose applied version is not `version`. Counted, never walked. */
  backlog(tenantId: TenantId, policyName: string, version: number): Promise<PolicyBacklog>;
}
