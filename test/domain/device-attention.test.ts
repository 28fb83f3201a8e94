import { describe, expect, it } from "vitest";
import { type Device, newDevice } from "../../src/domain/device.ts";
import { attentionOf, type KnownOfDevice } from "../../src/domain/device-attention.ts";
import type { MacAddress } from "../../src/domain/mac-address.ts";
import type { PolicyRefresh } from "../../src/domain/policy-refresh.ts";
import type { TenantId } from "../../src/domain/tenant.ts";

const tenantId = "11111111-2222-4333-8444-555555555555" as TenantId;
const macAddress = "001565000001" as MacAddress;
const now = Date.parse("2026-03-05T08:00:00Z");
const minute = 60_000;
const day = 24 * 60 * minute;
const upn = "adele@contoso.example";
const device = newDevice(tenantId, macAddress, "waiting-on-activation", "Lobby", now - day);
const signedIn: Device = { ...device, state: "signed-in", upn };
const registration = {
  registeredAtMilliseconds: now - minute,
  expiresAtMilliseconds: now + 29 * minute,
};
const nothing: KnownOfDevice = {
  registration: undefined,
  code: undefined,
  codeIsLocked: false,
  policyRefresh: undefined,
  policyPendingSinceMilliseconds: null,
};
const back: PolicyRefresh = {
  tenantId,
  macAddress,
  upn,
  displayName: "Adele",
  policyName: "Global",
  assignedAtMilliseconds: now - day,
  arrival: {
    signedInAtMilliseconds: now - day,
    fetchedAtMilliseconds: now - day,
    registeredAtMilliseconds: now - day,
  },
  appliedVersion: 1,
  fetchedVersion: 1,
  fetchedAtMilliseconds: now - day,
  asked: null,
  lastSyncedAtMilliseconds: now - day,
};

/** Of a phone whose user was signed in so long ago. */
function stoppedAt(fetched: boolean, minutesAgo: number): PolicyRefresh {
  const signedInAtMilliseconds = now - minutesAgo * minute;
  const fetchedAtMilliseconds = fetched ? signedInAtMilliseconds : null;
  const arrival = { signedInAtMilliseconds, fetchedAtMilliseconds, registeredAtMilliseconds: null };
  return { ...back, arrival };
}

function texts(of: Device, known: Partial<KnownOfDevice>): readonly string[] {
  return attentionOf(of, { ...nothing, ...known }, now).map(({ code, text }) => `${code}: ${text}`);
}

describe("a device", () => {
  it("that is as it should be needs none", () => {
    expect(texts(device, {})).toEqual([]);
    expect(texts(signedIn, { registration, policyRefresh: back })).toEqual([]);
    expect(texts(signedIn, { registration, policyRefresh: stoppedAt(false, 2) })).toEqual([]);
  });

  it("that cannot be served says why, and why it was refused", () => {
    const lastRequest = {
      atMilliseconds: now,
      path: "/noam/x.cfg",
      userAgent: "x",
      status: 403,
      note: "The phone is enrolled: only its own next URL answers.",
    };
    const old = {
      ...device,
      supported: false,
      unsupportedReason: "Firmware 1.0 is too old.",
      lastRequest,
    };
    expect(texts(old, {})).toEqual([
      "unsupported: Firmware 1.0 is too old.",
      "refused: The last request was refused: The phone is enrolled: only its own next URL answers.",
    ]);
  });

  it("whose phone does not come back from a sign-in names the step it stopped at", () => {
    expect(texts(signedIn, { policyRefresh: stoppedAt(false, 3) })).toEqual([
      `sign-in-incomplete: The phone has not fetched the account of ${upn}. It is offline: check its power and network.`,
    ]);
    expect(texts(signedIn, { registration, policyRefresh: stoppedAt(true, 3) })).toEqual([
      `sign-in-incomplete: The phone fetched the account of ${upn} and has not registered with it. Restart it; if that does not help, look at its last requests.`,
    ]);
  });

  it("that is signed in and offline, and near its off-boarding", () => {
    expect(texts(signedIn, { policyRefresh: back })).toEqual([
      "offline: Signed in and offline: calls do not reach it.",
    ]);
    const gone: Device = {
      ...signedIn,
      offlineSinceMilliseconds: now - 28 * day,
      offBoardingNoticeAtMilliseconds: now - day,
    };
    expect(texts(gone, { policyRefresh: back })[0]).toBe(
      "off-boarding-near: Offline for long: off-boarded on 2026-03-07 unless it registers before.",
    );
  });

  it("whose phone has been without its policy for over an hour, while it is online", () => {
    const known = { policyRefresh: back, policyPendingSinceMilliseconds: now - 61 * minute };
    expect(texts(signedIn, { ...known, registration })).toEqual([
      "policy-late: The phone has not fetched its calling policy for over an hour. Sync or restart it.",
    ]);
    expect(texts(signedIn, known).join()).not.toContain("policy-late");
  });

  it("whose code expired before it was dialled, or was locked by wrong ones", () => {
    const code = {
      tenantId,
      macAddress,
      code: "123456",
      createdAtMilliseconds: now - day,
      expiresAtMilliseconds: now,
    };
    expect(texts(device, { code })).toEqual([
      "code-expired: The verification code expired. Generate a new one.",
    ]);
    expect(texts(device, { code: { ...code, expiresAtMilliseconds: now + 1 } })).toEqual([]);
    expect(texts({ ...device, state: "waiting-for-sign-in" }, { code })).toEqual([]);
    const standing = { ...code, expiresAtMilliseconds: now + 1 };
    expect(texts(device, { code: standing, codeIsLocked: true })).toEqual([
      "code-locked: Too many wrong codes were dialled on it. Generate a new one.",
    ]);
  });
});
