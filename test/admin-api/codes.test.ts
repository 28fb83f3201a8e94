import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { plainCell } from "../../src/admin-api/csv-cell.ts";
import { codeLifetimeMilliseconds } from "../../src/domain/verification-code.ts";
import { type AdminFixture, mac, startAdminFixture, tenant } from "./admin-fixture.ts";

let fixture: AdminFixture;
beforeAll(async () => {
  fixture = await startAdminFixture();
});
afterAll(() => fixture.stop());

async function add(macAddress: string, location = "") {
  const payload = { macAddress, location };
  await fixture.call({ method: "POST", url: "/api/v1/devices", payload });
}

function generate(payload: object) {
  return fixture.call({ method: "POST", url: "/api/v1/verification-codes", payload });
}

describe("POST /verification-codes", () => {
  test("makes a code of six digits that lives 24 hours, and the device tells it", async () => {
    await add("805ec0000001", "Lobby");
    const { status, json } = await generate({ macAddresses: ["80-5E-C0-00-00-01"] });
    expect(status).toBe(200);
    expect(json).toEqual({
      items: [
        {
          macAddress: "80:5e:c0:00:00:01",
          location: "Lobby",
          code: expect.stringMatching(/^[0-9]{6}$/),
          expiresAt: "2026-01-06T08:00:00.000Z",
        },
      ],
      refused: [],
    });
    const device = await fixture.call({ url: "/api/v1/devices/805ec0000001" });
    expect(device.json.verificationCode.code).toBe(json.items[0].code);
  });

  test("unknown and enrolled devices are refused with the reason; the others get theirs", async () => {
    await add("805ec0000011");
    await add("805ec0000012");
    await fixture.change("805ec0000012", { state: "waiting-for-sign-in" });
    const { status, json } = await generate({
      macAddresses: ["805ec0000011", "805ec0000012", "805ec00000ff", "80:5e:c0:00:00:11"],
    });
    expect(status).toBe(200);
    expect(json.items.map((item: { macAddress: string }) => item.macAddress)).toEqual([
      "80:5e:c0:00:00:11",
    ]);
    expect(json.refused).toEqual([
      { macAddress: "80:5e:c0:00:00:12", reason: expect.stringContaining("enrolled already") },
      { macAddress: "80:5e:c0:00:00:ff", reason: expect.stringContaining("has been added") },
    ]);
  });

  test("of a single device: 404 when unknown, 409 when enrolled already", async () => {
    expect((await generate({ macAddresses: ["805ec00000ff"] })).status).toBe(404);
    expect((await generate({ macAddresses: ["805ec0000012"] })).status).toBe(409);
  });

  test("a code that wrong tries have locked is not told as one that can be dialled", async () => {
    await add("805ec0000019");
    await generate({ macAddresses: ["805ec0000019"] });
    const found = await fixture.stores.devices.find(tenant.id, mac("805ec0000019"));
    if (found === undefined) throw new Error("the device was just added");
    const attempt = {
      ...{ tenantId: tenant.id, macAddress: found.value.macAddress, address: "192.0.2.1" },
      ...{ code: "wrong", nowMilliseconds: fixture.clock.nowMilliseconds() },
      ...{ enrolledDevice: found.value, expectedRevision: found.revision },
    };
    for (let tries = 0; tries < 5; tries++) await fixture.stores.codes.redeem(attempt);
    const { json } = await fixture.call({ url: "/api/v1/devices/805ec0000019" });
    expect(json.verificationCode).toBeNull();
    expect(json.attention).toEqual([{ code: "code-locked", text: expect.stringContaining("new") }]);
    await fixture.call({ method: "DELETE", url: "/api/v1/devices/805ec0000019" });
  });

  test("all: every device that waits on activation, and no other", async () => {
    const { json } = await generate({ all: true });
    const macs = json.items.map((item: { macAddress: string }) => item.macAddress);
    expect(macs).toEqual(["80:5e:c0:00:00:01", "80:5e:c0:00:00:11"]);
    expect(json.refused).toEqual([]);
  });

  test("400 names each MAC address that cannot be read, and makes no code at all", async () => {
    await add("805ec0000021");
    const macAddresses = ["805ec0000021", "805ec000002", "zz"];
    const { status, json } = await generate({ macAddresses });
    expect(status).toBe(400);
    expect(Object.keys(json.errors)).toEqual(["macAddresses.1", "macAddresses.2"]);
    const device = await fixture.call({ url: "/api/v1/devices/805ec0000021" });
    expect(device.json.verificationCode).toBeNull();
  });

  test.each([
    ["neither", {}],
    ["both", { macAddresses: ["805ec0000001"], all: true }],
    ["an empty list", { macAddresses: [] }],
    ["all: false", { all: false }],
    ["a list of numbers", { macAddresses: [5] }],
    ["too long a list", { macAddresses: Array(10_001).fill("805ec0000001") }],
  ])("400 for %s", async (_case, payload) => {
    const { status, json } = await generate(payload);
    expect(status).toBe(400);
    expect(Object.keys(json.errors).length).toBeGreaterThan(0);
  });
});

describe("GET /verification-codes/export.csv", () => {
  const exportCsv = () => fixture.call({ url: "/api/v1/verification-codes/export.csv" });

  test("lists all that can still be used, and keeps formulas from running", async () => {
    await add("805ec0000031", '=HYPERLINK("http://evil.example","x")');
    await add("805ec0000032", 'Desk "2", left');
    await generate({ macAddresses: ["805ec0000031", "805ec0000032"] });
    const { status, headers, text } = await exportCsv();
    expect(status).toBe(200);
    expect(headers["content-type"]).toMatch(/^text\/csv/);
    expect(headers["cache-control"]).toBe("no-store");
    expect(text.split("\r\n")[0]).toBe("MAC id,Location,Verification code,Expires");
    const rows: string[][] = parse(text);
    const row = (macAddress: string) => rows.find(([first]) => first === macAddress);
    expect(row("80:5e:c0:00:00:31")).toEqual([
      "80:5e:c0:00:00:31",
      `'=HYPERLINK("http://evil.example","x")`,
      expect.stringMatching(/^[0-9]{6}$/),
      "2026-01-06T08:00:00.000Z",
    ]);
    expect(row("80:5e:c0:00:00:32")?.[1]).toBe('Desk "2", left');
  });

  test("an expired code is not in it", async () => {
    fixture.clock.advance(codeLifetimeMilliseconds);
    expect((await exportCsv()).text).toBe("MAC id,Location,Verification code,Expires\r\n");
  });

  test.each(["=1", "+1", "-1", "@SUM", "\tx", "\rx"])("a cell that begins as %j", (text) => {
    expect(plainCell(text)).toBe(`'${text}`);
  });

  test("a cell that is no formula stays as it is", () => {
    expect(plainCell("Desk =1")).toBe("Desk =1");
  });
});
