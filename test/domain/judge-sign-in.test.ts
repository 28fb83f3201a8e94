import { describe, expect, test } from "vitest";
import { initialGlobalPolicy } from "../../src/domain/calling-policy.ts";
import type { ConditionalAccess } from "../../src/domain/conditional-access.ts";
import { newDevice } from "../../src/domain/device.ts";
import { blockedAddresses, judgeSignIn, type SignInClaim } from "../../src/domain/judge-sign-in.ts";
import { mac, tenant } from "./domain-fixture.ts";

const user = {
  tenantId: tenant.id,
  upn: "adele@contoso.example",
  displayName: "Adele",
  phoneNumber: "+14255550100",
  callingPolicy: "Global",
  forwarding: null,
  doNotDisturb: false,
  passwordHash: null,
};
const policy = {
  tenantId: tenant.id,
  name: "Global",
  version: 1,
  changedAtMilliseconds: 0,
  ...initialGlobalPolicy,
};
const claim: SignInClaim = { upn: user.upn, user, policy };
const open: ConditionalAccess = {
  tenantId: tenant.id,
  enabled: false,
  trustedRanges: [],
  excludedAddresses: [],
};
const closed = { ...open, enabled: true };
const device = {
  ...newDevice(tenant.id, mac("805ec0000001"), "waiting-on-activation", "", 0),
  state: "waiting-for-sign-in",
  region: "emea",
} as const;

describe("who may be signed in", () => {
  test("a user with a number and both permissions, on a device that waits", () => {
    expect(judgeSignIn(claim, open, device)).toMatchObject({
      ok: true,
      phoneNumber: "+14255550100",
    });
  });

  test.each([
    ["user-not-found", { user: undefined }, "was not found in the tenant"],
    ["phone-number-missing", { user: { ...user, phoneNumber: null } }, "Phone number missing"],
    ["policy-not-found", { policy: undefined }, "Calling policy Global"],
    [
      "sip-devices-calling-missing",
      { policy: { ...policy, allowSipDevicesCalling: false } },
      "AllowSIPDevicesCalling missing",
    ],
    [
      "call-redirect-missing",
      { policy: { ...policy, allowCallRedirect: false } },
      "AllowCallRedirect missing",
    ],
  ] as const)("%s is a refusal with its own reason", (code, change, reason) => {
    const judgment = judgeSignIn({ ...claim, ...change }, open, device);
    expect(judgment).toMatchObject({ ok: false, code, reason: expect.stringContaining(reason) });
  });

  test("a rule that blocks the region's addresses is named with exactly those", () => {
    const judgment = judgeSignIn(claim, closed, device);
    expect(judgment).toMatchObject({
      ok: false,
      code: "address-not-trusted",
      reason: expect.stringContaining("Exclude 40.112.71.149 and 40.113.112.67"),
    });
  });

  test("a device that does not wait is refused", () => {
    const judgment = judgeSignIn(claim, open, { ...device, state: "signed-in" });
    expect(judgment).toMatchObject({ ok: false, code: "device-not-waiting" });
  });
});

describe("the addresses that a rule blocks", () => {
  test.each([
    ["none while it is off", { enabled: false }, []],
    ["all of the region, when nothing is trusted", {}, ["40.112.71.149", "40.113.112.67"]],
    ["not those in a trusted range", { trustedRanges: ["40.112.0.0/16"] }, ["40.113.112.67"]],
    ["not those excluded", { excludedAddresses: ["40.113.112.67"] }, ["40.112.71.149"]],
    [
      "not those excluded in the form of IPv6 (none here)",
      { trustedRanges: ["2001:db8::/32"], excludedAddresses: ["2001:db8::1"] },
      ["40.112.71.149", "40.113.112.67"],
    ],
    ["none, when both are excluded", { excludedAddresses: ["40.113.112.67", "40.112.71.149"] }, []],
  ] as const)("%s", (_case, change, expected) => {
    expect(blockedAddresses({ ...closed, ...change }, "emea")).toEqual(expected);
  });
});
