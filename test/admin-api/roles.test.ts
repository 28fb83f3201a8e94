import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type AdministratorRole,
  administratorRoles,
  roleSuffices,
} from "../../src/domain/administrator.ts";
import { type AdminFixture, startAdminFixture } from "./admin-fixture.ts";
import { addAdministrator } from "./page-session.ts";
import { listRoutes, openRoutes } from "./served-routes.ts";

/** The least role of each route for which it is not reading for all and the rest for administrators. */
const otherwise: Readonly<Record<string, AdministratorRole>> = {
  "POST /api/v1/devices": "technician",
  "PATCH /api/v1/devices/{mac}": "technician",
  "POST /api/v1/devices/import": "technician",
  "POST /api/v1/verification-codes": "technician",
  "POST /api/v1/devices/look-up": "reader",
  "DELETE /api/v1/session": "reader",
  "GET /api/v1/administrators": "administrator",
};

function leastRole(route: string): AdministratorRole {
  return otherwise[route] ?? (route.startsWith("GET ") ? "reader" : "administrator");
}

/** A stream of events does not end, and a token has no session. */
const triedElsewhere = [...openRoutes, "GET /api/v1/events", "GET /api/v1/session"];

let fixture: AdminFixture;
const tokens = new Map<AdministratorRole, string>();

beforeAll(async () => {
  fixture = await startAdminFixture({ lab: true, advanceClock: (milliseconds) => milliseconds });
  for (const role of administratorRoles) {
    tokens.set(role, await addAdministrator(fixture, `The ${role}`, role));
  }
});
afterAll(() => fixture.stop());

/** What a role is told of a call without a body, on things that are not there. */
async function tryRoute(route: string, role: AdministratorRole) {
  const [method = "", path = ""] = route.split(" ");
  return fixture.call({
    method: method as "GET",
    url: path.replace("{mac}", "805ec0ffffff").replaceAll(/\{\w+\}/g, "none"),
    headers: { authorization: `Bearer ${tokens.get(role)}` },
  });
}

describe.each(administratorRoles)("a %s", (role) => {
  test("may call each route that his role suffices for, and is told of the others which role they need", async () => {
    const routes = listRoutes(fixture).filter((route) => !triedElsewhere.includes(route));
    expect(routes.length).toBeGreaterThan(35);
    for (const route of routes) {
      const { status, json } = await tryRoute(route, role);
      const needed = leastRole(route);
      if (roleSuffices(role, needed)) {
        expect([401, 403, 500], route).not.toContain(status);
      } else {
        const detail = `This needs the role ${needed}; yours is ${role}.`;
        expect(json, route).toMatchObject({ status: 403, detail });
      }
    }
  });
});

test("every route that is named apart is served", () => {
  expect(listRoutes(fixture)).toEqual(expect.arrayContaining(Object.keys(otherwise)));
});

test("a refused call changes nothing, and its body is not read", async () => {
  const authorization = `Bearer ${tokens.get("reader")}`;
  const options = { method: "POST", url: "/api/v1/devices", headers: { authorization } } as const;
  const payload = { macAddress: "805ec0000001" };
  expect((await fixture.call({ ...options, payload })).status).toBe(403);
  expect((await fixture.call({ ...options, payload: "{" })).status).toBe(403);
  expect((await fixture.call({ url: "/api/v1/devices" })).json.items).toEqual([]);
});

test("a technician makes codes and moves devices under his own name", async () => {
  const authorization = `Bearer ${tokens.get("technician")}`;
  const headers = { authorization };
  const macAddress = "80:5e:c0:00:00:02";
  const url = `/api/v1/devices/${macAddress}`;
  await fixture.call({ method: "POST", url: "/api/v1/devices", headers, payload: { macAddress } });
  await fixture.call({ method: "PATCH", url, headers, payload: { location: "Lobby" } });
  const codes = { method: "POST", url: "/api/v1/verification-codes", headers } as const;
  await fixture.call({ ...codes, payload: { macAddresses: [macAddress] } });
  await fixture.call({ method: "POST", url: `${url}/reset` });
  const history = await fixture.call({ url: `${url}/events` });
  const actors = history.json.items.map((event: { kind: string; actor: string }) => [
    event.kind,
    event.actor,
  ]);
  expect(actors).toEqual([
    ["reset", "admin"],
    ["code-generated", "The technician"],
    ["changed", "The technician"],
    ["added", "The technician"],
  ]);
});
