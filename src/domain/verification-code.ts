import { randomInt } from "node:crypto";
import type { Device } from "./device.ts";
import type { MacAddress } from "./mac-address.ts";
import type { TenantId } from "./tenant.ts";

/** How long a code can be dialled: 24 hours (Microsoft, remote provisioning). */
export const codeLifetimeMilliseconds = 24 * 60 * 60 * 1000;

/** How long an expired code is remembered, so that who dials it hears that it expired. */
export const expiredCodeRetentionMilliseconds = 7 * codeLifetimeMilliseconds;

/** Digits in a code. */
export const codeDigits = 6;

/** What a technician dials after `*55*` to enrol one device. */
export interface VerificationCode {
  readonly tenantId: TenantId;
  readonly macAddress: MacAddress;
  /** 6 decimal digits. */
  readonly code: string;
  readonly createdAtMilliseconds: number;
  readonly expiresAtMilliseconds: number;
}

/**
 * How many wrong codes are heard before the rest go unheard. A code is one of a million, so with
 * `tenantTries` a day at most, guessing any outstanding code of a tenant stays under one in ten
 * thousand a day; a single address is stopped well before it can use up the tenant's share.
 */
export const guessLimits = {
  /** Wrong tries against one code; then only a new code helps. */
  deviceTries: 5,
  /** Wrong tries from one network address within the window. */
  addressTries: 50,
  /** Wrong tries in a tenant within the window. */
  tenantTries: 100,
  windowMilliseconds: 24 * 60 * 60 * 1000,
} as const;

/** A dialled code, and the device as it will stand if the code is right. */
export interface RedemptionAttempt {
  readonly tenantId: TenantId;
  readonly macAddress: MacAddress;
  /** The network address that the guess is counted against. */
  readonly address: string;
  readonly code: string;
  readonly nowMilliseconds: number;
  readonly enrolledDevice: Device;
  readonly expectedRevision: number;
}

/** What became of a dialled code. `conflict`: the device changed meanwhile, nothing was counted. */
export type RedemptionOutcome =
  | { readonly outcome: "enrolled" }
  | { readonly outcome: "wrong"; readonly deviceTries: number }
  | { readonly outcome: "expired" }
  | { readonly outcome: "no-code" }
  | { readonly outcome: "locked"; readonly by: "device" | "address" | "tenant" }
  | { readonly outcome: "conflict" };

/** Where verification codes and the wrong tries against them are kept. */
export interface VerificationCodeStore {
  /** Writes the code, ends the device's former one and forgets the wrong tries against that. */
  put(code: VerificationCode): Promise<void>;
  find(tenantId: TenantId, macAddress: MacAddress): Promise<VerificationCode | undefined>;
  /** The device's codes of these MAC addresses, in the same order; undefined where there is none. */
  findMany(
    tenantId: TenantId,
    macAddresses: readonly MacAddress[],
  ): Promise<readonly (VerificationCode | undefined)[]>;
  /** Which of these devices have a code that wrong tries against it have locked. */
  listLocked(
    tenantId: TenantId,
    macAddresses: readonly MacAddress[],
  ): Promise<ReadonlySet<MacAddress>>;
  /** Codes that can still be used, in the order of their MAC addresses. */
  listUsable(tenantId: TenantId, nowMilliseconds: number): Promise<readonly VerificationCode[]>;
  remove(tenantId: TenantId, macAddress: MacAddress): Promise<void>;
  /**
   * In one atomic step: judges the attempt by {@link guessLimits} and, when the code is right,
   * takes it, writes `enrolledDevice` and forgets the wrong tries made from that device (whoever
   * ends with the right code was no guesser). Checked in this order: no code at all; device locked;
   * address or tenant locked; wrong (counted against device, address and tenant); expired; the
   * device's revision.
   */
  redeem(attempt: RedemptionAttempt): Promise<RedemptionOutcome>;
  /** Deletes codes that expired and wrong tries that were made before the given times. */
  removeStale(expiredBeforeMilliseconds: number, triesBeforeMilliseconds: number): Promise<void>;
}

/** Six random decimal digits. */
export function newCode(): string {
  return randomInt(10 ** codeDigits)
    .toString()
    .padStart(codeDigits, "0");
}
