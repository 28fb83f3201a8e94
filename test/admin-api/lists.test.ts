import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type AdminFixture, bindingOf, mac, startAdminFixture, tenant } from "./admin-fixture.ts";

let fixture: AdminFixture;
beforeAll(async () => {
  fixture = await startAdminFixture();
});
afterAll(() => fixture.stop());

test("GET /regions tells where each region's phones are pointed", async () => {
  const { json } = await fixture.call({ url: "/api/v1/regions" });
  expect(json).toEqual(
    [
      ["noam", "Americas"],
      ["emea", "EMEA"],
      ["apac", "Asia Pacific"],
    ].map(([id, name]) => ({
      id,
      name,
      provisioningUrl: `http://192.0.2.10:8080/${id}/`,
      sipHost: "192.0.2.10",
      sipPort: 5060,
    })),
  );
});

test("GET /regions puts an IPv6 address in brackets within the URL only", async () => {
  const phoneSide = () => ({ host: "2001:db8::1", sipPort: 5060, provisioningPort: 80 });
  const own = await startAdminFixture({ phoneSide });
  const { json } = await own.call({ url: "/api/v1/regions" });
  expect(json[1]).toMatchObject({
    provisioningUrl: "http://[2001:db8::1]:80/emea/",
    sipHost: "2001:db8::1",
  });
  await own.stop();
});

describe("GET /registrations", () => {
  const aors = [1, 2, 3].map((index) => `sip:+1425555010${index}@contoso.example`);

  beforeAll(async () => {
    const now = fixture.clock.nowMilliseconds();
    for (const [index, aor] of aors.entries()) {
      const binding = bindingOf(mac(`80:5e:c0:00:00:0${index}`), aor, now);
      await fixture.stores.bindings.update(tenant.id, aor, now, () => ({ bindings: [binding] }));
    }
  });

  test("tells contact, source, transport, expiry, User-Agent and node", async () => {
    const url = `/api/v1/registrations?aor=${encodeURIComponent(aors[0] ?? "")}`;
    const { json } = await fixture.call({ url });
    expect(json.items).toEqual([
      {
        aor: aors[0],
        contact: "sip:phone@198.51.100.7:5060",
        macAddress: "80:5e:c0:00:00:00",
        source: "198.51.100.7:5060",
        transport: "udp",
        userAgent: "Yealink SIP-T54W 96.86.0.45",
        node: "node-1",
        instanceId: null,
        callId: "call-1",
        q: 1,
        registeredAt: "2026-01-05T08:00:00.000Z",
        refreshedAt: "2026-01-05T08:00:00.000Z",
        expiresAt: "2026-01-05T08:30:00.000Z",
      },
    ]);
  });

  test("filters by MAC address, and pages", async () => {
    const byMac = await fixture.call({ url: "/api/v1/registrations?mac=80-5E-C0-00-00-01" });
    expect(byMac.json.items.map((item: { aor: string }) => item.aor)).toEqual([aors[1]]);
    const first = (await fixture.call({ url: "/api/v1/registrations?limit=2" })).json;
    expect(first.items).toHaveLength(2);
    const cursor = encodeURIComponent(first.nextCursor);
    const second = (await fixture.call({ url: `/api/v1/registrations?limit=2&cursor=${cursor}` }))
      .json;
    expect(second.items.map((item: { aor: string }) => item.aor)).toEqual([aors[2]]);
    expect(second.nextCursor).toBeNull();
  });

  test("400 for a MAC that is none", async () => {
    const { status, json } = await fixture.call({ url: "/api/v1/registrations?mac=12" });
    expect([status, Object.keys(json.errors)]).toEqual([400, ["mac"]]);
  });
});

describe("GET /calls", () => {
  test("tells calls with how they ended, page by page", async () => {
    const started = fixture.clock.nowMilliseconds();
    const call = {
      callId: "c1",
      from: "sip:a@contoso.example",
      to: "sip:b@contoso.example",
      kind: "user",
      answeredBy: null,
      startedAtMilliseconds: started,
      answeredAtMilliseconds: null,
      endedAtMilliseconds: null,
      status: null,
      end: null,
    };
    const ended = { ...call, callId: "c2", endedAtMilliseconds: started, status: 486, end: "busy" };
    fixture.calls.push(call, ended);
    const first = (await fixture.call({ url: "/api/v1/calls?limit=1" })).json;
    expect(first.items).toEqual([
      {
        callId: "c1",
        from: "sip:a@contoso.example",
        to: "sip:b@contoso.example",
        kind: "user",
        answeredBy: null,
        startedAt: "2026-01-05T08:00:00.000Z",
        answeredAt: null,
        endedAt: null,
        status: null,
        end: null,
      },
    ]);
    const second = (await fixture.call({ url: `/api/v1/calls?cursor=${first.nextCursor}` })).json;
    expect(second.items[0]).toMatchObject({ callId: "c2", status: 486, end: "busy" });
    expect(second.nextCursor).toBeNull();
    expect((await fixture.call({ url: "/api/v1/calls?cursor=x" })).status).toBe(400);
  });
});

describe("a cursor that no page gave", () => {
  test.each(["/devices", "/users", "/registrations", "/calls", "/devices/805ec0aabb01/events"])(
    "is 400 at %s, naming the cursor",
    async (list) => {
      await fixture.call({
        method: "POST",
        url: "/api/v1/devices",
        payload: { macAddress: "805ec0aabb01", location: "" },
      });
      for (const garbage of ["garbage", "", "%00", "-1", "zz:zz", "' OR 1=1", "%F0%9F%98%80"]) {
        const url = `/api/v1${list}?cursor=${garbage.includes("%") ? garbage : encodeURIComponent(garbage)}`;
        const { status, json } = await fixture.call({ url });
        expect([garbage, status, Object.keys(json.errors ?? {})]).toEqual([
          garbage,
          400,
          ["cursor"],
        ]);
      }
    },
  );
});
