import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type AdminFixture, bindingOf, mac, startAdminFixture, tenant } from "./admin-fixture.ts";

let fixture: AdminFixture;
beforeAll(async () => {
  fixture = await startAdminFixture();
});
afterAll(() => fixture.stop());

const devices = "/api/v1/devices";

function add(macAddress: string, location = "") {
  return fixture.call({ method: "POST", url: devices, payload: { macAddress, location } });
}

describe("POST /devices", () => {
  test("201 tells the device that waits on activation, every field of it", async () => {
    const { status, json, headers } = await add("80:5E:C0:00:00:01", " Lobby ");
    expect(status).toBe(201);
    expect(headers.location).toBe("/api/v1/devices/80:5e:c0:00:00:01");
    expect(json).toEqual({
      macAddress: "80:5e:c0:00:00:01",
      location: "Lobby",
      state: "waiting-on-activation",
      vendor: null,
      model: null,
      firmware: null,
      supported: null,
      unsupportedReason: null,
      region: null,
      language: null,
      ipAddress: null,
      online: false,
      registeredAt: null,
      registrationExpiresAt: null,
      lastSeenAt: null,
      offBoardsAt: null,
      lastRequest: null,
      tenantName: "Contoso",
      user: null,
      policy: null,
      verificationCode: null,
      attention: [],
    });
  });

  test.each(["805ec0000002", "80-5E-C0-00-00-03", "805e.c000.0004"])(
    "takes a MAC address in the form %s",
    async (form) => {
      expect((await add(form)).json.macAddress).toMatch(/^80:5e:c0:00:00:0[234]$/);
    },
  );

  test("409 for a device that has been added already", async () => {
    await add("805ec0000005");
    const { status, json, headers } = await add("80:5e:c0:00:00:05");
    expect(status).toBe(409);
    expect(headers["content-type"]).toMatch(/^application\/problem\+json/);
    expect(json).toMatchObject({
      type: "about:blank",
      title: "Conflict",
      status: 409,
      detail: expect.stringContaining("already"),
    });
  });

  test.each([
    ["a MAC of 11 digits", { macAddress: "805ec000000" }, "macAddress"],
    ["a MAC with other letters", { macAddress: "805ec00000zz" }, "macAddress"],
    ["a group address", { macAddress: "01005e000001" }, "macAddress"],
    ["no MAC at all", { location: "Lobby" }, "macAddress"],
    ["a MAC that is no text", { macAddress: 805 }, "macAddress"],
    ["a location with a line break", { macAddress: "805ec0000009", location: "a\nb" }, "location"],
    ["a location too long", { macAddress: "805ec0000009", location: "x".repeat(201) }, "location"],
    ["a field that there is not", { macAddress: "805ec0000009", loaction: "x" }, "loaction"],
  ])("400 names the field at fault: %s", async (_case, payload, field) => {
    const { status, json } = await fixture.call({ method: "POST", url: devices, payload });
    expect(status).toBe(400);
    expect(Object.keys(json.errors)).toEqual([field]);
    expect(json.errors[field]).not.toBe("");
  });

  test("a phone that was seen is claimed and keeps what its requests told", async () => {
    await add("805ec000000a");
    await fixture.change("805ec000000a", { state: "seen", vendor: "yealink" });
    const { status, json } = await add("805ec000000a", "Desk 4");
    expect(status).toBe(201);
    expect(json).toMatchObject({
      state: "waiting-on-activation",
      vendor: "yealink",
      location: "Desk 4",
    });
  });
});

describe("GET /devices/{mac}", () => {
  test("finds it by any usual form of its MAC, URL-encoded too", async () => {
    await add("805ec0000011", "Desk");
    for (const form of ["805ec0000011", "80:5E:C0:00:00:11", "80%3A5e%3Ac0%3A00%3A00%3A11"]) {
      const { status, json } = await fixture.call({ url: `${devices}/${form}` });
      expect([status, json.macAddress]).toEqual([200, "80:5e:c0:00:00:11"]);
    }
  });

  test("tells registration, user, last request and usable code", async () => {
    await add("805ec0000012");
    const macAddress = mac("805ec0000012");
    const now = fixture.clock.nowMilliseconds();
    const upn = "adele@contoso.example";
    await fixture.stores.users.putMany([
      {
        tenantId: tenant.id,
        upn,
        displayName: "Adele",
        phoneNumber: "+14255550100",
        callingPolicy: "Global",
        forwarding: null,
        doNotDisturb: false,
        passwordHash: null,
      },
    ]);
    await fixture.stores.codes.put({
      tenantId: tenant.id,
      macAddress,
      code: "012345",
      createdAtMilliseconds: now,
      expiresAtMilliseconds: now + 1000,
    });
    const aor = "sip:+14255550100@contoso.example";
    await fixture.stores.bindings.update(tenant.id, aor, now, () => ({
      bindings: [bindingOf(macAddress, aor, now)],
    }));
    await fixture.change("805ec0000012", {
      state: "signed-in",
      upn,
      lastSeenAtMilliseconds: now,
      lastRequest: {
        atMilliseconds: now,
        path: "/emea/805ec0000012.cfg",
        userAgent: "Yealink",
        status: 200,
        note: "",
      },
    });
    const { json } = await fixture.call({ url: `${devices}/805ec0000012` });
    expect(json).toMatchObject({
      online: true,
      registeredAt: "2026-01-05T08:00:00.000Z",
      registrationExpiresAt: "2026-01-05T08:30:00.000Z",
      lastSeenAt: "2026-01-05T08:00:00.000Z",
      lastRequest: { at: "2026-01-05T08:00:00.000Z", path: "/emea/805ec0000012.cfg", status: 200 },
      user: { upn, displayName: "Adele", phoneNumber: "+14255550100" },
      verificationCode: { code: "012345", expiresAt: "2026-01-05T08:00:01.000Z" },
    });
  });

  test("an expired code is not told", async () => {
    await add("805ec0000013");
    const now = fixture.clock.nowMilliseconds();
    await fixture.stores.codes.put({
      tenantId: tenant.id,
      macAddress: mac("805ec0000013"),
      code: "012345",
      createdAtMilliseconds: now - 2,
      expiresAtMilliseconds: now,
    });
    const { json } = await fixture.call({ url: `${devices}/805ec0000013` });
    expect(json.verificationCode).toBeNull();
  });

  test("404 where there is none, 400 where that is no MAC", async () => {
    expect((await fixture.call({ url: `${devices}/805ec0ffffff` })).status).toBe(404);
    const { status, json } = await fixture.call({ url: `${devices}/805ec0` });
    expect(status).toBe(400);
    expect(json.errors.mac).toContain("this has 6");
  });
});

describe("GET /devices", () => {
  test("pages through all of them once, in the order of MAC addresses", async () => {
    for (let index = 0; index < 5; index++) await add(`10000000000${index}`, "paged");
    const seen: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const query: string = cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`;
      const { json } = await fixture.call({ url: `${devices}?search=paged&limit=2${query}` });
      expect(json.items.length).toBeLessThanOrEqual(2);
      seen.push(...json.items.map((item: { macAddress: string }) => item.macAddress));
      cursor = json.nextCursor;
    }
    expect(seen).toEqual([0, 1, 2, 3, 4].map((index) => `10:00:00:00:00:0${index}`));
  });

  test("filters by state and by being online", async () => {
    await add("200000000001");
    await add("200000000002");
    await fixture.change("200000000002", { state: "waiting-for-sign-in" });
    const now = fixture.clock.nowMilliseconds();
    const aor = "sip:200000000002@onboarding.emea.invalid";
    await fixture.stores.bindings.update(tenant.id, aor, now, () => ({
      bindings: [bindingOf(mac("200000000002"), aor, now)],
    }));
    const macs = async (query: string) =>
      (await fixture.call({ url: `${devices}?search=2000000000&${query}` })).json.items.map(
        (item: { macAddress: string }) => item.macAddress,
      );
    expect(await macs("state=waiting-for-sign-in")).toEqual(["20:00:00:00:00:02"]);
    expect(await macs("online=true")).toEqual(["20:00:00:00:00:02"]);
    expect(await macs("online=false")).toEqual(["20:00:00:00:00:01"]);
  });

  test.each([
    ["state=asleep", "state"],
    ["online=maybe", "online"],
    ["limit=0", "limit"],
    ["limit=1001", "limit"],
    ["limit=ten", "limit"],
    ["sate=seen", "sate"],
  ])("400 for ?%s names the parameter", async (query, field) => {
    const { status, json } = await fixture.call({ url: `${devices}?${query}` });
    expect(status).toBe(400);
    expect(Object.keys(json.errors)).toContain(field);
  });
});

describe("PATCH and DELETE /devices/{mac}", () => {
  test("PATCH moves a device and says so in its history", async () => {
    await add("300000000001", "Old");
    const url = `${devices}/300000000001`;
    const patched = await fixture.call({ method: "PATCH", url, payload: { location: "New" } });
    expect([patched.status, patched.json.location]).toEqual([200, "New"]);
    const { json } = await fixture.call({ url: `${url}/events` });
    expect(json.items[0]).toEqual({
      at: "2026-01-05T08:00:00.000Z",
      kind: "changed",
      text: "Location: New.",
      actor: "admin",
    });
  });

  test("PATCH refuses other fields, a missing body and an unknown device", async () => {
    const url = `${devices}/300000000001`;
    const patch = async (payload: object | undefined, target = url) =>
      (await fixture.call({ method: "PATCH", url: target, ...(payload && { payload }) })).status;
    expect(await patch({ state: "signed-in" })).toBe(400);
    expect(await patch(undefined)).toBe(400);
    expect(await patch({ location: "x" }, `${devices}/3000000000ff`)).toBe(404);
  });

  test("DELETE ends its code and bindings, and is 404 the second time", async () => {
    await add("300000000002");
    const macAddress = mac("300000000002");
    const now = fixture.clock.nowMilliseconds();
    const aor = "sip:300000000002@onboarding.noam.invalid";
    await fixture.stores.bindings.update(tenant.id, aor, now, () => ({
      bindings: [bindingOf(macAddress, aor, now)],
    }));
    const url = `${devices}/300000000002`;
    const deleted = await fixture.call({ method: "DELETE", url });
    expect([deleted.status, deleted.text]).toEqual([204, ""]);
    expect(await fixture.stores.bindings.find(tenant.id, aor, now)).toEqual([]);
    expect((await fixture.call({ method: "DELETE", url })).status).toBe(404);
  });
});

describe("POST /devices/{mac}/reset and GET …/events", () => {
  test("a reset is done at once: 202 with a command id, and the device waits again", async () => {
    await add("400000000001");
    await fixture.change("400000000001", { state: "signed-out" });
    const url = `${devices}/400000000001`;
    const { status, json } = await fixture.call({ method: "POST", url: `${url}/reset` });
    expect(status).toBe(202);
    expect(json).toEqual({
      commandId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      status: "accepted",
    });
    expect((await fixture.call({ url })).json.state).toBe("waiting-on-activation");
    const missing = await fixture.call({ method: "POST", url: `${devices}/4000000000ff/reset` });
    expect(missing.status).toBe(404);
  });

  test("history is newest first and paged", async () => {
    const url = `${devices}/400000000001/events`;
    const first = (await fixture.call({ url: `${url}?limit=1` })).json;
    expect(first.items[0].kind).toBe("reset");
    const next = `${url}?limit=1&cursor=${encodeURIComponent(first.nextCursor)}`;
    expect((await fixture.call({ url: next })).json.items[0].kind).toBe("added");
    expect((await fixture.call({ url: `${devices}/4000000000ff/events` })).status).toBe(404);
  });
});
