import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { classifyDialedNumber } from "../../src/domain/classify-dialed-number.ts";
import { formatMacAddress, readMacAddress } from "../../src/domain/mac-address.ts";
import {
  isRegionId,
  onboardingDomain,
  regionIds,
  regionOfOnboardingDomain,
} from "../../src/domain/region.ts";
import { newCode } from "../../src/domain/verification-code.ts";

describe("a MAC address", () => {
  test.each([
    "805ec0aabbcc",
    "805EC0AABBCC",
    "80:5e:c0:aa:bb:cc",
    "80-5E-C0-AA-BB-CC",
    "805e.c0aa.bbcc",
    " 80 5e c0 aa bb cc ",
  ])("is read as %j", (text) => {
    expect(readMacAddress(text)).toEqual({ ok: true, macAddress: "805ec0aabbcc" });
  });

  test("is told as it was read, whatever its digits", () => {
    const digits = fc
      .tuple(fc.nat(127), fc.nat(0xff_ffff), fc.nat(0xffff))
      .filter(([first, ...rest]) => first + (rest[0] ?? 0) + (rest[1] ?? 0) > 0)
      .map(([first, middle, last]) =>
        [(first * 2).toString(16).padStart(2, "0"), middle.toString(16).padStart(6, "0")]
          .concat(last.toString(16).padStart(4, "0"))
          .join(""),
      );
    fc.assert(
      fc.property(digits, (text) => {
        const reading = readMacAddress(text);
        if (!reading.ok) throw new Error(reading.reason);
        const formatted = formatMacAddress(reading.macAddress);
        expect(formatted).toMatch(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/);
        expect(readMacAddress(formatted)).toEqual(reading);
      }),
    );
  });

  test("is refused with the count of digits where that is wrong", () => {
    expect(readMacAddress("80:5e:c0:aa:bb:c")).toEqual({
      ok: false,
      reason: "A MAC address has 12 hexadecimal digits; this has 11.",
    });
  });
});

describe("a dialled number", () => {
  test.each([
    ["*55*123456", { kind: "activation", code: "123456" }],
    ["*55*123456#", { kind: "activation", code: "123456" }],
    ["*55*", { kind: "activation", code: "" }],
    ["*55*12345a", { kind: "activation", code: "12345a" }],
    ["*30*", { kind: "feature-code", code: "30", argument: "" }],
    ["*30*#", { kind: "feature-code", code: "30", argument: "" }],
    ["*33*+1 (425) 555-0100#", { kind: "feature-code", code: "33", argument: "+14255550100" }],
    ["112", { kind: "emergency", number: "112" }],
    ["911", { kind: "emergency", number: "911" }],
    ["+1 (425) 555-0100", { kind: "number", number: "+14255550100" }],
    ["14255550100", { kind: "number", number: "14255550100" }],
    ["9112", { kind: "number", number: "9112" }],
    ["adele", { kind: "name", name: "adele" }],
    ["", { kind: "name", name: "" }],
    ["*55", { kind: "name", name: "*55" }],
  ])("%j is %j", (user, expected) => {
    expect(classifyDialedNumber(user)).toEqual(expected);
  });
});

test("each region has an onboarding domain of its own that leads back to it", () => {
  for (const id of regionIds) {
    expect(regionOfOnboardingDomain(onboardingDomain(id))).toBe(id);
    expect(isRegionId(id)).toBe(true);
  }
  expect(regionOfOnboardingDomain("onboarding.mars.invalid")).toBeUndefined();
  expect(isRegionId("constructor")).toBe(false);
});

test("codes have six digits, leading zeros included, and are spread over the whole range", () => {
  const codes = Array.from({ length: 2000 }, newCode);
  for (const code of codes) expect(code).toMatch(/^[0-9]{6}$/);
  for (let first = 0; first < 10; first++) {
    expect(codes.filter((code) => code.startsWith(String(first))).length).toBeGreaterThan(100);
  }
});
