import type { DeviceRegistration } from "./binding.ts";
import type { Device } from "./device.ts";
import { offBoardsAtMilliseconds } from "./off-boarding.ts";
import type { PolicyRefresh } from "./policy-refresh.ts";
import type { VerificationCode } from "./verification-code.ts";

/** What can be wrong with a device, in a word each. */
export const attentionCodes = [
  "unsupported",
  "refused",
  "sign-in-incomplete",
  "off-boarding-near",
  "offline",
  "policy-late",
  "code-expired",
  "code-locked",
] as const;

export type AttentionCode = (typeof attentionCodes)[number];

/** Something about a device that an administrator should look at. */
export interface Attention {
  readonly code: AttentionCode;
  /** What it is and what to do, in a sentence or two. */
  readonly text: string;
}

/** What is known of a device beside itself. */
export interface KnownOfDevice {
  /** Undefined while it is offline. */
  readonly registration: DeviceRegistration | undefined;
  /** Its verification code, expired or not. */
  readonly code: VerificationCode | undefined;
  /** Whether too many wrong codes were dialled on it: that code can be dialled no more. */
  readonly codeIsLocked: boolean;
  /** Of a signed-in device. */
  readonly policyRefresh: PolicyRefresh | undefined;
  /** Since when its phone has been without what it is assigned; null when it has it. */
  readonly policyPendingSinceMilliseconds: number | null;
}

/** A phone fetches and registers within seconds of a sign-in; one that boots takes a minute or two. */
const arrivalMilliseconds = 3 * 60_000;
/** What a change of policy is promised to take at most. */
const policyMilliseconds = 3_600_000;
const refusedStatuses: ReadonlySet<number> = new Set([403, 404, 429]);

/** Everything about a device that an administrator should look at, the gravest first. */
export function attentionOf(
  device: Device,
  known: KnownOfDevice,
  nowMilliseconds: number,
): readonly Attention[] {
  return [
    unsupported(device),
    refused(device),
    incompleteSignIn(known, nowMilliseconds),
    offBoarding(device, known, nowMilliseconds),
    offline(device, known),
    latePolicy(known, nowMilliseconds),
    spentCode(device, known, nowMilliseconds),
  ].filter((attention) => attention !== undefined);
}

function unsupported({ supported, unsupportedReason }: Device): Attention | undefined {
  if (supported !== false) return undefined;
  return { code: "unsupported", text: unsupportedReason ?? "The phone cannot be served." };
}

function refused({ lastRequest }: Device): Attention | undefined {
  if (lastRequest === null || !refusedStatuses.has(lastRequest.status) || lastRequest.note === "") {
    return undefined;
  }
  return { code: "refused", text: `The last request was refused: ${lastRequest.note}` };
}

/** With the step at which the phone stopped. */
function incompleteSignIn(
  { policyRefresh, registration }: KnownOfDevice,
  nowMilliseconds: number,
): Attention | undefined {
  if (policyRefresh === undefined) return undefined;
  const { upn, arrival } = policyRefresh;
  if (arrival.registeredAtMilliseconds !== null) return undefined;
  if (nowMilliseconds - arrival.signedInAtMilliseconds < arrivalMilliseconds) return undefined;
  const stopped =
    arrival.fetchedAtMilliseconds === null
      ? `has not fetched the account of ${upn}`
      : `fetched the account of ${upn} and has not registered with it`;
  const why =
    registration === undefined
      ? "It is offline: check its power and network."
      : "Restart it; if that does not help, look at its last requests.";
  return { code: "sign-in-incomplete", text: `The phone ${stopped}. ${why}` };
}

function offBoarding(
  device: Device,
  { registration }: KnownOfDevice,
  nowMilliseconds: number,
): Attention | undefined {
  const due = offBoardsAtMilliseconds(device, nowMilliseconds);
  if (registration !== undefined || due === null) return undefined;
  if (device.offBoardingNoticeAtMilliseconds === null) return undefined;
  const text = `Offline for long: off-boarded on ${dayOf(due)} unless it registers before.`;
  return { code: "off-boarding-near", text };
}

function offline(
  { state }: Device,
  { registration, policyRefresh }: KnownOfDevice,
): Attention | undefined {
  const hasBeenOnline = (policyRefresh?.arrival.registeredAtMilliseconds ?? null) !== null;
  if (state !== "signed-in" || registration !== undefined || !hasBeenOnline) return undefined;
  return { code: "offline", text: "Signed in and offline: calls do not reach it." };
}

function latePolicy(
  { policyPendingSinceMilliseconds: since, registration }: KnownOfDevice,
  nowMilliseconds: number,
): Attention | undefined {
  if (since === null || registration === undefined) return undefined;
  if (nowMilliseconds - since <= policyMilliseconds) return undefined;
  const text = "The phone has not fetched its calling policy for over an hour. Sync or restart it.";
  return { code: "policy-late", text };
}

function spentCode(
  { state }: Device,
  { code, codeIsLocked }: KnownOfDevice,
  nowMilliseconds: number,
): Attention | undefined {
  if (state !== "waiting-on-activation" || code === undefined) return undefined;
  if (nowMilliseconds >= code.expiresAtMilliseconds) {
    return { code: "code-expired", text: "The verification code expired. Generate a new one." };
  }
  if (!codeIsLocked) return undefined;
  const text = "Too many wrong codes were dialled on it. Generate a new one.";
  return { code: "code-locked", text };
}

function dayOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 10);
}
