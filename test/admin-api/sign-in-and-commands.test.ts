import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Command } from "../../src/domain/command.ts";
import { type AdminFixture, bindingOf, mac, startAdminFixture, tenant } from "./admin-fixture.ts";

let fixture: AdminFixture;
const device = "/api/v1/devices/80:5e:c0:00:00:01";
const upn = "adele@contoso.example";
const absent = "/api/v1/devices/805ec0000009";

beforeEach(async () => {
  fixture = await startAdminFixture();
  const payload = { macAddress: "805ec0000001" };
  await fixture.call({ method: "POST", url: "/api/v1/devices", payload });
  await fixture.change("805ec0000001", { state: "waiting-for-sign-in", vendor: "yealink" });
  await putUser({ phoneNumber: "+14255550100" });
});
afterEach(async () => {
  expect(fixture.faults).toEqual([]);
  await fixture.stop();
});

function putUser(changes: object) {
  const payload = { displayName: "Adele", ...changes };
  return fixture.call({ method: "PUT", url: `/api/v1/users/${upn}`, payload });
}

function post(action: string, of = device) {
  return fixture.call({ method: "POST", url: `${of}/${action}` });
}

/** Starts a sign-in that the identity provider grants at the first poll. */
async function signIn(as = upn): Promise<void> {
  await post("sign-in");
  const code = `device-code-${fixture.provider.asked.length}`;
  fixture.provider.willSay(code, { outcome: "granted", upn: as });
  fixture.clock.advance(5000);
  await fixture.poller.idle();
}

/** The phone registers as the user. */
async function register(): Promise<void> {
  const now = fixture.clock.nowMilliseconds();
  const aor = "sip:+14255550100@contoso.example";
  const binding = bindingOf(mac("805ec0000001"), aor, now);
  await fixture.stores.bindings.update(tenant.id, aor, now, () => ({ bindings: [binding] }));
}

describe("signing in from afar", () => {
  test("POST tells the pairing code and where it is typed, and never the device code", async () => {
    const answer = await post("sign-in");
    expect(answer.status).toBe(201);
    expect(answer.json).toEqual({
      userCode: "PY89F9J1",
      verificationUri: "https://login.example/devicelogin",
      verificationUriComplete: "https://login.example/devicelogin?user_code=PY89F9J1",
      expiresAt: new Date(fixture.clock.nowMilliseconds() + 900_000).toISOString(),
      intervalSeconds: 5,
    });
    const status = await fixture.call({ url: `${device}/sign-in` });
    expect(status).toMatchObject({ status: 200, json: { status: "pending", reason: null } });
    const history = await fixture.call({ url: `${device}/events` });
    expect(answer.text + status.text + history.text).not.toContain("device-code");
    expect(history.text).not.toContain("PY89F9J1");
  });

  test("once granted, the device shows the user, and its phone is told to fetch", async () => {
    await signIn();
    const status = await fixture.call({ url: `${device}/sign-in` });
    expect(status.json).toMatchObject({
      status: "completed",
      reason: null,
      upn,
      phone: { step: "told", fetchedAt: null, registeredAt: null },
    });
    expect((await fixture.call({ url: device })).json).toMatchObject({
      state: "signed-in",
      user: { upn, displayName: "Adele", phoneNumber: "+14255550100" },
      policy: { name: "Global", assignedVersion: 1, appliedVersion: null },
    });
    fixture.clock.advance(180_000);
    expect((await fixture.call({ url: device })).json).toMatchObject({
      attention: [{ code: "sign-in-incomplete" }],
    });
    expect(fixture.told).toEqual(["805ec0000001"]);
  });

  test("a refusal tells its reason, and names nobody as signed in", async () => {
    await putUser({});
    await signIn();
    const status = await fixture.call({ url: `${device}/sign-in` });
    expect(status.json).toMatchObject({
      status: "failed",
      reason: `Phone number missing: assign a phone number to ${upn}.`,
      upn: null,
    });
    expect((await fixture.call({ url: device })).json).toMatchObject({ user: null });
  });

  test("409 where the device does not wait, 404 where there is none or nothing was started", async () => {
    expect((await fixture.call({ url: `${device}/sign-in` })).status).toBe(404);
    await signIn();
    expect(await post("sign-in")).toMatchObject({
      status: 409,
      json: { detail: "The device does not wait for a sign-in: it is signed-in." },
    });
    expect((await post("sign-in", absent)).status).toBe(404);
    expect((await fixture.call({ url: `${absent}/sign-in` })).status).toBe(404);
    expect((await post("sign-in", "/api/v1/devices/phone")).status).toBe(400);
  });

  test("502 says why the identity provider gave no code", async () => {
    fixture.provider.failure = "The identity provider gave no pairing code: it is down.";
    const answer = await post("sign-in");
    expect(answer).toMatchObject({ status: 502, json: { detail: fixture.provider.failure } });
    expect(answer.headers["content-type"]).toContain("application/problem+json");
  });

  test("who loses the phone number is signed out", async () => {
    await signIn();
    await putUser({});
    await fixture.enforcer.idle();
    expect((await fixture.call({ url: device })).json).toMatchObject({
      state: "signed-out",
      user: null,
    });
  });

  test("a policy that takes the permission away signs its users out", async () => {
    await signIn();
    const url = "/api/v1/calling-policies/Global";
    await fixture.call({ method: "PUT", url, payload: { allowSipDevicesCalling: false } });
    await fixture.enforcer.idle();
    expect((await fixture.call({ url: device })).json.state).toBe("signed-out");
  });

  test("a user who is deleted is signed out at once", async () => {
    await signIn();
    await fixture.call({ method: "DELETE", url: `/api/v1/users/${upn}` });
    expect((await fixture.call({ url: device })).json.state).toBe("signed-out");
  });
});

describe("commands", () => {
  test.each(["restart", "sync", "sign-out"])(
    "POST %s queues it and has it delivered",
    async (kind) => {
      await signIn();
      await register();
      const answer = await post(kind);
      expect(answer).toMatchObject({ status: 202, json: { status: "queued" } });
      expect(fixture.delivered).toEqual(["805ec0000001"]);
      const { commandId } = answer.json;
      const read = await fixture.call({ url: `${device}/commands/${commandId}` });
      expect(read.json).toEqual({
        commandId,
        command: kind,
        status: "queued",
        createdAt: new Date(fixture.clock.nowMilliseconds()).toISOString(),
        actor: "admin",
        sentAt: null,
        settledAt: null,
        answer: null,
      });
    },
  );

  test("a sign-out of a phone that is away is done at once, whatever else is queued", async () => {
    await signIn();
    await post("restart");
    const { status, json } = await post("sign-out");
    expect({ status, json }).toMatchObject({ status: 202, json: { status: "accepted" } });
    expect((await fixture.call({ url: device })).json).toMatchObject({ state: "signed-out" });
    const url = `${device}/commands/${json.commandId}`;
    expect((await fixture.call({ url })).json).toMatchObject({ command: "sign-out", answer: null });
    expect((await post("sign-out")).status).toBe(409);
  });

  test("GET tells the phone's answer", async () => {
    const { commandId } = (await post("restart")).json;
    const now = fixture.clock.nowMilliseconds();
    const { commands } = fixture.stores;
    const sent = await commands.takeNext(tenant.id, mac("805ec0000001"), now, now);
    const settled = {
      ...(sent as Command),
      status: "refused",
      settledAtMilliseconds: now,
      answer: { status: 489, reason: "Bad Event" },
    } as const;
    await commands.settle(settled);
    const url = `${device}/commands/${commandId.toUpperCase()}`;
    expect((await fixture.call({ url })).json).toMatchObject({
      status: "refused",
      sentAt: new Date(now).toISOString(),
      answer: { status: 489, reason: "Bad Event" },
    });
  });

  test("a reset is done when it is answered, and can be read like any other", async () => {
    await signIn();
    const { status, json } = await post("reset");
    expect(status).toBe(202);
    expect((await fixture.call({ url: device })).json.state).toBe("waiting-on-activation");
    const url = `${device}/commands/${json.commandId}`;
    expect((await fixture.call({ url })).json).toMatchObject({
      command: "reset",
      status: "accepted",
      answer: null,
    });
    const now = fixture.clock.nowMilliseconds();
    const { commands } = fixture.stores;
    expect(await commands.takeNext(tenant.id, mac("805ec0000001"), now, now)).toBeUndefined();
  });

  test("GET lists a device's commands, newest first; 404 where there is no device", async () => {
    const url = `${device}/commands`;
    expect((await fixture.call({ url })).json).toEqual({ items: [], nextCursor: null });
    const restart = (await post("restart")).json;
    const reset = (await post("reset")).json;
    const { items } = (await fixture.call({ url })).json;
    expect(items).toMatchObject([
      { commandId: reset.commandId, command: "reset", status: "accepted", actor: "admin" },
      { commandId: restart.commandId, command: "restart", status: "queued" },
    ]);
    expect((await fixture.call({ url: `${absent}/commands` })).status).toBe(404);
  });

  test("409 to sign out where nobody is signed in; 404 where there is no device or command", async () => {
    expect(await post("sign-out")).toMatchObject({
      status: 409,
      json: { detail: "Nobody is signed in: the device is waiting-for-sign-in." },
    });
    for (const action of ["restart", "sync", "sign-out", "reset"]) {
      expect((await post(action, absent)).status, action).toBe(404);
    }
    expect((await fixture.call({ url: `${device}/commands/none` })).status).toBe(404);
    expect(fixture.delivered).toEqual([]);
  });
});
