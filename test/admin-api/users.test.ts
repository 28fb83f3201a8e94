import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type AdminFixture, startAdminFixture, tenant } from "./admin-fixture.ts";

let fixture: AdminFixture;
beforeEach(async () => {
  fixture = await startAdminFixture();
});
afterEach(async () => {
  expect(fixture.faults).toEqual([]);
  await fixture.stop();
});

const path = "/api/v1/users/adele@contoso.example";
const adele = { displayName: "Adele Vance", phoneNumber: "+14255550100" };

function put(payload: object, url = path) {
  return fixture.call({ method: "PUT", url, payload });
}

describe("users", () => {
  test("PUT adds one and then changes it; GET tells it; the password is never told", async () => {
    const answer = await put({ ...adele, password: "correct horse" });
    const user = {
      upn: "adele@contoso.example",
      ...adele,
      callingPolicy: "Global",
      forwarding: null,
      doNotDisturb: false,
    };
    expect(answer).toMatchObject({ status: 201, json: user });
    expect(Object.keys(answer.json).sort()).toEqual(Object.keys(user).sort());
    const forwarding = { when: "busy", to: "+14255550199" };
    const changed = await put({ ...user, doNotDisturb: true, forwarding });
    expect(changed).toMatchObject({ status: 200, json: { doNotDisturb: true, forwarding } });
    const read = await fixture.call({ url: path.replace("adele", "ADELE") });
    expect(read).toMatchObject({ status: 200, json: changed.json });
    expect(answer.text + changed.text + read.text).not.toMatch(/scrypt|horse|assword/);
    const list = await fixture.call({ url: "/api/v1/users" });
    expect(list.text).not.toMatch(/scrypt|assword/);
  });

  test("a percent-encoded UPN is the same user", async () => {
    await put(adele);
    const read = await fixture.call({ url: "/api/v1/users/adele%40contoso.example" });
    expect(read.json).toMatchObject(adele);
  });

  test("GET lists them by UPN, page by page, and searches", async () => {
    for (const name of ["adele", "bob", "chris"]) {
      await put({ displayName: name.toUpperCase() }, `/api/v1/users/${name}@contoso.example`);
    }
    const first = await fixture.call({ url: "/api/v1/users?limit=2" });
    expect(first.json.items.map((user: { upn: string }) => user.upn)).toEqual([
      "adele@contoso.example",
      "bob@contoso.example",
    ]);
    const cursor = encodeURIComponent(first.json.nextCursor);
    const second = await fixture.call({ url: `/api/v1/users?limit=2&cursor=${cursor}` });
    expect(second.json).toMatchObject({ items: [{ displayName: "CHRIS" }], nextCursor: null });
    const found = await fixture.call({ url: "/api/v1/users?search=oB" });
    expect(found.json.items).toMatchObject([{ displayName: "BOB" }]);
  });

  test("GET /users/counts tells how many there are by calling policy, beyond one page of the store", async () => {
    const url = "/api/v1/users/counts";
    expect((await fixture.call({ url })).json).toEqual({ total: 0, byPolicy: [] });
    await put({}, "/api/v1/calling-policies/Sales");
    const user = await put(adele);
    const stored = await fixture.stores.users.find(tenant.id, user.json.upn);
    if (stored === undefined) throw new Error("Adele is not stored.");
    const others = Array.from({ length: 600 }, (_, index) => ({
      ...stored,
      upn: `u${index}@contoso.example`,
      phoneNumber: null,
      callingPolicy: "Sales",
    }));
    await fixture.stores.users.putMany(others);
    expect((await fixture.call({ url })).json).toEqual({
      total: 601,
      byPolicy: [
        { name: "Global", users: 1 },
        { name: "Sales", users: 600 },
      ],
    });
  });

  test("DELETE takes one away; what is not there is 404", async () => {
    await put(adele);
    expect((await fixture.call({ method: "DELETE", url: path })).status).toBe(204);
    for (const method of ["GET", "DELETE"] as const) {
      expect((await fixture.call({ method, url: path })).status).toBe(404);
    }
  });

  test.each([
    ["displayName", {}],
    ["displayName", { displayName: "" }],
    ["phoneNumber", { ...adele, phoneNumber: "0100" }],
    ["callingPolicy", { ...adele, callingPolicy: "Nowhere" }],
    ["forwarding", { ...adele, forwarding: { when: "busy", to: "x" } }],
    ["password", { ...adele, password: "" }],
    ["upn", { ...adele, upn: "bob@contoso.example" }],
    ["manager", { ...adele, manager: "bob" }],
  ])("400 names %s: %o", async (field, payload) => {
    const answer = await put(payload);
    expect(answer.status).toBe(400);
    expect(answer.headers["content-type"]).toContain("application/problem+json");
    expect(Object.keys(answer.json.errors)).toEqual([field]);
  });

  test("400 for a path that is no UPN", async () => {
    const answer = await put(adele, "/api/v1/users/adele");
    expect(answer).toMatchObject({ status: 400, json: { errors: { upn: expect.any(String) } } });
  });

  test("of many who are given one phone number at once, one has it and the others get 409", async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        put(adele, `/api/v1/users/u${index}@contoso.example`),
      ),
    );
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([201, ...Array.from({ length: 7 }, () => 409)]);
    expect((await fixture.call({ url: "/api/v1/users" })).json.items).toHaveLength(1);
  });

  test("409 names whose the phone number is", async () => {
    await put(adele);
    const answer = await put(adele, "/api/v1/users/bob@contoso.example");
    expect(answer).toMatchObject({
      status: 409,
      json: { errors: { phoneNumber: "This phone number is adele@contoso.example's." } },
    });
  });
});

describe("calling policies", () => {
  test("two PUTs at once that each change another setting both hold", async () => {
    const url = "/api/v1/calling-policies/Global";
    await Promise.all([put({ allowVoicemail: false }, url), put({ busyOnBusy: true }, url)]);
    const { json } = await fixture.call({ url });
    expect(json).toMatchObject({ allowVoicemail: false, busyOnBusy: true, version: 3 });
  });

  const lobby = "/api/v1/calling-policies/Lobby";

  test("PUT adds one and counts its version up with each change; GET tells them", async () => {
    const added = await put({ allowVoicemail: false }, lobby);
    expect(added).toMatchObject({
      status: 201,
      json: { name: "Lobby", version: 1, allowVoicemail: false, allowSipDevicesCalling: true },
    });
    // What a GET told can be sent back, and changes nothing.
    expect(await put(added.json, lobby)).toMatchObject({ status: 200, json: { version: 1 } });
    expect(await put({ busyOnBusy: true }, lobby.toLowerCase())).toMatchObject({
      status: 200,
      json: { name: "Lobby", version: 2, allowVoicemail: false, busyOnBusy: true },
    });
    const list = await fixture.call({ url: "/api/v1/calling-policies" });
    expect(list.json).toMatchObject({
      items: [
        { name: "Global", version: 1 },
        { name: "Lobby", version: 2 },
      ],
      nextCursor: null,
    });
    expect((await fixture.call({ url: lobby })).json).toEqual(list.json.items[1]);
  });

  test.each([
    ["allowVoicemail", { allowVoicemail: "yes" }],
    ["allowEverything", { allowEverything: true }],
    ["name", { name: "Global" }],
  ])("400 names %s", async (field, payload) => {
    const answer = await put(payload, lobby);
    expect(answer.status).toBe(400);
    expect(Object.keys(answer.json.errors)).toEqual([field]);
  });

  test("DELETE: 409 for Global and with how many users, 204, 404", async () => {
    const remove = (url: string) => fixture.call({ method: "DELETE", url });
    expect((await remove("/api/v1/calling-policies/global")).status).toBe(409);
    await put({}, lobby);
    await put({ ...adele, callingPolicy: "lobby" });
    expect(await remove(lobby)).toMatchObject({
      status: 409,
      json: { detail: expect.stringContaining("1 user has") },
    });
    await put(adele);
    expect((await remove(lobby)).status).toBe(204);
    expect((await remove(lobby)).status).toBe(404);
    expect((await fixture.call({ url: lobby })).status).toBe(404);
  });
});

describe("Conditional Access", () => {
  const url = "/api/v1/conditional-access";

  test("blocks nothing at first, and tells the gateway's addresses of each region", async () => {
    expect((await fixture.call({ url })).json).toEqual({
      enabled: false,
      trustedRanges: [],
      excludedAddresses: [],
      gatewayAddresses: {
        noam: ["52.170.38.140", "40.112.144.212"],
        emea: ["40.112.71.149", "40.113.112.67"],
        apac: ["20.92.120.71", "13.73.115.90"],
      },
      missingAddresses: [],
    });
  });

  test("PUT writes the rule; the gateway's addresses are read only", async () => {
    const rule = {
      enabled: true,
      trustedRanges: ["203.0.113.0/24"],
      excludedAddresses: ["52.170.38.140"],
    };
    const answer = await put({ ...rule, gatewayAddresses: { noam: [] } }, url);
    expect(answer).toMatchObject({ status: 200, json: rule });
    expect(answer.json.gatewayAddresses.noam).toHaveLength(2);
    expect((await fixture.call({ url })).json).toEqual(answer.json);
    expect((await put(answer.json, url)).json).toEqual(answer.json);
  });

  test("names the gateway's addresses that the rule blocks, by region", async () => {
    const { json } = await put(
      { enabled: true, trustedRanges: ["40.112.0.0/15"], excludedAddresses: ["52.170.38.140"] },
      url,
    );
    expect(json.missingAddresses).toEqual([
      { region: "apac", address: "20.92.120.71" },
      { region: "apac", address: "13.73.115.90" },
    ]);
  });

  test.each([
    ["enabled", {}],
    ["trustedRanges.0", { enabled: true, trustedRanges: ["203.0.113.0"] }],
    ["excludedAddresses.1", { enabled: true, excludedAddresses: ["192.0.2.1", "gateway"] }],
  ])("400 names %s", async (field, payload) => {
    const answer = await put(payload, url);
    expect(answer.status).toBe(400);
    expect(Object.keys(answer.json.errors)).toEqual([field]);
  });
});
