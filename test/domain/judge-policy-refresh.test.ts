import { describe, expect, it } from "vitest";
import { judgePolicyRefresh } from "../../src/domain/judge-policy-refresh.ts";
import type { MacAddress } from "../../src/domain/mac-address.ts";
import type { PolicyRefresh } from "../../src/domain/policy-refresh.ts";
import type { TenantId } from "../../src/domain/tenant.ts";

const now = Date.parse("2026-01-05T08:00:00Z");
const minute = 60_000;
const base: PolicyRefresh = {
  tenantId: "11111111-2222-4333-8444-555555555555" as TenantId,
  macAddress: "001565000001" as MacAddress,
  upn: "adele@contoso.example",
  displayName: "Adele",
  policyName: "Global",
  assignedAtMilliseconds: now - 1000 * minute,
  arrival: {
    signedInAtMilliseconds: now - 1000 * minute,
    fetchedAtMilliseconds: now - 999 * minute,
    registeredAtMilliseconds: now - 999 * minute,
  },
  appliedVersion: 1,
  fetchedVersion: 1,
  fetchedAtMilliseconds: now - 900 * minute,
  asked: null,
  lastSyncedAtMilliseconds: null,
};

function asked(version: number, minutesAgo: number, times = 1): Partial<PolicyRefresh> {
  return { asked: { version, atMilliseconds: now - minutesAgo * minute, times } };
}

describe("a registration of a signed-in phone", () => {
  it.each<[string, Partial<PolicyRefresh>, number, string]>([
    ["that holds the version", {}, 1, "up-to-date"],
    ["after a change", {}, 2, "ask"],
    ["that never applied any", { appliedVersion: null, fetchedVersion: null }, 1, "ask"],
    ["that has fetched it", { fetchedVersion: 2 }, 2, "applied"],
    ["that fetched the version before", { fetchedVersion: 2 }, 3, "ask"],
    ["that was asked a moment ago", asked(2, 0), 2, "wait"],
    ["that was asked 19 minutes ago", asked(2, 19), 2, "wait"],
    ["that was asked 20 minutes ago and did not fetch", asked(2, 20), 2, "ask"],
    ["that was asked for an older version", asked(2, 0), 3, "ask"],
    ["that was asked twice", asked(2, 39, 2), 2, "wait"],
    ["that was asked twice, 40 minutes ago", asked(2, 40, 2), 2, "ask"],
    ["that was asked twenty times", asked(2, 23 * 60, 20), 2, "wait"],
    ["that was asked twenty times, a day ago", asked(2, 24 * 60, 20), 2, "ask"],
    ["asked, fetched and back", { ...asked(2, 1), fetchedVersion: 2 }, 2, "applied"],
  ])("%s", (_name, changes, version, step) => {
    expect(judgePolicyRefresh({ ...base, ...changes }, version, now)).toBe(step);
  });

  it.each<[string, number, string]>([
    ["before the phone fetched", -1, "wait"],
    ["at the moment it fetched", 0, "applied"],
    ["after it fetched", 1, "applied"],
  ])("that came %s, judged later", (_name, after, step) => {
    const fetchedAtMilliseconds = now - 10 * minute;
    const fetched = { ...base, ...asked(2, 30), fetchedVersion: 2, fetchedAtMilliseconds };
    expect(judgePolicyRefresh(fetched, 2, now, fetchedAtMilliseconds + after)).toBe(step);
  });
});
