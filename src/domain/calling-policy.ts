import type { TenantId } from "./tenant.ts";

/** What the users of a calling policy may do; Microsoft's names, without its capital letters. */
export interface CallingPolicySettings {
  /** SIP devices can be used for calls (Microsoft's AllowSIPDevicesCalling). */
  readonly allowSipDevicesCalling: boolean;
  readonly allowPrivateCalling: boolean;
  readonly allowCallForwardingToUser: boolean;
  readonly allowCallForwardingToPhone: boolean;
  readonly allowVoicemail: boolean;
  /** Needed, as allowSipDevicesCalling is, for a user to be signed in on a SIP device. */
  readonly allowCallRedirect: boolean;
  readonly busyOnBusy: boolean;
  readonly musicOnHold: boolean;
}

/**
 * A named set of permissions. Each change counts `version` up by one; a policy that was removed and
 * is made again goes on counting, so that no version stands for two sets of permissions.
 */
export interface CallingPolicy extends CallingPolicySettings {
  readonly tenantId: TenantId;
  /** 1 to 64 characters, no control characters; compared without regard to case. */
  readonly name: string;
  readonly version: number;
  readonly changedAtMilliseconds: number;
}

/** The policy of users who are given none. It is there from the first start and cannot be deleted. */
export const globalPolicyName = "Global";

/** What `Global` allows on empty storage. Microsoft's own default forbids SIP devices until they are allowed. */
export const initialGlobalPolicy: CallingPolicySettings = {
  allowSipDevicesCalling: true,
  allowPrivateCalling: true,
  allowCallForwardingToUser: true,
  allowCallForwardingToPhone: true,
  allowVoicemail: true,
  allowCallRedirect: true,
  busyOnBusy: false,
  musicOnHold: true,
};

/** How many versions of a policy are remembered with the time at which they were made; the oldest go first. */
export const policyVersionsKept = 100;

/** Where calling policies are kept. Names are matched without regard to case and kept as first written. */
export interface CallingPolicyStore {
  find(tenantId: TenantId, name: string): Promise<CallingPolicy | undefined>;
  /** All of a tenant, by name. */
  list(tenantId: TenantId): Promise<readonly CallingPolicy[]>;
  /**
   * Writes a policy in one atomic step: version 1 when it is new, the last version of its name plus
   * one when it was removed before or a setting differs, and nothing when none does.
   * @returns the policy as it now stands
   */
  put(
    tenantId: TenantId,
    name: string,
    settings: CallingPolicySettings,
    nowMilliseconds: number,
  ): Promise<CallingPolicy>;
  /**
   * As `put`, if the policy stands at this version, null: if there is none.
   * @returns undefined, with nothing written, when it does not: somebody else has written it
   */
  replace(
    tenantId: TenantId,
    name: string,
    settings: CallingPolicySettings,
    nowMilliseconds: number,
    expectedVersion: number | null,
  ): Promise<CallingPolicy | undefined>;
  /**
   * When the policy moved on from a version.
   * @returns milliseconds at which its first version above this one was made, or the first that is
   *   remembered of those; undefined when there is none
   */
  changedAfter(tenantId: TenantId, name: string, version: number): Promise<number | undefined>;
  /** Of a removed policy, its last version alone is remembered. @returns false when it was not there */
  remove(tenantId: TenantId, name: string): Promise<boolean>;
}
