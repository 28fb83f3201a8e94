import ipaddr from "ipaddr.js";
import type { ConditionalAccess } from "./conditional-access.ts";
import { type Device, isEnrolled } from "./device.ts";
import {
  isWaitingForSignIn,
  judgeSignIn,
  judgeUser,
  type SignInClaim,
  type SignInRefusalCode,
} from "./judge-sign-in.ts";
import { formatMacAddress, type MacAddress } from "./mac-address.ts";
import type { SipDevicesConfiguration } from "./sip-devices-configuration.ts";

const hourMilliseconds = 3_600_000;

/** How long after its enrolment, and after its last sign-out, a device can be signed in in bulk (Microsoft). */
export const bulkSignInDeadlines = {
  afterEnrollmentHours: 72,
  afterSignOutHours: 168,
} as const;

/** Why a line of a bulk sign-in failed, in a word. */
export type BulkSignInRefusalCode =
  | SignInRefusalCode
  | "line-malformed"
  | "hardware-id-malformed"
  | "username-malformed"
  | "duplicate-device"
  | "bulk-sign-in-not-enabled"
  | "device-not-enrolled"
  | "device-signed-in"
  | "device-offline"
  | "device-address-not-trusted"
  | "deadline-expired"
  | "device-signed-out"
  | "phone-not-registered"
  | "batch-interrupted";

/** A line that failed, and why, for an administrator to act on. */
export interface BulkSignInRefusal {
  readonly code: BulkSignInRefusalCode;
  readonly reason: string;
}

/** What is known when a line is judged. */
export interface BulkSignInCase {
  readonly configuration: SipDevicesConfiguration;
  readonly claim: SignInClaim;
  readonly macAddress: MacAddress;
  readonly device: Device | undefined;
  /** Where its live registrations came from; none when it is offline. */
  readonly addresses: readonly string[];
  readonly rule: ConditionalAccess;
  readonly nowMilliseconds: number;
}

/**
 * Whether a user may be signed in on a device by an administrator's authority alone: nobody at the
 * phone types a pairing code, so the tenant must have enabled it, and the phone must be in a network
 * that the tenant trusts, soon after it was enrolled or signed out (Microsoft, bulk sign-in).
 * @returns undefined when they may
 */
export function judgeBulkSignIn(one: BulkSignInCase): BulkSignInRefusal | undefined {
  const { configuration, claim, macAddress, device, addresses, rule, nowMilliseconds } = one;
  if (configuration.bulkSignIn === "disabled") {
    const reason =
      "Bulk sign-in is not enabled: set bulkSignIn to enabled in the tenant's SIP devices " +
      "configuration and upload the file again.";
    return { code: "bulk-sign-in-not-enabled", reason };
  }
  const user = judgeUser(claim);
  if (!user.ok) return user;
  if (device === undefined) {
    const reason = `Device not found: ${formatMacAddress(macAddress)} is not in the tenant. Add it and enrol it first.`;
    return { code: "device-not-found", reason };
  }
  const refusal =
    judgeStanding(device, claim.upn) ??
    judgeDeadline(device, nowMilliseconds) ??
    judgeAddresses(addresses, rule);
  if (refusal !== undefined) return refusal;
  const judgment = judgeSignIn(claim, rule, device);
  return judgment.ok ? undefined : judgment;
}

function judgeStanding(device: Device, upn: string): BulkSignInRefusal | undefined {
  if (!isEnrolled(device)) {
    const reason = `Device not enrolled: it is ${device.state}. Enrol it with a verification code first.`;
    return { code: "device-not-enrolled", reason };
  }
  if (isWaitingForSignIn(device)) return undefined;
  const whose = device.upn === upn ? "this user, with an account of an earlier time," : device.upn;
  const reason = `Device signed in: ${whose} is signed in on it. Sign the device out first.`;
  return { code: "device-signed-in", reason };
}

/** A time that is not known has not expired: an earlier version of the gateway did not note it. */
function judgeDeadline(device: Device, nowMilliseconds: number): BulkSignInRefusal | undefined {
  const isSignedOut = device.state === "signed-out";
  const since = isSignedOut ? device.signedOutAtMilliseconds : device.enrolledAtMilliseconds;
  const { afterEnrollmentHours, afterSignOutHours } = bulkSignInDeadlines;
  const hours = isSignedOut ? afterSignOutHours : afterEnrollmentHours;
  if (since === null || nowMilliseconds < since + hours * hourMilliseconds) return undefined;
  const what = isSignedOut ? "sign-out" : "enrolment";
  const reason =
    `Deadline expired: bulk sign-in takes a device for ${hours} hours after its ${what}, which was ` +
    `at ${new Date(since).toISOString()}. Sign in with a pairing code, or reset the device and enrol it again.`;
  return { code: "deadline-expired", reason };
}

function judgeAddresses(
  addresses: readonly string[],
  rule: ConditionalAccess,
): BulkSignInRefusal | undefined {
  if (addresses.length === 0) {
    const reason =
      "Device offline: its phone is not registered. Bring it online and upload the file again.";
    return { code: "device-offline", reason };
  }
  const strange = addresses.find((address) => !isTrusted(address, rule.trustedRanges));
  if (strange === undefined) return undefined;
  const reason =
    `Public IP not trusted: the phone registers from ${strange}, which is in none of the tenant's ` +
    `trusted ranges. Add ${strange} or its network to trustedRanges of Conditional Access.`;
  return { code: "device-address-not-trusted", reason };
}

/** `process` takes an IPv4 address that a dual-stack socket names as an IPv6 one for what it is. */
function isTrusted(text: string, trustedRanges: readonly string[]): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.process(text);
  return trustedRanges.some((range) => {
    const [network, bits] = ipaddr.parseCIDR(range);
    return network.kind() === address.kind() && address.match(network, bits);
  });
}
