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
const laterDeviceFields = { userAuthenticationName: null } as const satisfies Partial<Device>;

/** Reads a stored user, as written by this version of the gateway or an earlier one. */
export function readUserDocument(document: string): User {
  return { ...laterUserFields, ...(JSON.parse(document) as User) };
}

/** Completes a device that this version of the gateway or an earlier one stored. */
export function completeDevice(stored: Device): Device {
  return { ...laterDeviceFields, ...stored };
}
