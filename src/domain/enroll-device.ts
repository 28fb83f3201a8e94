import type { Device } from "./device.ts";
import type { MacAddress } from "./mac-address.ts";
import { phoneActor, type Recording, recordDeviceEvent } from "./record-device-event.ts";
import type { Stores } from "./stores.ts";
import type { TenantId } from "./tenant.ts";
import { codeDigits, type RedemptionOutcome } from "./verification-code.ts";

/** What a technician dialled or typed, and from which phone. */
export interface Enrollment {
  readonly tenantId: TenantId;
  readonly macAddress: MacAddress;
  /** The onboarding account that dialled, or that the phone on whose screen the code was typed had been given. */
  readonly authenticationName: string;
  /** The network address that wrong tries are counted against. */
  readonly address: string;
  /** As dialled. */
  readonly code: string;
}

/** What the technician is told. */
export type EnrollmentOutcome =
  | { readonly outcome: "enrolled"; readonly device: Device }
  | { readonly outcome: "incomplete" }
  | { readonly outcome: "wrong"; readonly deviceTries: number }
  | { readonly outcome: "expired" }
  | { readonly outcome: "not-waiting" }
  | { readonly outcome: "locked" };

/** What enrolment needs. */
export type EnrollmentDependencies = Recording & Pick<Stores, "devices" | "codes">;

const mostTries = 10;

/**
 * Takes a verification code and makes its device the tenant's: it then waits for sign-in. The code
 * is taken and the device changed in one step of the store, so a code enrols once, whoever dials.
 */
export async function enrollDevice(
  dependencies: EnrollmentDependencies,
  enrollment: Enrollment,
): Promise<EnrollmentOutcome> {
  if (!/^[0-9]*$/.test(enrollment.code) || enrollment.code.length < codeDigits) {
    return { outcome: "incomplete" };
  }
  for (let tries = 0; tries < mostTries; tries++) {
    const outcome = await tryToEnroll(dependencies, enrollment);
    if (outcome !== "conflict") return outcome;
  }
  throw new Error(`Device ${enrollment.macAddress} changes too often to be enrolled.`);
}

async function tryToEnroll(
  dependencies: EnrollmentDependencies,
  enrollment: Enrollment,
): Promise<EnrollmentOutcome | "conflict"> {
  const { tenantId, macAddress, address, code } = enrollment;
  const found = await dependencies.devices.find(tenantId, macAddress);
  if (found === undefined || found.value.state !== "waiting-on-activation") {
    return { outcome: "not-waiting" };
  }
  const nowMilliseconds = dependencies.clock.nowMilliseconds();
  const device: Device = {
    ...found.value,
    state: "waiting-for-sign-in",
    enrolledAuthenticationName: enrollment.authenticationName,
    enrolledAtMilliseconds: nowMilliseconds,
  };
  const redemption = await dependencies.codes.redeem({
    tenantId,
    macAddress,
    address,
    code,
    nowMilliseconds,
    enrolledDevice: device,
    expectedRevision: found.revision,
  });
  return tell(dependencies, redemption, device);
}

async function tell(
  recording: Recording,
  redemption: RedemptionOutcome,
  device: Device,
): Promise<EnrollmentOutcome | "conflict"> {
  switch (redemption.outcome) {
    case "conflict":
      return "conflict";
    case "no-code":
      return { outcome: "not-waiting" };
    case "enrolled":
      await record(recording, device, "enrolled", "The verification code was accepted.");
      return { outcome: "enrolled", device };
    case "wrong":
      await record(
        recording,
        device,
        "code-wrong",
        `A wrong verification code was given (try ${redemption.deviceTries}).`,
      );
      return { outcome: "wrong", deviceTries: redemption.deviceTries };
    case "expired":
      await record(recording, device, "code-expired", "An expired verification code was given.");
      return { outcome: "expired" };
    case "locked":
      await recordLock(recording, device, lockText[redemption.by]);
      return { outcome: "locked" };
  }
}

/** The same lock is told again after this time. */
const lockRepeatMilliseconds = 10 * 60_000;
/** Lines of the history that are looked at for it: as many as there can be of other refusals in that time, and more. */
const lockLookBack = 30;

const lockText = {
  device: "A code was not heard: too many wrong ones on this device. Generate a new code for it.",
  address: "A code was not heard: too many wrong ones from this network address within 24 hours.",
  tenant: "A code was not heard: too many wrong ones in this tenant within 24 hours.",
} as const;

/** Who is locked out can go on trying: that is told once in a while, and washes nothing out. */
async function recordLock(recording: Recording, device: Device, text: string): Promise<void> {
  const { tenantId, macAddress } = device;
  const { items } = await recording.history.list(tenantId, macAddress, { limit: lockLookBack });
  const since = recording.clock.nowMilliseconds() - lockRepeatMilliseconds;
  const isTold = items.some((line) => line.text === text && line.atMilliseconds > since);
  if (!isTold) await record(recording, device, "code-locked", text);
}

function record(
  recording: Recording,
  device: Device,
  kind: "enrolled" | "code-wrong" | "code-expired" | "code-locked",
  text: string,
): Promise<void> {
  const { tenantId, macAddress } = device;
  return recordDeviceEvent(recording, { tenantId, macAddress, kind, text, actor: phoneActor });
}

/**
 * How long the answer to a wrong code is held back, so that guessing is slow before it is locked:
 * nothing for the first two, then a second, then two.
 * @param deviceTries how many wrong codes this device has given, this one included
 */
export function wrongCodeDelayMilliseconds(deviceTries: number): number {
  return deviceTries <= 2 ? 0 : 1000 * 2 ** Math.min(deviceTries - 3, 3);
}
