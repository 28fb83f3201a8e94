import type { Device, DeviceState } from "./device.ts";

const dayMilliseconds = 24 * 3_600_000;

/** How long before its off-boarding a device's history warns; no device goes without that notice. */
export const offBoardingNoticeMilliseconds = 3 * dayMilliseconds;

/** States in which a device belongs to its tenant, with the days that it may stay offline in each. */
const daysAllowed = {
  "signed-in": 30,
  "signed-out": 14,
  "waiting-for-sign-in": 14,
} as const satisfies Partial<Record<DeviceState, number>>;

/** The states from which a device is off-boarded. */
export const offBoardingStates = Object.keys(daysAllowed) as (keyof typeof daysAllowed)[];

/** What becomes of a device that was looked at. */
export type OffBoardingVerdict =
  /** As it should be. */
  | { readonly verdict: "leave" }
  /** It is online again, or no longer enrolled: it counts from nothing. */
  | { readonly verdict: "forget" }
  /** It is offline, and was not when it was last looked at. */
  | { readonly verdict: "note-offline" }
  | { readonly verdict: "warn"; readonly atMilliseconds: number }
  | { readonly verdict: "off-board"; readonly daysAllowed: number };

/**
 * What becomes of a device: one that stays offline for 30 days signed in, or 14 days otherwise, goes
 * back to the start, and its history says so three days before. Where the notice came late, since
 * the gateway was down or the user was signed out meanwhile, the three days count from the notice.
 */
export function judgeOffBoarding(
  device: Device,
  isOnline: boolean,
  nowMilliseconds: number,
): OffBoardingVerdict {
  const days = daysAllowedFor(device.state);
  if (isOnline || days === undefined) {
    const counts = device.offlineSinceMilliseconds !== null;
    return { verdict: counts ? "forget" : "leave" };
  }
  if (device.offlineSinceMilliseconds === null) return { verdict: "note-offline" };
  const due = offBoardsAtMilliseconds(device, nowMilliseconds);
  if (due === null) return { verdict: "leave" };
  if (device.offBoardingNoticeAtMilliseconds === null) {
    const isNear = nowMilliseconds >= due - offBoardingNoticeMilliseconds;
    return isNear ? { verdict: "warn", atMilliseconds: due } : { verdict: "leave" };
  }
  return nowMilliseconds >= due
    ? { verdict: "off-board", daysAllowed: days }
    : { verdict: "leave" };
}

/**
 * When an offline device will be off-boarded if it stays away.
 * @returns milliseconds since 1970, or null for a device that is not enrolled or not known to be offline
 */
export function offBoardsAtMilliseconds(device: Device, nowMilliseconds: number): number | null {
  const { offlineSinceMilliseconds: since, offBoardingNoticeAtMilliseconds: notice } = device;
  const days = daysAllowedFor(device.state);
  if (days === undefined || since === null) return null;
  const limit = since + days * dayMilliseconds;
  const noticeAt = notice ?? Math.max(nowMilliseconds, limit - offBoardingNoticeMilliseconds);
  return Math.max(limit, noticeAt + offBoardingNoticeMilliseconds);
}

function daysAllowedFor(state: DeviceState): number | undefined {
  return (daysAllowed as Partial<Record<DeviceState, number>>)[state];
}
