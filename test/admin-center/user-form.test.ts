import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { User } from "../../admin-center/src/api/user-types.ts";
import {
  changesOf,
  faultsOf,
  formOf,
  newUserForm,
  readPhoneNumber,
  readUpn,
} from "../../admin-center/src/pages/users/user-form.ts";
import * as gatewayNumbers from "../../src/domain/phone-number.ts";
import { readUserPrincipalName } from "../../src/domain/user-principal-name.ts";

const adele: User = {
  upn: "adele@contoso.example",
  displayName: "Adele Vance",
  phoneNumber: "+14255550100",
  callingPolicy: "Global",
  forwarding: { when: "busy", to: "+14255550199" },
  doNotDisturb: false,
};

describe("a user's form", () => {
  test("finds no fault with a user who is there, and no change", () => {
    const form = formOf(adele);
    expect(faultsOf(form)).toEqual({});
    expect(changesOf(form, form)).toEqual({});
  });

  test("names each field that the gateway would refuse", () => {
    const faulty = {
      ...newUserForm,
      upn: "adele",
      displayName: " ",
      phoneNumber: "0100",
      forwardingWhen: "busy",
      forwardingTo: "nowhere",
      password: "x".repeat(257),
    } as const;
    expect(Object.keys(faultsOf(faulty)).sort()).toEqual(
      ["displayName", "forwarding", "password", "phoneNumber", "upn"].sort(),
    );
    expect(faultsOf({ ...formOf(adele), displayName: "Adele\nVance" })).toEqual({
      displayName: "displayNameLine",
    });
  });

  test("sends what was changed, as it is kept, and nothing else", () => {
    const form = formOf(adele);
    const edited = { ...form, phoneNumber: "+1 (425) 555-0101", doNotDisturb: true };
    expect(changesOf(edited, form)).toEqual({ phoneNumber: "+14255550101", doNotDisturb: true });
    expect(changesOf({ ...form, phoneNumber: " " }, form)).toEqual({ phoneNumber: null });
    expect(changesOf({ ...form, forwardingWhen: "never" }, form)).toEqual({ forwarding: null });
    const simultaneous = { forwardingWhen: "simultaneous", forwardingTo: "BOB@contoso.example" };
    expect(changesOf({ ...form, ...simultaneous } as typeof form, form)).toEqual({
      forwarding: { when: "simultaneous", to: "bob@contoso.example" },
    });
  });

  test("sends a password only where one is typed or is to go", () => {
    const form = formOf(adele);
    expect(changesOf({ ...form, password: "correct horse" }, form)).toEqual({
      password: "correct horse",
    });
    expect(changesOf({ ...form, removesPassword: true }, form)).toEqual({ password: null });
  });

  test("reads phone numbers and user principal names as the gateway does", () => {
    const shapes = fc.oneof(
      fc.string(),
      fc.stringMatching(/^ ?\+?[0-9 .()-]{1,45}$/),
      fc.stringMatching(/^[a-zA-Z0-9._'+-]{0,70}@[a-zA-Z0-9.-]{0,60}$/),
    );
    fc.assert(
      fc.property(shapes, (text) => {
        const number = gatewayNumbers.readPhoneNumber(text);
        expect(readPhoneNumber(text)).toBe(number.ok ? number.phoneNumber : undefined);
        const upn = readUserPrincipalName(text);
        expect(readUpn(text)).toBe(upn.ok ? upn.upn : undefined);
      }),
      { numRuns: 1000 },
    );
  });
});
