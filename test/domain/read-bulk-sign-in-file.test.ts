import fc from "fast-check";
import { expect, test } from "vitest";
import { ImportFileError } from "../../src/domain/csv-records.ts";
import { readBulkSignInFile } from "../../src/domain/read-bulk-sign-in-file.ts";

const cell = fc.oneof(
  fc.string({ unit: "binary", maxLength: 80 }),
  fc.constantFrom(
    "805ec0000001",
    "80:5E:C0:00:00:02",
    "adele@contoso.example",
    '"',
    "\n",
    ",",
    "=",
  ),
);

test("any file is read line by line or refused as a whole, and shows nothing that moves other text", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(cell, cell), { maxLength: 20 }), async (rows) => {
      const csv = ["Username,HardwareId", ...rows.map((row) => row.join(","))].join("\n");
      const items = await readBulkSignInFile(csv).catch((error: unknown) => {
        if (error instanceof ImportFileError) return [];
        throw error;
      });
      for (const { username, hardwareId, status, code, reason, macAddress } of items) {
        expect(username + hardwareId).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
        expect([username.length <= 113, hardwareId.length <= 60]).toEqual([true, true]);
        const isQueued = status === "queued";
        expect([code === null, reason === null]).toEqual([isQueued, isQueued]);
        if (isQueued) expect(macAddress).toMatch(/^[0-9a-f]{12}$/);
      }
      const queued = items.filter(({ status }) => status === "queued");
      expect(new Set(queued.map(({ macAddress }) => macAddress)).size).toBe(queued.length);
      expect(new Set(items.map(({ line }) => line)).size).toBe(items.length);
    }),
    { numRuns: 500 },
  );
});
