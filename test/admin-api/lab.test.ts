import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type AdminFixture, mac, startAdminFixture, tenant } from "./admin-fixture.ts";

let fixture: AdminFixture;
beforeAll(async () => {
  fixture = await startAdminFixture({ lab: true });
});
afterAll(() => fixture.stop());

function post(url: string, payload: object, to = fixture) {
  return to.call({ method: "POST", url: `/api/v1/lab/${url}`, payload });
}

describe("POST /lab/sample-users", () => {
  test("makes users who are signed in and can register", async () => {
    const { status, json } = await post("sample-users", { from: 41, count: 2 });
    expect(status).toBe(200);
    expect(json.users).toEqual(
      ["+15550000041", "+15550000042"].map((user) => ({
        user,
        domain: "contoso.example",
        authenticationName: user,
        password: expect.stringMatching(/^[\w-]{24}$/),
      })),
    );
    const account = await fixture.stores.accounts.findByAuthenticationName("+15550000041");
    const text = `+15550000041:contoso.example:${json.users[0].password}`;
    expect(account).toMatchObject({
      tenantId: tenant.id,
      realm: "contoso.example",
      aor: "sip:+15550000041@contoso.example",
      upn: "sample-000041@contoso.example",
      macAddress: mac("020000000029"),
      ha1: {
        md5: createHash("md5").update(text).digest("hex"),
        sha256: createHash("sha256").update(text).digest("hex"),
      },
    });
    const device = await fixture.call({ url: "/api/v1/devices/02:00:00:00:00:29" });
    expect(device.json).toMatchObject({
      state: "signed-in",
      user: { displayName: "Sample 000041", phoneNumber: "+15550000041" },
    });
  });

  test("the same again gives the same accounts", async () => {
    const first = await post("sample-users", { from: 41, count: 2 });
    const second = await post("sample-users", { from: 41, count: 2 });
    expect(second.json).toEqual(first.json);
  });

  test("403 says how to open the laboratory", async () => {
    const closed = await startAdminFixture();
    const { status, json } = await post("sample-users", { count: 1 }, closed);
    expect([status, json.detail]).toEqual([403, expect.stringContaining("LAB=true")]);
    const clock = await post("clock/advance", { seconds: 1 }, closed);
    expect([clock.status, clock.json.detail]).toEqual([403, expect.stringContaining("LAB=true")]);
    await closed.stop();
  });

  test.each([
    { count: 0 },
    { count: 10_001 },
    { count: 1.5 },
    { count: 2, from: 9_999_999 },
    { count: 1, from: 0 },
    {},
  ])("400 for %j", async (payload) => {
    const { status, json } = await post("sample-users", payload);
    expect(status).toBe(400);
    expect(Object.keys(json.errors).length).toBe(1);
  });
});

test("POST /lab/clock/advance moves the time and tells it; never backwards", async () => {
  const own = await startAdminFixture({
    lab: true,
    advanceClock: (milliseconds) => Date.parse("2026-01-05T08:00:00Z") + milliseconds,
  });
  const { status, json } = await post("clock/advance", { seconds: 90 }, own);
  expect([status, json.now]).toEqual([200, "2026-01-05T08:01:30.000Z"]);
  for (const seconds of [0, -1, 1e12, "5"]) {
    expect((await post("clock/advance", { seconds }, own)).status).toBe(400);
  }
  await own.stop();
});
