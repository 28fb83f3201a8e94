import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Device } from "../../admin-center/src/api/types.ts";
import {
  codeStanding,
  formatTimeLeft,
} from "../../admin-center/src/pages/provision/code-standing.ts";
import { importParts } from "../../admin-center/src/pages/provision/import-parts.ts";
import { previewRows } from "../../admin-center/src/pages/provision/preview-rows.ts";
import { readMac } from "../../admin-center/src/pages/provision/read-mac.ts";
import { sheetLines } from "../../admin-center/src/pages/provision/sheet-lines.ts";
import {
  activatedBetween,
  searchWaiting,
  waitingDevices,
} from "../../admin-center/src/pages/provision/waiting-devices.ts";
import { macOrder } from "../../admin-center/src/parts/mac-order.ts";
import { formatMacAddress, readMacAddress } from "../../src/domain/mac-address.ts";
import { readImportFile } from "../../src/domain/read-import-file.ts";

function device(macAddress: string, changes: Partial<Device> = {}): Device {
  return {
    macAddress,
    location: "",
    state: "waiting-on-activation",
    vendor: null,
    model: null,
    verificationCode: null,
    attention: [],
    ...changes,
  } as Device;
}

describe("a MAC address as it is typed", () => {
  const typed = fc.oneof(
    fc.string({ unit: fc.constantFrom(..."0123456789abcdefABCDEFg:-. "), maxLength: 20 }),
    fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: 12, maxLength: 12 }),
  );

  test("is one exactly where the gateway takes it for one", () => {
    fc.assert(
      fc.property(typed, (text) => {
        const here = readMac(text);
        const there = readMacAddress(text);
        expect(here.ok).toBe(there.ok);
        if (here.ok && there.ok) expect(here.macAddress).toBe(formatMacAddress(there.macAddress));
      }),
    );
  });

  test.each([
    ["", "empty"],
    ["80:5e:c0", "incomplete"],
    ["80:5e:c0:aa:bb:c", "incomplete"],
    ["80:5e:c0:zz", "characters"],
    ["805ec0aabbccd", "too-long"],
    ["01:00:5e:00:00:01", "group"],
    ["000000000000", "group"],
  ])("'%s' is refused as %s", (text, fault) => {
    expect(readMac(text)).toMatchObject({ ok: false, fault });
  });
});

describe("a verification code's standing", () => {
  const expiresAt = "2026-01-02T00:00:00.000Z";
  const holder = { verificationCode: { code: "123456", expiresAt }, attention: [] };
  const at = (time: string) => Date.parse(time);

  test("has its time left, and expires by itself", () => {
    expect(codeStanding(holder, at("2026-01-01T23:00:00Z"))).toEqual({
      kind: "usable",
      code: "123456",
      millisecondsLeft: 3_600_000,
    });
    expect(codeStanding(holder, at(expiresAt)).kind).toBe("expired");
  });

  test("the gateway's word that it expired is told apart from no code", () => {
    const attention = [{ code: "code-expired", text: "" }];
    expect(codeStanding({ verificationCode: null, attention }, 0).kind).toBe("expired");
    const locked = [{ code: "code-locked", text: "" }];
    expect(codeStanding({ verificationCode: null, attention: locked }, 0).kind).toBe("locked");
    expect(codeStanding({ verificationCode: null, attention: [] }, 0).kind).toBe("none");
  });

  test.each([
    [24 * 3_600_000, "24 hr 0 min"],
    [3_599_999, "59 min"],
    [59_999, "0 min"],
    [-1, "0 min"],
  ])("%i ms are %s", (milliseconds, text) => {
    expect(formatTimeLeft(milliseconds, "en")).toBe(text);
  });
});

test("parts of an import are read by the gateway as they were judged", async () => {
  const lines = Array.from({ length: 1001 }, (_, index) => ({
    line: index + 2,
    macAddress: `80:5e:c0:00:${(index >> 8).toString(16).padStart(2, "0")}:${(index & 255).toString(16).padStart(2, "0")}`,
    location: index % 2 === 0 ? `=Desk "${index}", left` : "",
    outcome: index === 7 ? ("unchanged" as const) : ("added" as const),
  }));
  const parts = importParts(lines);
  expect(parts.map((part) => part.lines.length)).toEqual([500, 500]);
  const read = await Promise.all(parts.map(({ csv }) => readImportFile(csv)));
  expect(read.flatMap(({ rejected }) => rejected)).toEqual([]);
  const expected = lines.filter(({ outcome }) => outcome === "added");
  expect(read.flatMap((part) => part.lines.map(({ location }) => location))).toEqual(
    expected.map(({ location }) => location),
  );
});

test("a preview shows lines with faults first", () => {
  const rows = previewRows({
    added: 1,
    unchanged: 0,
    rejected: [{ line: 3, value: "nonsense", reason: "No MAC address." }],
    lines: [{ line: 2, macAddress: "80:5e:c0:00:00:01", location: "A", outcome: "added" }],
  });
  expect(rows.map(({ line, outcome }) => [line, outcome])).toEqual([
    [3, "rejected"],
    [2, "added"],
  ]);
});

describe("devices that wait", () => {
  const lobby = device("80:5e:c0:00:00:01", { location: "Lobby", vendor: "yealink" });
  const desk = device("80:5e:c0:00:00:02", { location: "Desk 7", state: "waiting-for-sign-in" });
  const known = new Map([lobby, desk].map((one) => [one.macAddress, one]));

  test("stand in the tab of what they wait for", () => {
    const seen = device("80:5e:c0:00:00:03", { state: "seen" });
    const waiting = waitingDevices([lobby, desk, seen]);
    expect(waiting["waiting-on-activation"]).toEqual([lobby]);
    expect(waiting["waiting-for-sign-in"]).toEqual([desk]);
  });

  test.each([
    ["80-5e-c0-00-00-01", 1],
    ["805EC0000001", 1],
    ["yealink lobby", 1],
    ["yealink desk", 0],
    ["  ", 2],
  ])("'%s' finds %i of them", (search, count) => {
    expect(searchWaiting([lobby, desk], search)).toHaveLength(count);
  });

  test("an activation is seen in what changed, and no other change is one", () => {
    const activated = { ...lobby, state: "waiting-for-sign-in" as const };
    const after = new Map([...known, [lobby.macAddress, activated]]);
    expect(activatedBetween(known, after)).toEqual([activated]);
    expect(activatedBetween(after, after)).toEqual([]);
    expect(activatedBetween(new Map(), known)).toEqual([]);
  });
});

test("MAC addresses are in the order of their value", () => {
  const ordered = [
    "00:00:00:00:00:01",
    "80:5e:c0:00:00:01",
    "80:5e:c0:00:00:0a",
    "80:5e:c0:00:00:10",
  ];
  const sorted = [...ordered].reverse().sort((one, other) => macOrder(one) - macOrder(other));
  expect(sorted).toEqual(ordered);
});

test("a technician's sheet has the codes that can be dialled, in the order of locations", () => {
  const expiresAt = "2026-01-02T00:00:00.000Z";
  const now = Date.parse("2026-01-01T12:00:00.000Z");
  const withCode = (mac: string, location: string, ends = expiresAt) =>
    device(mac, { location, verificationCode: { code: "123456", expiresAt: ends } });
  const devices = [
    withCode("80:5e:c0:00:00:01", "Desk 10"),
    withCode("80:5e:c0:00:00:02", "Desk 9"),
    withCode("80:5e:c0:00:00:03", "Desk 1", "2026-01-01T11:00:00.000Z"),
    device("80:5e:c0:00:00:04", { location: "Desk 2" }),
    withCode("80:5e:c0:00:00:05", "Desk 3"),
  ];
  const known = new Map(devices.map((one) => [one.macAddress, one]));
  const locations = (wanted?: ReadonlySet<string>) =>
    sheetLines(known, wanted, now).map(({ location }) => location);
  expect(locations()).toEqual(["Desk 3", "Desk 9", "Desk 10"]);
  expect(locations(new Set(["80:5e:c0:00:00:01"]))).toEqual(["Desk 10"]);
});
