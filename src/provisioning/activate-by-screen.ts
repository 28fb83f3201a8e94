import type {
  ActivationHandler,
  ActivationResult,
} from "../../provisioning-http/activation-route.ts";
import { isEnrolled } from "../domain/device.ts";
import {
  type EnrollmentDependencies,
  type EnrollmentOutcome,
  enrollDevice,
  wrongCodeDelayMilliseconds,
} from "../domain/enroll-device.ts";
import { type MacAddress, readMacAddress } from "../domain/mac-address.ts";
import { RefusedAttempts } from "../domain/refused-attempts.ts";
import type { TellPhone } from "../domain/tell-phone.ts";
import type { Tenant } from "../domain/tenant.ts";
import type { WaitingTimeSource } from "../domain/time-source.ts";

/** What taking codes from screens needs. */
export type ActivationDependencies = EnrollmentDependencies & {
  readonly clock: WaitingTimeSource;
  readonly tellPhone: TellPhone;
};

/** A phone that was locked out may ask again after this time, in seconds. */
const retryAfterSeconds = 3600;

/** Answers `POST /activation`: a code typed on a phone's screen instead of dialled. */
export function activationHandler(
  dependencies: ActivationDependencies,
  tenant: Tenant,
): ActivationHandler {
  const refused = new RefusedAttempts(dependencies);
  return async ({ macAddress, verificationCode, address }) => {
    const reading = readMacAddress(macAddress);
    if (!reading.ok) return { status: 403, reason: reading.reason };
    const outcome = await activateByScreen(
      dependencies,
      tenant,
      reading.macAddress,
      verificationCode,
      address,
    );
    if (outcome.outcome === "not-waiting") {
      await noteNotWaiting(dependencies, refused, tenant, reading.macAddress, address);
    }
    return answerActivation(dependencies, tenant, outcome);
  };
}

/** Of a phone that nobody has enrolled, that is an ordinary mistake; of another one, perhaps a stranger. */
async function noteNotWaiting(
  { devices }: ActivationDependencies,
  refused: RefusedAttempts,
  { id: tenantId }: Tenant,
  macAddress: MacAddress,
  address: string,
): Promise<void> {
  const device = (await devices.find(tenantId, macAddress))?.value;
  if (device === undefined || !isEnrolled(device)) return;
  const text = `A verification code was typed from ${address} and not heard: the phone is enrolled.`;
  await refused.record({ tenantId, macAddress, kind: "refused", text });
}

/**
 * What is said to a typed code: held back the longer the more wrong ones the device has given; the
 * phone of a device that is enrolled by it is told to fetch, since its configuration names the tenant.
 */
export async function answerActivation(
  { clock, tellPhone }: Pick<ActivationDependencies, "clock" | "tellPhone">,
  tenant: Tenant,
  outcome: EnrollmentOutcome,
): Promise<ActivationResult> {
  if (outcome.outcome === "wrong") {
    await wait(clock, wrongCodeDelayMilliseconds(outcome.deviceTries));
  }
  if (outcome.outcome === "enrolled") await tellPhone(outcome.device);
  return resultOf(outcome, tenant);
}

/**
 * Enrols a device by a typed code: the account that was last given to the same network address
 * becomes the device's own, as if it had dialled the code.
 */
export async function activateByScreen(
  dependencies: EnrollmentDependencies,
  tenant: Tenant,
  macAddress: MacAddress,
  code: string,
  address: string,
): Promise<EnrollmentOutcome> {
  const device = (await dependencies.devices.find(tenant.id, macAddress))?.value;
  const issued = device?.issuedAccount;
  if (issued === undefined || issued === null || issued.address !== address) {
    return { outcome: "not-waiting" };
  }
  return enrollDevice(dependencies, {
    tenantId: tenant.id,
    macAddress,
    authenticationName: issued.authenticationName,
    address,
    code,
  });
}

function resultOf(outcome: EnrollmentOutcome, tenant: Tenant): ActivationResult {
  switch (outcome.outcome) {
    case "enrolled":
      return { status: 200, tenantName: tenant.name };
    case "wrong":
      return { status: 403, reason: "Wrong verification code" };
    case "incomplete":
      return { status: 403, reason: "Verification code incomplete" };
    case "not-waiting":
      return { status: 403, reason: "Device is not waiting for activation" };
    case "expired":
      return { status: 410, reason: "Verification code expired" };
    case "locked":
      return { status: 429, reason: "Too many wrong codes", retryAfterSeconds };
  }
}

function wait(clock: WaitingTimeSource, milliseconds: number): Promise<void> {
  if (milliseconds === 0) return Promise.resolve();
  return new Promise((resolve) => void clock.schedule(milliseconds, resolve));
}
