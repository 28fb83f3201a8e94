import { parse } from "csv-parse/sync";
import { type AddDeviceDependencies, addDevice } from "./add-device.ts";
import { readMacAddress } from "./mac-address.ts";
import type { TenantId } from "./tenant.ts";

/** The header line of the file that administrators fill in (Microsoft's `Template_Provisioning.csv`). */
export const importTemplate = "MAC id,Location\r\n";

/** Lines in one file at the most. */
export const mostImportLines = 100_000;

/** A line that was not taken, and why. */
export interface RejectedLine {
  /** Counted from 1, the header included. */
  readonly line: number;
  /** The MAC address as written, or the line's beginning when it cannot be read. */
  readonly value: string;
  readonly reason: string;
}

/** What became of a file: good lines are kept when others are bad. */
export interface ImportResult {
  readonly added: number;
  readonly unchanged: number;
  readonly rejected: readonly RejectedLine[];
}

/** The file as a whole is not one that can be imported. */
export class ImportFileError extends Error {
  readonly code = "IMPORT_FILE_INVALID";
}

interface ImportLine {
  readonly line: number;
  readonly macAddress: string;
  readonly location: string;
}

const linesAtOnce = 200;

/**
 * Adds every device of a CSV file (`MAC id,Location`). Lines are judged one by one.
 * @throws ImportFileError when the file has no such header, is no CSV, or has too many lines.
 */
export async function importDevices(
  dependencies: AddDeviceDependencies,
  tenantId: TenantId,
  csv: string,
  actor: string,
): Promise<ImportResult> {
  const { lines, rejected } = readLines(csv);
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
  }
  rejected.sort((left, right) => left.line - right.line);
  return { added, unchanged, rejected };
}

function readLines(csv: string): { lines: ImportLine[]; rejected: RejectedLine[] } {
  const records = readRecords(csv);
  const header = records[0]?.record.map((cell) => cell.trim().toLowerCase()) ?? [];
  const macColumn = header.indexOf("mac id");
  const locationColumn = header.indexOf("location");
  if (macColumn < 0 || locationColumn < 0) {
    throw new ImportFileError(
      "The first line must name the columns: MAC id,Location. Download the template and fill it in.",
    );
  }
  if (records.length > mostImportLines + 1) {
    throw new ImportFileError(
      `The file has more than ${mostImportLines} lines. Split it, and import the parts.`,
    );
  }
  const lines: ImportLine[] = [];
  const rejected: RejectedLine[] = [];
  const firstLineOf = new Map<string, number>();
  for (const { record, info } of records.slice(1)) {
    const line = info.lines;
    const macAddress = (record[macColumn] ?? "").trim();
    const reason = faultOf(record, header.length, macAddress, firstLineOf, line);
    if (reason === undefined)
      lines.push({ line, macAddress, location: record[locationColumn] ?? "" });
    else rejected.push({ line, value: (macAddress || record.join(",")).slice(0, 60), reason });
  }
  return { lines, rejected };
}

function faultOf(
  record: readonly string[],
  columns: number,
  macAddress: string,
  firstLineOf: Map<string, number>,
  line: number,
): string | undefined {
  if (record.length !== columns) {
    return `The line has ${record.length} columns, the header ${columns}. Put a location with a comma in double quotes.`;
  }
  const reading = readMacAddress(macAddress);
  if (!reading.ok) return reading.reason;
  const first = firstLineOf.get(reading.macAddress);
  if (first !== undefined) return `The same MAC address stands in line ${first}.`;
  firstLineOf.set(reading.macAddress, line);
  return undefined;
}

interface CsvRecord {
  readonly record: string[];
  readonly info: { readonly lines: number };
}

function readRecords(csv: string): CsvRecord[] {
  try {
    return parse(csv, {
      bom: true,
      info: true,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      max_record_size: 4096,
      to: mostImportLines + 2,
    }) as unknown as CsvRecord[];
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ImportFileError(`The file cannot be read as CSV: ${why}`, { cause: error });
  }
}
