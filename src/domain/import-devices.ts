import { setImmediate } from "node:timers/promises";
import { type AddDeviceDependencies, addDevice } from "./add-device.ts";
import { type RejectedLine, readImportFile } from "./read-import-file.ts";
import type { TenantId } from "./tenant.ts";

/** The header line of the file that administrators fill in (Microsoft's `Template_Provisioning.csv`). */
export const importTemplate = "MAC id,Location\r\n";

/** What became of a file: good lines are kept when others are bad. */
export interface ImportResult {
  readonly added: number;
  readonly unchanged: number;
  readonly rejected: readonly RejectedLine[];
}

const linesAtOnce = 200;

/**
 * Adds every device of a CSV file (`MAC id,Location`). Lines are judged one by one.
 * @throws ImportFileError when the file has no such header, is no CSV, or has too many lines; then
 * nothing was added.
 */
export async function importDevices(
  dependencies: AddDeviceDependencies,
  tenantId: TenantId,
  csv: string,
  actor: string,
): Promise<ImportResult> {
  const { lines, rejected } = await readImportFile(csv);
  let added = 0;
  let unchanged = 0;
  for (let start = 0; start < lines.length; start += linesAtOnce) {
    const batch = lines.slice(start, start + linesAtOnce);
    const outcomes = await Promise.all(
      batch.map((line) => addDevice(dependencies, tenantId, line, actor)),
    );
    outcomes.forEach((outcome, index) => {
      const line = batch[index];
      if (outcome.outcome === "added") added++;
      else if (outcome.outcome === "exists") unchanged++;
      else if (line !== undefined) {
        rejected.push({ line: line.line, value: line.macAddress, reason: outcome.reason });
      }
    });
    // Phones get their turn between two batches, also where the store answers at once.
    await setImmediate();
  }
  rejected.sort((left, right) => left.line - right.line);
  return { added, unchanged, rejected };
}
