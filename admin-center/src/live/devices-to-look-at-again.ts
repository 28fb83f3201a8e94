import type { Device } from "../api/types.ts";

/** In so many rounds every device is looked at once, even when nothing was heard of it. */
export const roundsForAll = 40;

/** Of those that ran out, more wait for the next round. */
const mostAtOnce = 1000;

type Aging = Pick<Device, "macAddress" | "online" | "registrationExpiresAt" | "verificationCode">;

/**
 * Devices that may be other than they are shown, though no event told of it: the registration or the
 * code that is shown has run out, and in each round another part of all of them, as events can be lost.
 * @param devices by MAC address
 * @param round counted from 0
 * @returns MAC addresses
 */
export function devicesToLookAtAgain(
  devices: ReadonlyMap<string, Aging>,
  nowMilliseconds: number,
  round: number,
): readonly string[] {
  const found: string[] = [];
  let index = 0;
  for (const device of devices.values()) {
    const isTurn = index++ % roundsForAll === round % roundsForAll;
    if (isTurn || hasRunOut(device, nowMilliseconds)) found.push(device.macAddress);
    if (found.length === mostAtOnce) break;
  }
  return found;
}

function hasRunOut(
  { online, registrationExpiresAt, verificationCode }: Aging,
  nowMilliseconds: number,
): boolean {
  if (online && isPast(registrationExpiresAt, nowMilliseconds)) return true;
  return isPast(verificationCode?.expiresAt ?? null, nowMilliseconds);
}

function isPast(at: string | null, nowMilliseconds: number): boolean {
  return at !== null && Date.parse(at) <= nowMilliseconds;
}
