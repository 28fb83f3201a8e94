import { globalPolicyName } from "../domain/calling-policy.ts";
import type { Device } from "../domain/device.ts";
import type { User } from "../domain/user.ts";

/** What a user's document lacks that was written before there were policies and sign-ins. */
const laterUserFields = {
  callingPolicy: globalPolicyName,
  forwarding: null,
  doNotDisturb: false,
  passwordHash: null,
} as const satisfies Partial<User>;

/** The same for a device's document. */
const laterDeviceFields = {
  userAuthenticationName: null,
  enrolledAtMilliseconds: null,
  signedOutAtMilliseconds: null,
  offlineSinceMilliseconds: null,
  offBoardingNoticeAtMilliseconds: null,
} as const satisfies Partial<Device>;

/**
 * A user's document. Half a surrogate pair becomes U+FFFD in it, as it does in every name that is
 * stored in UTF-8; Redis' scripts could not read it.
 */
export function writeUserDocument(user: User): string {
  return JSON.stringify(user, (_key, value: unknown) =>
    typeof value === "string" ? value.toWellFormed() : value,
  );
}

/** Reads a stored user, as written by this version of the gateway or an earlier one. */
export function readUserDocument(document: string): User {
  return { ...laterUserFields, ...(JSON.parse(document) as User) };
}

/** Completes a device that this version of the gateway or an earlier one stored. */
export function completeDevice(stored: Device): Device {
  return { ...laterDeviceFields, ...stored };
}
