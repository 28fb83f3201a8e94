import ipaddr from "ipaddr.js";
import type { CallingPolicy } from "./calling-policy.ts";
import { type ConditionalAccess, gatewayAddresses } from "./conditional-access.ts";
import { type Device, isEnrolled } from "./device.ts";
import { isAccountValidFor, readOnboardingAccountName } from "./onboarding-account.ts";
import { defaultRegion, type RegionId, regionName } from "./region.ts";
import type { User } from "./user.ts";

/** Why nobody can be signed in, in a word. */
export type SignInRefusalCode =
  | "user-not-found"
  | "phone-number-missing"
  | "policy-not-found"
  | "sip-devices-calling-missing"
  | "call-redirect-missing"
  | "address-not-trusted"
  | "device-not-found"
  | "device-not-waiting";

/** A sign-in that is not allowed, and why, for an administrator to act on. */
export interface SignInRefusal {
  readonly ok: false;
  readonly code: SignInRefusalCode;
  readonly reason: string;
}

/** What is judged: who the identity provider named, and what the tenant knows of them. */
export interface SignInClaim {
  readonly upn: string;
  readonly user: User | undefined;
  readonly policy: CallingPolicy | undefined;
}

/** A user who may use SIP devices. */
export interface AdmittedUser {
  readonly ok: true;
  readonly user: User;
  readonly phoneNumber: string;
}

/**
 * Whether a user may be signed in on a SIP device at all: they need a phone number, and a policy
 * with AllowSIPDevicesCalling and AllowCallRedirect. It is asked again after each change.
 */
export function judgeUser({ upn, user, policy }: SignInClaim): AdmittedUser | SignInRefusal {
  if (user === undefined) {
    return refuse("user-not-found", `User ${upn} was not found in the tenant. Add the user first.`);
  }
  if (user.phoneNumber === null) {
    const reason = `Phone number missing: assign a phone number to ${upn}.`;
    return refuse("phone-number-missing", reason);
  }
  if (policy === undefined) {
    const reason = `Calling policy ${user.callingPolicy} of ${upn} is not there. Assign another.`;
    return refuse("policy-not-found", reason);
  }
  if (!policy.allowSipDevicesCalling) {
    const reason = `AllowSIPDevicesCalling missing: calling policy ${policy.name} of ${upn} does not allow it.`;
    return refuse("sip-devices-calling-missing", reason);
  }
  if (!policy.allowCallRedirect) {
    const reason = `AllowCallRedirect missing: calling policy ${policy.name} of ${upn} does not allow it.`;
    return refuse("call-redirect-missing", reason);
  }
  return { ok: true, user, phoneNumber: user.phoneNumber };
}

/**
 * Whether this user may be signed in on this device now. The user is judged first, then the
 * addresses that the gateway signs in from, then the device: it must wait for a sign-in.
 * @param authenticationName the onboarding account of the phone that asks, if it was a phone
 */
export function judgeSignIn(
  claim: SignInClaim,
  rule: ConditionalAccess,
  device: Device,
  authenticationName?: string,
): AdmittedUser | SignInRefusal {
  const judgment = judgeUser(claim);
  if (!judgment.ok) return judgment;
  const blocked = blockedAddresses(rule, device.region ?? defaultRegion);
  if (blocked.length > 0) {
    const region = regionName(device.region ?? defaultRegion);
    const reason =
      "Public IP not trusted: Conditional Access blocks the gateway's addresses of region " +
      `${region}. Exclude ${blocked.join(" and ")} from the policy.`;
    return refuse("address-not-trusted", reason);
  }
  if (!mayBeSignedIn(device, authenticationName)) {
    const reason = isWaitingForSignIn(device)
      ? "The device was enrolled otherwise than by the phone that asked."
      : `The device is ${device.state} and does not wait for a sign-in any more.`;
    return refuse("device-not-waiting", reason);
  }
  return judgment;
}

/**
 * Whether somebody can be signed in on it for who asks: an administrator, for a device that waits
 * for it, or the phone itself, which need not be enrolled; its account must be valid, and once
 * enrolled be the one that did so.
 * @param authenticationName the phone's onboarding account; undefined for an administrator
 */
export function mayBeSignedIn(device: Device, authenticationName: string | undefined): boolean {
  if (authenticationName === undefined) return isWaitingForSignIn(device);
  if (isEnrolled(device) && !isWaitingForSignIn(device)) return false;
  const account = readOnboardingAccountName(authenticationName);
  if (account === undefined || account.macAddress !== device.macAddress) return false;
  return isAccountValidFor(device, account);
}

/** Whether somebody can be signed in on it: it is enrolled, and nobody is. */
export function isWaitingForSignIn(device: Device): boolean {
  return device.state === "waiting-for-sign-in" || device.state === "signed-out";
}

/** The gateway's addresses of a region that a tenant's rule blocks: neither trusted nor excluded. */
export function blockedAddresses(rule: ConditionalAccess, region: RegionId): readonly string[] {
  if (!rule.enabled) return [];
  const trusted = rule.trustedRanges.map((range) => ipaddr.parseCIDR(range));
  const excluded = new Set(rule.excludedAddresses.map((text) => ipaddr.parse(text).toString()));
  return gatewayAddresses[region].filter((text) => {
    const address = ipaddr.parse(text);
    if (excluded.has(address.toString())) return false;
    return !trusted.some(
      ([network, bits]) => network.kind() === address.kind() && address.match(network, bits),
    );
  });
}

function refuse(code: SignInRefusalCode, reason: string): SignInRefusal {
  return { ok: false, code, reason };
}
