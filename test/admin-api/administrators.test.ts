import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { wrongTokenLimits } from "../../src/admin-api/wrong-token-brake.ts";
import { type AdminFixture, startAdminFixture, tenant } from "./admin-fixture.ts";
import { addAdministrator, openPage } from "./page-session.ts";

let fixture: AdminFixture;
beforeEach(async () => {
  fixture = await startAdminFixture();
});
afterEach(() => fixture.stop());

const url = "/api/v1/administrators";
const roleOf = (token: string) => {
  const headers = { authorization: `Bearer ${token}` };
  return fixture.call({ url: `${url}/none`, method: "DELETE", headers });
};

describe("administrators", () => {
  test("POST tells the token once; only its hash is kept", async () => {
    const payload = { name: " Zoë ", role: "administrator" };
    const added = await fixture.call({ method: "POST", url, payload });
    expect(added.status).toBe(201);
    expect(added.headers["cache-control"]).toBe("no-store");
    expect(added.headers.location).toBe(`${url}/Zo%C3%AB`);
    const { token, ...administrator } = added.json;
    expect(token).toMatch(/^sgw_[\w-]{43}$/);
    expect(administrator).toEqual({
      name: "Zoë",
      role: "administrator",
      kind: "token",
      createdAt: expect.any(String),
    });
    const listed = await fixture.call({ url });
    const first = { name: "admin", role: "administrator", kind: "settings", createdAt: null };
    expect(listed.json).toEqual({ items: [first, administrator], nextCursor: null });
    expect(listed.text).not.toContain(token);
    const stored = await fixture.stores.administrators.list(tenant.id);
    expect(JSON.stringify(stored)).not.toContain(token);
    expect((await roleOf(token)).status).toBe(404);
  });

  test.each([
    ["", 400],
    ["  ", 400],
    ["x".repeat(65), 400],
    ["<script>", 400],
    ["a\nb", 400],
    ["Admin", 400],
    ["phone", 400],
    ["GATEWAY", 400],
    ["adele", 409],
  ])("a name like %j is refused, and the field named", async (name, status) => {
    await addAdministrator(fixture, "Adele", "reader");
    const payload = { name, role: "reader" };
    const answer = await fixture.call({ method: "POST", url, payload });
    expect(answer.json).toMatchObject({ status, errors: { name: expect.any(String) } });
  });

  test("PATCH gives another role at once, also to open sessions", async () => {
    const token = await addAdministrator(fixture, "Adele", "reader");
    const page = await openPage(fixture, token);
    expect((await roleOf(token)).status).toBe(403);
    const change = { method: "PATCH", url: `${url}/ADELE`, payload: { role: "administrator" } };
    const changed = await fixture.call(change as { method: "PATCH" });
    expect(changed.json).toMatchObject({ name: "Adele", role: "administrator" });
    expect((await roleOf(token)).status).toBe(404);
    const session = await page.send({ url: "/api/v1/session" });
    expect(session.json).toMatchObject({ name: "Adele", role: "administrator" });
    const wrong = { method: "PATCH", url: `${url}/adele`, payload: { role: "king" } } as const;
    expect((await fixture.call(wrong)).status).toBe(400);
    const none = { method: "PATCH", url: `${url}/none`, payload: { role: "reader" } } as const;
    expect((await fixture.call(none)).status).toBe(404);
  });

  test("DELETE ends the token and the sessions, and a namesake does not bring them back", async () => {
    const token = await addAdministrator(fixture, "Adele", "administrator");
    const page = await openPage(fixture, token);
    expect((await page.send({ url: "/api/v1/session" })).status).toBe(200);
    const removal = { method: "DELETE", url: `${url}/adele` } as const;
    expect((await fixture.call(removal)).status).toBe(204);
    expect((await fixture.call(removal)).status).toBe(404);
    await addAdministrator(fixture, "Adele", "administrator");
    expect((await page.send({ url: "/api/v1/session" })).status).toBe(401);
    expect((await roleOf(token)).status).toBe(401);
  });

  test.each(["PATCH", "DELETE"] as const)("409 for %s of the first one", async (method) => {
    const payload = method === "PATCH" ? { role: "reader" } : undefined;
    const options = { method, url: `${url}/Admin`, ...(payload ? { payload } : {}) };
    const answer = await fixture.call(options);
    expect(answer.json).toMatchObject({
      status: 409,
      detail: expect.stringContaining("ADMIN_TOKEN"),
    });
  });

  test("wrong made tokens are braked like others, and right ones never", async () => {
    const token = await addAdministrator(fixture, "Adele", "reader");
    const wrong = `sgw_${"x".repeat(43)}`;
    for (let tries = 0; tries < wrongTokenLimits.tries; tries++) {
      expect((await roleOf(wrong)).status).toBe(401);
    }
    expect((await roleOf(wrong)).status).toBe(429);
    expect((await roleOf(token)).status).toBe(403);
  });
});
