import { describe, expect, test } from "vitest";
import type { AccessRule } from "../../admin-center/src/api/access-types.ts";
import {
  addressStanding,
  foreignAddresses,
  rangeFault,
  withAddress,
  withMissingExcluded,
} from "../../admin-center/src/pages/conditional-access/change-rule.ts";

const rule: AccessRule = {
  enabled: true,
  trustedRanges: ["10.0.0.0/8"],
  excludedAddresses: ["192.0.2.1", "203.0.113.9"],
  gatewayAddresses: { noam: ["192.0.2.1", "192.0.2.2"], emea: ["10.0.0.1"] },
  missingAddresses: [{ region: "noam", address: "192.0.2.2" }],
};

describe("changing the rule of conditional access", () => {
  test("excludes what is missing, and keeps what somebody else excluded", () => {
    expect(withMissingExcluded(rule)).toEqual({
      enabled: true,
      trustedRanges: ["10.0.0.0/8"],
      excludedAddresses: ["192.0.2.1", "203.0.113.9", "192.0.2.2"],
    });
    expect(foreignAddresses(rule)).toEqual(["203.0.113.9"]);
  });

  test("excludes an address once, and no more when it is unticked", () => {
    expect(withAddress(rule, "192.0.2.1", true).excludedAddresses).toHaveLength(2);
    expect(withAddress(rule, "192.0.2.1", false).excludedAddresses).toEqual(["203.0.113.9"]);
  });

  test("tells how each address is treated", () => {
    expect(addressStanding(rule, "192.0.2.1")).toBe("excluded");
    expect(addressStanding(rule, "192.0.2.2")).toBe("blocked");
    expect(addressStanding(rule, "10.0.0.1")).toBe("trusted");
    expect(addressStanding({ ...rule, enabled: false }, "192.0.2.2")).toBe("allowed");
  });

  test.each([
    ["", "empty"],
    ["203.0.113.7", "not-cidr"],
    ["203.0.113.0/33", "not-cidr"],
    ["<b>/8", "not-cidr"],
    [" 10.0.0.0/8 ", "there"],
    ["203.0.113.0/24", undefined],
    ["2001:db8::/32", undefined],
  ])("finds of the range %j: %s", (typed, fault) => {
    expect(rangeFault(typed, rule.trustedRanges)).toBe(fault);
  });
});
