import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { initialGlobalPolicy } from "../../src/domain/calling-policy.ts";
import { ensureGlobalPolicy } from "../../src/domain/ensure-global-policy.ts";
import { verifyPassword } from "../../src/domain/password-hash.ts";
import { putConditionalAccess } from "../../src/domain/put-conditional-access.ts";
import { putPolicy } from "../../src/domain/put-policy.ts";
import { putUser, type UserEntry } from "../../src/domain/put-user.ts";
import { removePolicy } from "../../src/domain/remove-policy.ts";
import { type DomainFixture, openDomainFixture, tenant } from "./domain-fixture.ts";

let fixture: DomainFixture;
beforeEach(async () => {
  fixture = await openDomainFixture();
});
afterEach(() => fixture.end());

const adele: UserEntry = {
  upn: "Adele@Contoso.Example",
  displayName: " Adele Vance ",
  phoneNumber: "+1 (425) 555-0100",
};

function put(changes: Partial<UserEntry> = {}) {
  return putUser(fixture, tenant.id, { ...adele, ...changes });
}

describe("writing a user", () => {
  test("keeps the UPN in lower case, the number as E.164, and Global where no policy is named", async () => {
    const result = await put();
    const user = {
      tenantId: tenant.id,
      upn: "adele@contoso.example",
      displayName: "Adele Vance",
      phoneNumber: "+14255550100",
      callingPolicy: "Global",
      forwarding: null,
      doNotDisturb: false,
      passwordHash: null,
    };
    expect(result).toEqual({ outcome: "created", user });
    expect(await fixture.users.find(tenant.id, "adele@contoso.example")).toEqual(user);
  });

  test("again replaces everything but the password", async () => {
    await put({ password: "correct horse", doNotDisturb: true });
    const result = await put({ displayName: "A. Vance" });
    expect(result).toMatchObject({
      outcome: "replaced",
      user: { displayName: "A. Vance", doNotDisturb: false },
    });
    const stored = await fixture.users.find(tenant.id, "adele@contoso.example");
    expect(await verifyPassword("correct horse", stored?.passwordHash ?? null)).toBe(true);
    await put({ password: null });
    const without = await fixture.users.find(tenant.id, "adele@contoso.example");
    expect(without?.passwordHash).toBeNull();
  });

  test.each([
    ["upn", { upn: "adele" }],
    ["upn", { upn: "adele@contoso@example" }],
    ["upn", { upn: "ad ele@contoso.example" }],
    ["upn", { upn: `${"a".repeat(120)}@contoso.example` }],
    ["upn", { upn: 'adele"<script>@contoso.example' }],
    ["displayName", { displayName: " " }],
    ["displayName", { displayName: "a\r\nb" }],
    ["displayName", { displayName: "a".repeat(257) }],
    ["phoneNumber", { phoneNumber: "4255550100" }],
    ["phoneNumber", { phoneNumber: "+0123456789" }],
    ["phoneNumber", { phoneNumber: "+1425555010012345" }],
    ["callingPolicy", { callingPolicy: "Nowhere" }],
    ["forwarding", { forwarding: { when: "busy", to: "somebody" } }],
    ["forwarding", { forwarding: { when: "busy", to: "a b@contoso.example" } }],
    ["password", { password: "" }],
    ["password", { password: "x".repeat(257) }],
  ] as const)("says what is wrong with %s: %o", async (field, changes) => {
    const result = await put(changes);
    expect(result).toMatchObject({ outcome: "invalid" });
    if (result.outcome === "invalid") expect(Object.keys(result.faults)).toEqual([field]);
    expect((await fixture.users.list(tenant.id, { limit: 10 })).items).toEqual([]);
  });

  test("names every fault at once", async () => {
    const result = await put({ upn: "", displayName: "", phoneNumber: "1" });
    if (result.outcome !== "invalid") throw new Error(result.outcome);
    expect(Object.keys(result.faults)).toEqual(["upn", "displayName", "phoneNumber"]);
  });

  test("a phone number is one user's only; its holder may keep it", async () => {
    await put();
    expect(await put({ upn: "bob@contoso.example" })).toEqual({
      outcome: "number-taken",
      upn: "adele@contoso.example",
    });
    expect(await put({ displayName: "Adele" })).toMatchObject({ outcome: "replaced" });
  });

  test("forwarding goes to a number or a user, in the form they are kept in", async () => {
    const forwarding = { when: "no-answer", to: "Bob@Contoso.Example" } as const;
    expect(await put({ forwarding })).toMatchObject({
      user: { forwarding: { when: "no-answer", to: "bob@contoso.example" } },
    });
  });

  test("a policy is named as it was first written", async () => {
    await putPolicy(fixture, tenant.id, { name: "Lobby", settings: {} });
    expect(await put({ callingPolicy: "LOBBY" })).toMatchObject({
      user: { callingPolicy: "Lobby" },
    });
  });
});

describe("calling policies", () => {
  const lobby = { name: "Lobby", settings: { allowVoicemail: false } };

  test("Global is there from the first start, and stays as it was changed", async () => {
    const changed = { name: "global", settings: { allowVoicemail: false } };
    expect(await putPolicy(fixture, tenant.id, changed)).toMatchObject({
      outcome: "changed",
      policy: { name: "Global", version: 2 },
    });
    await ensureGlobalPolicy(fixture, tenant.id);
    expect(await fixture.callingPolicies.find(tenant.id, "Global")).toMatchObject({
      version: 2,
      allowVoicemail: false,
    });
  });

  test("a new one begins as Global did; a change counts the version up, none does not", async () => {
    const at = fixture.clock.nowMilliseconds();
    expect(await putPolicy(fixture, tenant.id, lobby)).toEqual({
      outcome: "created",
      policy: {
        ...initialGlobalPolicy,
        ...{ tenantId: tenant.id, name: "Lobby", version: 1, changedAtMilliseconds: at },
        allowVoicemail: false,
      },
    });
    expect(await putPolicy(fixture, tenant.id, lobby)).toMatchObject({ outcome: "unchanged" });
    const next = { name: "lobby", settings: { busyOnBusy: true } };
    expect(await putPolicy(fixture, tenant.id, next)).toMatchObject({
      outcome: "changed",
      policy: { version: 2, allowVoicemail: false, busyOnBusy: true },
    });
  });

  test.each(["", "  ", "a\nb", "x".repeat(65)])("a name is refused: %j", async (name) => {
    const result = await putPolicy(fixture, tenant.id, { name, settings: {} });
    expect(result).toMatchObject({ outcome: "invalid" });
  });

  test("Global and what users have cannot be deleted", async () => {
    await putPolicy(fixture, tenant.id, lobby);
    await put({ callingPolicy: "Lobby" });
    const remove = (name: string) => removePolicy(fixture, tenant.id, name);
    expect(await remove("GLOBAL")).toEqual({ outcome: "global" });
    expect(await remove("lobby")).toEqual({ outcome: "in-use", users: 1 });
    await put();
    expect(await remove("lobby")).toEqual({ outcome: "removed" });
    expect(await remove("lobby")).toEqual({ outcome: "not-found" });
  });
});

describe("writing a Conditional Access rule", () => {
  const rule = {
    tenantId: tenant.id,
    enabled: true,
    trustedRanges: ["203.0.113.0/24", "2001:db8::/32"],
    excludedAddresses: ["52.170.38.140", "2001:db8::7"],
  };

  test("keeps ranges and addresses of IPv4 and IPv6", async () => {
    const result = await putConditionalAccess(fixture.conditionalAccess, rule);
    expect(result).toEqual({ outcome: "written", rule });
    expect(await fixture.conditionalAccess.find(tenant.id)).toEqual(rule);
  });

  test("names each entry that cannot be read, and writes none", async () => {
    const result = await putConditionalAccess(fixture.conditionalAccess, {
      ...rule,
      trustedRanges: ["203.0.113.0/24", "203.0.113.0", "10.0.0.0/33"],
      excludedAddresses: ["0x7f.1", "52.170.38.140", "gateway"],
    });
    if (result.outcome !== "invalid") throw new Error(result.outcome);
    expect(Object.keys(result.faults)).toEqual([
      "trustedRanges.1",
      "trustedRanges.2",
      "excludedAddresses.0",
      "excludedAddresses.2",
    ]);
    expect((await fixture.conditionalAccess.find(tenant.id)).enabled).toBe(false);
  });
});
