import { randomUUID } from "node:crypto";
import type { Account } from "../../src/domain/account.ts";
import type { Binding } from "../../src/domain/binding.ts";
import { type Device, newDevice } from "../../src/domain/device.ts";
import type { MacAddress } from "../../src/domain/mac-address.ts";
import type { Stores } from "../../src/domain/stores.ts";
import type { TenantId } from "../../src/domain/tenant.ts";
import type { User } from "../../src/domain/user.ts";
import {
  codeLifetimeMilliseconds,
  type RedemptionAttempt,
  type VerificationCode,
} from "../../src/domain/verification-code.ts";

/** The moment at which the contract's tests take place. */
export const now = Date.UTC(2026, 0, 15, 12);

/** Texts that mean something to SQL, Lua, patterns or separators. */
export const hostileTexts = [
  "O'Brien; DROP TABLE devices; --",
  'a"b\\c',
  "%_*?[]{}()^$",
  "]] .. redis.call('FLUSHALL') .. [[",
  "zero\u0000byte",
  "line\nbreak\tand\rmore",
  "\u{1f600} Ünïcödé 漢字 \u202e",
  "{gateway}",
  "1 2 3",
  " ",
  "!",
] as const;

export function newTenantId(): TenantId {
  return randomUUID() as TenantId;
}

/** The MAC address with this number. */
export function mac(number: number): MacAddress {
  return `805ec0${number.toString(16).padStart(6, "0")}` as MacAddress;
}

export function device(tenantId: TenantId, number: number, changes: Partial<Device> = {}): Device {
  return { ...newDevice(tenantId, mac(number), "waiting-on-activation", "", now), ...changes };
}

export function binding(tenantId: TenantId, aor: string, changes: Partial<Binding> = {}): Binding {
  return {
    tenantId,
    aor,
    contact: "sip:phone@192.0.2.1:5060",
    instanceId: null,
    regId: null,
    callId: "call-1",
    cseq: 1,
    q: 1,
    path: [],
    flow: { id: "flow-1", transport: "UDP", remoteAddress: "192.0.2.1", remotePort: 5060 },
    nodeId: "node-1",
    userAgent: "Yealink SIP-T46S",
    macAddress: null,
    registeredAtMilliseconds: now,
    refreshedAtMilliseconds: now,
    expiresAtMilliseconds: now + 3_600_000,
    ...changes,
  };
}

export function code(
  tenantId: TenantId,
  number: number,
  changes: Partial<VerificationCode> = {},
): VerificationCode {
  return {
    tenantId,
    macAddress: mac(number),
    code: "123456",
    createdAtMilliseconds: now,
    expiresAtMilliseconds: now + codeLifetimeMilliseconds,
    ...changes,
  };
}

export function account(tenantId: TenantId, name: string, changes: Partial<Account> = {}): Account {
  return {
    tenantId,
    authenticationName: name,
    realm: "contoso.example",
    aor: `sip:${name}@contoso.example`,
    upn: `${name}@contoso.example`,
    macAddress: null,
    ha1: { md5: "0".repeat(32), sha256: "0".repeat(64) },
    ...changes,
  };
}

export function user(tenantId: TenantId, upn: string, phoneNumber: string | null = null): User {
  return {
    tenantId,
    upn,
    displayName: upn,
    phoneNumber,
    callingPolicy: "Global",
    forwarding: null,
    doNotDisturb: false,
    passwordHash: null,
  };
}

/** Puts a device and its code there, and makes attempts at that code. */
export async function prepareRedemption(
  stores: Stores,
  tenantId: TenantId,
  number: number,
  changes: Partial<VerificationCode> = {},
): Promise<(attempt?: Partial<RedemptionAttempt>) => RedemptionAttempt> {
  await stores.devices.insert(device(tenantId, number));
  await stores.codes.put(code(tenantId, number, changes));
  const found = await stores.devices.find(tenantId, mac(number));
  if (found === undefined) throw new Error("The device was not written.");
  return (attempt = {}) => ({
    tenantId,
    macAddress: mac(number),
    address: "192.0.2.1",
    code: "123456",
    nowMilliseconds: now,
    enrolledDevice: { ...found.value, state: "waiting-for-sign-in" },
    expectedRevision: found.revision,
    ...attempt,
  });
}
