import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { bulkSignInLimitBytes } from "../../src/admin-api/bulk-sign-in-routes.ts";
import type { Device } from "../../src/domain/device.ts";
import { signOutDevice } from "../../src/domain/sign-out-device.ts";
import { type AdminFixture, bindingOf, mac, startAdminFixture, tenant } from "./admin-fixture.ts";

let fixture: AdminFixture;
let timersAtRest: number;
const path = "/api/v1/bulk-sign-in";
const hour = 3_600_000;
const adele = "adele@contoso.example";

beforeEach(async () => {
  fixture = await startAdminFixture();
  timersAtRest = fixture.clock.pendingTimers;
  await put("sip-devices-configuration", { bulkSignIn: "enabled" });
  await put("conditional-access", { enabled: false, trustedRanges: ["198.51.100.0/24"] });
  await putUser("adele", "+14255550100");
  await putUser("bob", "+14255550101");
});
afterEach(async () => {
  expect(fixture.faults).toEqual([]);
  await fixture.stop();
});

function put(what: string, payload: object) {
  return fixture.call({ method: "PUT", url: `/api/v1/${what}`, payload });
}

function putUser(name: string, phoneNumber: string | null, more: object = {}) {
  return put(`users/${name}@contoso.example`, { displayName: name, phoneNumber, ...more });
}

/** The MAC address of the device with this number. */
function macOf(number: number): string {
  return `805ec000000${number}`;
}

async function addDevice(number: number, changes: Partial<Device> = {}): Promise<void> {
  const payload = { macAddress: macOf(number) };
  await fixture.call({ method: "POST", url: "/api/v1/devices", payload });
  const enrolledAtMilliseconds = fixture.clock.nowMilliseconds();
  const enrolled = {
    state: "waiting-for-sign-in",
    region: "emea",
    enrolledAtMilliseconds,
  } as const;
  await fixture.change(macOf(number), { ...enrolled, ...changes });
}

/** The phone registers with the account of this AOR. */
async function register(
  number: number,
  aor = `sip:${macOf(number)}@onboarding.emea.invalid`,
  remoteAddress = "198.51.100.7",
): Promise<void> {
  const now = fixture.clock.nowMilliseconds();
  const one = bindingOf(mac(macOf(number)), aor, now);
  const binding = { ...one, flow: { ...one.flow, remoteAddress } };
  await fixture.stores.bindings.update(tenant.id, aor, now, (former) => ({
    bindings: [...former, binding],
  }));
}

function upload(lines: readonly string[], contentType = "text/csv") {
  const payload = ["Username,HardwareId", ...lines].join("\r\n");
  return uploadFile(payload, contentType);
}

function uploadFile(payload: string | Buffer, contentType = "text/csv") {
  const headers = { "content-type": contentType };
  return fixture.call({ method: "POST", url: path, payload, headers });
}

/** Lets time pass and whatever that began end. */
async function pass(milliseconds: number): Promise<void> {
  fixture.clock.advance(milliseconds);
  await fixture.bulkSignIns.idle();
}

async function read(id: string) {
  return (await fixture.call({ url: `${path}/${id}` })).json;
}

/** What becomes of one line by itself. */
async function outcomeOf(line: string) {
  const { status, json } = await upload([line]);
  expect(status).toBe(202);
  await pass(0);
  return (await read(json.id)).items[0];
}

describe("a file of users and devices", () => {
  test("is taken with 202, and its lines follow their phones to their registration", async () => {
    for (const number of [1, 2]) {
      await addDevice(number);
      await register(number);
    }
    const taken = await upload([`${adele},80-5E-C0-00-00-01`, "Bob@Contoso.example,805ec0000002"]);
    const item = { status: "queued", code: null, reason: null };
    expect(taken.status).toBe(202);
    expect(taken.headers.location).toBe(`${path}/${taken.json.id}`);
    expect(taken.json).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      status: "queued",
      createdAt: new Date(fixture.clock.nowMilliseconds()).toISOString(),
      createdBy: "admin",
      regions: ["emea"],
      counts: { queued: 2, inProgress: 0, completed: 0, failed: 0 },
      items: [
        {
          ...{ line: 2, username: adele, hardwareId: "80-5E-C0-00-00-01" },
          ...{ macAddress: "80:5e:c0:00:00:01", ...item },
        },
        {
          ...{ line: 3, username: "bob@contoso.example", hardwareId: "805ec0000002" },
          ...{ macAddress: "80:5e:c0:00:00:02", ...item },
        },
      ],
    });

    await pass(0);
    expect(await read(taken.json.id)).toMatchObject({
      status: "in-progress",
      counts: { queued: 0, inProgress: 2, completed: 0, failed: 0 },
    });
    expect(fixture.told.toSorted()).toEqual([macOf(1), macOf(2)]);
    const device = await fixture.call({ url: `/api/v1/devices/${macOf(1)}` });
    expect(device.json).toMatchObject({ state: "signed-in", user: { upn: adele } });
    const history = await fixture.call({ url: `/api/v1/devices/${macOf(1)}/events` });
    expect(history.json.items[0]).toMatchObject({ kind: "signed-in", actor: "admin" });

    await register(1, "sip:+14255550100@contoso.example");
    await pass(1000);
    const halfway = await read(taken.json.id);
    expect(halfway.items.map((one: { status: string }) => one.status)).toEqual([
      "completed",
      "in-progress",
    ]);
    await register(2, "sip:+14255550101@contoso.example");
    await pass(1000);
    expect(await read(taken.json.id)).toMatchObject({
      status: "completed",
      counts: { queued: 0, inProgress: 0, completed: 2, failed: 0 },
    });
    expect(fixture.clock.pendingTimers).toBe(timersAtRest);
  });

  test("may name a user on several devices, and be uploaded again", async () => {
    for (const number of [1, 2]) {
      await addDevice(number);
      await register(number);
    }
    const lines = [`${adele},${macOf(1)}`, `${adele},${macOf(2)}`];
    await upload(lines);
    await pass(0);
    for (const number of [1, 2]) await register(number, "sip:+14255550100@contoso.example");
    await pass(1000);
    const { json } = await upload(lines);
    await pass(0);
    expect(await read(json.id)).toMatchObject({ status: "completed", counts: { completed: 2 } });
    expect(fixture.told).toHaveLength(2);
  });

  test("loses no good line by a bad one", async () => {
    await addDevice(1);
    await register(1);
    const lines = [
      "nobody,805ec0000009",
      `${adele},nonsense`,
      `${adele},${macOf(1)}`,
      `${adele},805ec0000008,more`,
      "",
      adele,
    ];
    const { json } = await upload(lines);
    await pass(0);
    const { items } = await read(json.id);
    const told = items.map((one: Record<string, unknown>) => [one.line, one.status, one.code]);
    expect(told).toEqual([
      [2, "failed", "username-malformed"],
      [3, "failed", "hardware-id-malformed"],
      [4, "in-progress", null],
      [5, "failed", "line-malformed"],
      [7, "failed", "line-malformed"],
    ]);
  });

  test("that is all bad is completed at once, and none is at work", async () => {
    const { json } = await upload(["nobody,nothing"]);
    expect(json).toMatchObject({ status: "completed", regions: [], counts: { failed: 1 } });
    expect(fixture.clock.pendingTimers).toBe(timersAtRest);
  });
});

describe("a line fails with its reason", () => {
  beforeEach(async () => {
    await addDevice(1);
    await register(1);
  });
  const line = `${adele},${macOf(1)}`;
  const failed = (code: string, ...words: readonly string[]) => ({
    status: "failed",
    code,
    reason: expect.stringMatching(new RegExp(words.join(".*"))),
  });

  test("where the user is not in the tenant", async () => {
    expect(await outcomeOf(`stranger@contoso.example,${macOf(1)}`)).toMatchObject(
      failed("user-not-found", "stranger@contoso.example was not found in the tenant", "Add"),
    );
  });

  test("where the user has no phone number", async () => {
    await putUser("adele", null);
    expect(await outcomeOf(line)).toMatchObject(
      failed("phone-number-missing", "Phone number missing: assign"),
    );
  });

  test("where the policy lacks AllowSIPDevicesCalling or AllowCallRedirect", async () => {
    await put("calling-policies/Global", { allowSipDevicesCalling: false });
    expect(await outcomeOf(line)).toMatchObject(
      failed("sip-devices-calling-missing", "AllowSIPDevicesCalling missing", "Global"),
    );
    const allowed = { allowSipDevicesCalling: true, allowCallRedirect: false };
    await put("calling-policies/Global", allowed);
    expect(await outcomeOf(line)).toMatchObject(
      failed("call-redirect-missing", "AllowCallRedirect missing", "Global"),
    );
  });

  test("where the device is not in the tenant", async () => {
    expect(await outcomeOf(`${adele},805ec0000009`)).toMatchObject(
      failed("device-not-found", "Device not found: 80:5e:c0:00:00:09", "Add it"),
    );
  });

  test("where the device is not enrolled", async () => {
    await fixture.change(macOf(1), { state: "waiting-on-activation" });
    expect(await outcomeOf(line)).toMatchObject(
      failed("device-not-enrolled", "waiting-on-activation", "verification code"),
    );
  });

  test("where another user is signed in", async () => {
    await upload([`bob@contoso.example,${macOf(1)}`]);
    await pass(0);
    expect(await outcomeOf(line)).toMatchObject(
      failed("device-signed-in", "bob@contoso.example is signed in on it", "Sign the device out"),
    );
  });

  test("where bulk sign-in is not enabled, and enabling it mends that", async () => {
    await put("sip-devices-configuration", { bulkSignIn: "disabled" });
    expect(await outcomeOf(line)).toMatchObject(
      failed("bulk-sign-in-not-enabled", "Bulk sign-in is not enabled", "bulkSignIn to enabled"),
    );
    await put("sip-devices-configuration", { bulkSignIn: "enabled" });
    expect(await outcomeOf(line)).toMatchObject({ status: "in-progress" });
  });

  test("where the device is offline", async () => {
    await addDevice(2);
    expect(await outcomeOf(`${adele},${macOf(2)}`)).toMatchObject(
      failed("device-offline", "Device offline", "Bring it online"),
    );
  });

  test("where the phone's address is not trusted, which it names, and trusting it mends that", async () => {
    const ranges = { enabled: false, trustedRanges: ["203.0.113.0/24", "2001:db8::/32"] };
    await put("conditional-access", ranges);
    expect(await outcomeOf(line)).toMatchObject(
      failed(
        "device-address-not-trusted",
        "Public IP not trusted",
        "Add 198.51.100.7",
        "trustedRanges",
      ),
    );
    const { trustedRanges } = ranges;
    await put("conditional-access", {
      ...ranges,
      trustedRanges: [...trustedRanges, "198.51.100.7/32"],
    });
    expect(await outcomeOf(line)).toMatchObject({ status: "in-progress" });
  });

  test("where only some of the device's registrations come from trusted addresses", async () => {
    await register(1, undefined, "203.0.113.9");
    expect(await outcomeOf(line)).toMatchObject(
      failed("device-address-not-trusted", "Add 203.0.113.9"),
    );
  });

  test("where the gateway's own addresses are blocked, which it names", async () => {
    await put("conditional-access", { enabled: true, trustedRanges: ["198.51.100.0/24"] });
    expect(await outcomeOf(line)).toMatchObject(
      failed("address-not-trusted", "Exclude 40.112.71.149 and 40.113.112.67"),
    );
  });

  test("72 hours after the enrolment, and not before", async () => {
    const enrolledAt = fixture.clock.nowMilliseconds();
    await pass(72 * hour - 1);
    await register(1);
    await putUser("adele", null);
    expect(await outcomeOf(line)).toMatchObject({ code: "phone-number-missing" });
    await putUser("adele", "+14255550100");
    await pass(1);
    expect(await outcomeOf(line)).toMatchObject(
      failed(
        "deadline-expired",
        "Deadline expired",
        "72 hours",
        new Date(enrolledAt).toISOString(),
      ),
    );
    // A device that an earlier version enrolled has no deadline.
    await fixture.change(macOf(1), { enrolledAtMilliseconds: null });
    expect(await outcomeOf(line)).toMatchObject({ status: "in-progress" });
  });

  test("168 hours after the sign-out, and not before", async () => {
    expect(await outcomeOf(line)).toMatchObject({ status: "in-progress" });
    const { stores, clock } = fixture;
    const order = { tenantId: tenant.id, macAddress: mac(macOf(1)), actor: "admin", text: "Out." };
    await signOutDevice({ ...stores, clock }, order, async () => {});
    await pass(168 * hour);
    await register(1);
    expect(await outcomeOf(line)).toMatchObject(
      failed("deadline-expired", "168 hours after its sign-out", "pairing code"),
    );
    const justBefore = clock.nowMilliseconds() - 168 * hour + 1;
    await fixture.change(macOf(1), { signedOutAtMilliseconds: justBefore });
    expect(await outcomeOf(line)).toMatchObject({ status: "in-progress" });
  });

  test("where its device stands in other lines too, the first line as well", async () => {
    const { json } = await upload([line, `bob@contoso.example,80:5E:C0:00:00:01`, line]);
    await pass(0);
    const { items } = await read(json.id);
    for (const [index, others] of ["3, 4", "2, 4", "2, 3"].entries()) {
      expect(items[index]).toMatchObject(failed("duplicate-device", `line ${others} as well`));
    }
    expect(fixture.told).toEqual([]);
  });

  test("where the hardware id is malformed, of which it shows no more than is fit to be seen", async () => {
    expect(await outcomeOf(`${adele},805ec00000`)).toMatchObject({
      ...failed("hardware-id-malformed", "Hardware ID malformed", "this has 10"),
      hardwareId: "805ec00000",
      macAddress: null,
    });
    const hostile = await outcomeOf(`${adele},"8\u0000\n\u202e${"x".repeat(200)}"`);
    expect(hostile.hardwareId).toBe(`8\ufffd\ufffd\ufffd${"x".repeat(56)}`);
    const username = await outcomeOf(`"ad\nele@contoso.example",${macOf(1)}`);
    expect(username).toMatchObject({
      ...failed("username-malformed", "written as an e-mail address"),
      username: "ad\ufffdele@contoso.example",
    });
  });

  test("where the phone does not come back in 15 minutes; the sign-in stands", async () => {
    const { json } = await upload([line]);
    await pass(0);
    for (let seconds = 1; seconds < 15 * 60; seconds++) await pass(1000);
    expect((await read(json.id)).items[0].status).toBe("in-progress");
    await pass(1000);
    expect((await read(json.id)).items[0]).toMatchObject(
      failed("phone-not-registered", "within 15 minutes", "Restart the phone"),
    );
    const device = await fixture.call({ url: `/api/v1/devices/${macOf(1)}` });
    expect(device.json.state).toBe("signed-in");
  });

  test("where the device is signed out before its phone comes back", async () => {
    const { json } = await upload([line]);
    await pass(0);
    await putUser("adele", null);
    await fixture.enforcer.idle();
    await pass(1000);
    expect((await read(json.id)).items[0]).toMatchObject(
      failed("device-signed-out", "Device signed out", "history says why"),
    );
  });

  test("and the device's history tells it", async () => {
    await putUser("adele", null);
    await outcomeOf(line);
    const history = await fixture.call({ url: `/api/v1/devices/${macOf(1)}/events` });
    expect(history.json.items[0]).toMatchObject({
      kind: "sign-in-failed",
      text: expect.stringContaining(`Bulk sign-in of ${adele} failed: Phone number missing`),
      actor: "admin",
    });
  });
});

describe("batches", () => {
  test("three are at work in a region; a fourth is told which, and another region is free", async () => {
    for (const number of [1, 2, 3, 4]) await addDevice(number);
    await addDevice(5, { region: "noam" });
    for (const number of [1, 2, 3, 4, 5]) await register(number);
    const ids: string[] = [];
    for (const number of [1, 2, 3]) {
      ids.push((await upload([`${adele},${macOf(number)}`])).json.id);
    }
    const refused = await upload([`${adele},${macOf(4)}`]);
    expect(refused).toMatchObject({
      status: 409,
      json: { detail: expect.stringMatching(`EMEA.*${ids.join(", ")}`) },
    });
    expect((await upload([`${adele},${macOf(5)}`])).status).toBe(202);

    await pass(0);
    await register(1, "sip:+14255550100@contoso.example");
    await pass(1000);
    expect((await upload([`${adele},${macOf(4)}`])).status).toBe(202);
  });

  test("are listed newest first, in pages", async () => {
    const ids: string[] = [];
    for (let count = 0; count < 3; count++) ids.push((await upload(["nobody,0"])).json.id);
    const first = (await fixture.call({ url: `${path}?limit=2` })).json;
    expect(first.items.map((one: { id: string }) => one.id)).toEqual([ids[2], ids[1]]);
    expect(first.items[0]).toEqual({
      id: ids[2],
      status: "completed",
      createdAt: new Date(fixture.clock.nowMilliseconds()).toISOString(),
      createdBy: "admin",
      regions: [],
      counts: { queued: 0, inProgress: 0, completed: 0, failed: 1 },
    });
    const url = `${path}?limit=2&cursor=${first.nextCursor}`;
    expect((await fixture.call({ url })).json).toMatchObject({
      items: [{ id: ids[0] }],
      nextCursor: null,
    });
    expect((await fixture.call({ url: `${path}?cursor=none` })).status).toBe(400);
    expect((await fixture.call({ url: `${path}/none` })).status).toBe(404);
  });

  test("whose node never came back are over after an hour, for whoever looks", async () => {
    await addDevice(1);
    const { json } = await upload([`${adele},${macOf(1)}`]);
    await fixture.bulkSignIns.stop();
    fixture.clock.advance(hour - 1);
    expect((await read(json.id)).status).toBe("queued");
    fixture.clock.advance(1);
    expect((await read(json.id)).items[0]).toMatchObject({
      status: "failed",
      code: "batch-interrupted",
      reason: expect.stringContaining("Upload this line again"),
    });
  });
});

describe("files that are no batch", () => {
  test("the template is the header that is asked for", async () => {
    const { status, headers, text } = await fixture.call({ url: `${path}/template.csv` });
    expect([status, text]).toEqual([200, "Username,HardwareId\r\n"]);
    expect(headers["content-disposition"]).toContain("Template_BulkSignIn.csv");
  });

  test("the header is found with a byte order mark, in other case, order and company", async () => {
    const file = `\ufeff"hardwareid", Site ,USERNAME\n${macOf(1)},HQ,${adele}`;
    expect((await uploadFile(file)).json.items).toMatchObject([
      { username: adele, hardwareId: macOf(1) },
    ]);
  });

  const header = "Username,HardwareId";
  test.each([
    ["no header", `${adele},805ec0000001\n`, "Username,HardwareId"],
    ["a header and nothing else", `${header}\n\n`, "names no device"],
    ["a quote that is never closed", `${header}\n"${adele},1\n`, "CSV"],
    ["a line without end", `${header}\n${"x".repeat(10_000)}`, "CSV"],
    ["not UTF-8", Buffer.from(`${header}\nad\xe9le,1\n`, "latin1"), "UTF-8"],
    ["101 lines", [header, ...Array<string>(101).fill(`${adele},1`)].join("\n"), "more than 100"],
  ])("400 for %s, and nothing is begun", async (_case, file, reason) => {
    const { status, json } = await uploadFile(file);
    expect(status).toBe(400);
    expect(json.detail).toContain(reason);
    expect((await fixture.call({ url: path })).json.items).toEqual([]);
  });

  test("a hundred lines are taken", async () => {
    const { status, json } = await upload(Array<string>(100).fill("nobody,1"));
    expect([status, json.items.length]).toEqual([202, 100]);
  });

  test("413 for a larger file than is taken, 415 for JSON, 401 without the token", async () => {
    const large = Buffer.alloc(bulkSignInLimitBytes + 1, 0x61);
    expect((await uploadFile(large)).status).toBe(413);
    expect((await uploadFile("{}", "application/json")).status).toBe(415);
    const headers = { authorization: "Bearer wrong", "content-type": "text/csv" };
    const answer = await fixture.call({ method: "POST", url: path, payload: header, headers });
    expect(answer.status).toBe(401);
  });
});

test("the SIP devices configuration is disabled at first, and takes the two words only", async () => {
  const other = await startAdminFixture();
  const url = "/api/v1/sip-devices-configuration";
  expect((await other.call({ url })).json).toEqual({ bulkSignIn: "disabled" });
  const enabled = { bulkSignIn: "enabled" };
  expect((await other.call({ method: "PUT", url, payload: enabled })).json).toEqual(enabled);
  expect((await other.call({ url })).json).toEqual(enabled);
  const payload = { bulkSignIn: "Enabled" };
  const answer = await other.call({ method: "PUT", url, payload });
  expect(answer).toMatchObject({
    status: 400,
    json: { errors: { bulkSignIn: expect.anything() } },
  });
  await other.stop();
});
