import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { importLimitBytes } from "../../src/admin-api/import-routes.ts";
import { mostImportLines } from "../../src/domain/read-import-file.ts";
import { type AdminFixture, startAdminFixture } from "./admin-fixture.ts";

let fixture: AdminFixture;
beforeAll(async () => {
  fixture = await startAdminFixture();
});
afterAll(() => fixture.stop());

function importFile(payload: string | Buffer, contentType = "text/csv") {
  const headers = { "content-type": contentType };
  return fixture.call({ method: "POST", url: "/api/v1/devices/import", payload, headers });
}

const header = "MAC id,Location";

test("the template is the header that the import asks for", async () => {
  const { status, headers, text } = await fixture.call({ url: "/api/v1/devices/template.csv" });
  expect([status, text]).toEqual([200, "MAC id,Location\r\n"]);
  expect(headers["content-type"]).toMatch(/^text\/csv/);
  expect(headers["content-disposition"]).toContain("Template_Provisioning.csv");
});

test("good lines are kept when others are bad, and each bad one is told with its line", async () => {
  const lines = [
    header,
    "80:5e:c0:00:00:01,Lobby",
    "805ec000000,Desk 2",
    '805ec0000003,"Desk 3, left"',
    "805ec0000001,Lobby again",
    "nonsense,Desk 5",
    "",
    "805ec0000007,Desk 7,extra",
    "805ec0000008",
    "805ec0000009,",
  ];
  const { status, json } = await importFile(lines.join("\r\n"));
  expect(status).toBe(200);
  expect(json).toEqual({
    added: 3,
    unchanged: 0,
    rejected: [
      { line: 3, value: "805ec000000", reason: expect.stringContaining("this has 11") },
      { line: 5, value: "805ec0000001", reason: expect.stringContaining("line 2") },
      { line: 6, value: "nonsense", reason: expect.stringContaining("hexadecimal") },
      { line: 8, value: "805ec0000007", reason: expect.stringContaining("3 columns") },
      { line: 9, value: "805ec0000008", reason: expect.stringContaining("1 columns") },
    ],
  });
  const device = await fixture.call({ url: "/api/v1/devices/805ec0000003" });
  expect(device.json.location).toBe("Desk 3, left");
});

test("the same file again changes nothing", async () => {
  const file = `${header}\n805ec0000021,A\n805ec0000022,B\n`;
  await importFile(file);
  expect((await importFile(file)).json).toEqual({ added: 0, unchanged: 2, rejected: [] });
});

describe("a dry run", () => {
  function dryRun(payload: string) {
    const headers = { "content-type": "text/csv" };
    const url = "/api/v1/devices/import?dryRun=true";
    return fixture.call({ method: "POST", url, payload, headers });
  }

  test("judges each line as the import would, and writes nothing", async () => {
    await importFile(`${header}\n805ec0000051,There`);
    const file = [
      header,
      "805EC0-000051,There",
      '80:5e:c0:00:00:52," Desk 2, left "',
      "805ec000005,Desk 3",
      `805ec0000053,${"x".repeat(201)}`,
      "80-5e-c0-00-00-52,Desk 4",
    ].join("\n");
    const { status, json } = await dryRun(file);
    expect(status).toBe(200);
    expect(json).toEqual({
      added: 1,
      unchanged: 1,
      rejected: [
        { line: 4, value: "805ec000005", reason: expect.stringContaining("this has 11") },
        { line: 5, value: "805ec0000053", reason: expect.stringContaining("200 characters") },
        { line: 6, value: "80-5e-c0-00-00-52", reason: expect.stringContaining("line 3") },
      ],
      lines: [
        { line: 2, macAddress: "80:5e:c0:00:00:51", location: "There", outcome: "unchanged" },
        { line: 3, macAddress: "80:5e:c0:00:00:52", location: "Desk 2, left", outcome: "added" },
      ],
    });
    expect((await fixture.call({ url: "/api/v1/devices/805ec0000052" })).status).toBe(404);
    const { lines, ...counts } = json;
    expect((await importFile(file)).json).toEqual(counts);
  });

  test("a phone that was only seen would be added", async () => {
    await importFile(`${header}\n805ec0000054,A`);
    await fixture.change("805ec0000054", { state: "seen" });
    const { json } = await dryRun(`${header}\n805ec0000054,B`);
    expect([json.added, json.unchanged]).toEqual([1, 0]);
  });

  test("says of a file that is none what the import says", async () => {
    const { status, json } = await dryRun("MAC,Place\n805ec0000055,Lobby\n");
    expect(status).toBe(400);
    expect(json.errors.file).toContain("MAC id,Location");
  });
});

describe("files as spreadsheets write them", () => {
  test.each([
    ["a byte order mark", `\ufeff${header}\n805ec0000031,A`],
    ["quoted headers, other case and order", '"location","MAC ID"\n"A",805ec0000032'],
    ["further columns", "Site,MAC id,Location\nHQ,805ec0000033,A"],
    ["blank lines at the end", `${header}\n805ec0000034,A\n\n\n`],
    ["a quoted line break is refused in a location", `${header}\n805ec0000035,"A\nB"`],
  ])("%s", async (name, file) => {
    const { json } = await importFile(file);
    const refused = name.includes("refused");
    expect([json.added, json.rejected.length]).toEqual(refused ? [0, 1] : [1, 0]);
  });

  test("text/csv with a charset is taken", async () => {
    const { status } = await importFile(`${header}\n805ec0000036,A`, "text/csv; charset=utf-8");
    expect(status).toBe(200);
  });

  test("a formula in a location is kept as it is: only the export escapes it", async () => {
    await importFile(`${header}\n805ec0000037,=1+1`);
    const { json } = await fixture.call({ url: "/api/v1/devices/805ec0000037" });
    expect(json.location).toBe("=1+1");
  });
});

describe("files that cannot be imported", () => {
  test.each([
    ["an empty file", "\n", "MAC id,Location"],
    ["no header", "805ec0000041,Lobby\n", "MAC id,Location"],
    ["another header", "MAC,Place\n805ec0000041,Lobby\n", "MAC id,Location"],
    ["a quote that is never closed", `${header}\n805ec0000041,"Lobby\n`, "CSV"],
    ["a line without end", `${header}\n${"x".repeat(10_000)}`, "CSV"],
    ["not UTF-8", Buffer.from(`${header}\n805ec0000041,Caf\xe9\n`, "latin1"), "UTF-8"],
    ["UTF-16", Buffer.from(`\ufeff${header}\n`, "utf16le"), "UTF-8"],
    ["random bytes", Buffer.from([0xff, 0xfe, 0x00, 0x80, 0xc3, 0x28]), "UTF-8"],
  ])("400 for %s", async (_case, file, reason) => {
    const { status, json } = await importFile(file);
    expect(status).toBe(400);
    expect(json.detail).toContain(reason);
    expect(json.errors.file).toBe(json.detail);
  });

  test("400 for more lines than one file may have; none of them is added", async () => {
    const lines = Array.from({ length: mostImportLines + 1 }, () => "805ec0000042,A");
    const { status, json } = await importFile([header, ...lines].join("\n"));
    expect(status).toBe(400);
    expect(json.detail).toContain("100000 lines");
    expect((await fixture.call({ url: "/api/v1/devices/805ec0000042" })).status).toBe(404);
  });

  test("400 for an empty body, 413 for a larger one than is taken, 415 for JSON", async () => {
    expect((await importFile("")).status).toBe(400);
    expect((await importFile(Buffer.alloc(importLimitBytes + 1, 0x61))).status).toBe(413);
    expect((await importFile("{}", "application/json")).status).toBe(415);
  });
});
