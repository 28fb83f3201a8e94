import { columnOf, csvRecords, ImportFileError } from "./csv-records.ts";
import { readMacAddress } from "./mac-address.ts";

/** Lines in one file at the most, the header not counted. */
export const mostImportLines = 100_000;

/** A line that was not taken, and why. */
export interface RejectedLine {
  /** Counted from 1, the header included. */
  readonly line: number;
  /** The MAC address as written, or the line's beginning when it cannot be read. */
  readonly value: string;
  readonly reason: string;
}

/** A line that can be taken. */
export interface ImportLine {
  readonly line: number;
  readonly macAddress: string;
  readonly location: string;
}

interface Columns {
  readonly count: number;
  readonly macAddress: number;
  readonly location: number;
}

/**
 * Reads a CSV file with the columns `MAC id` and `Location`, and judges its lines one by one.
 * @throws ImportFileError when the file has no such header, is no CSV, or has too many lines.
 */
export async function readImportFile(
  csv: string,
): Promise<{ lines: ImportLine[]; rejected: RejectedLine[] }> {
  const lines: ImportLine[] = [];
  const rejected: RejectedLine[] = [];
  const firstLineOf = new Map<string, number>();
  let columns: Columns | undefined;
  for await (const { record, info } of csvRecords(csv)) {
    if (columns === undefined) {
      columns = readHeader(record);
      continue;
    }
    if (lines.length + rejected.length >= mostImportLines) throw tooManyLines();
    const line = info.lines;
    const macAddress = (record[columns.macAddress] ?? "").trim();
    const reason = faultOf(record, columns, macAddress, firstLineOf, line);
    if (reason === undefined) {
      lines.push({ line, macAddress, location: record[columns.location] ?? "" });
    } else {
      rejected.push({ line, value: (macAddress || record.join(",")).slice(0, 60), reason });
    }
  }
  if (columns === undefined) throw noHeader();
  return { lines, rejected };
}

function readHeader(record: readonly string[]): Columns {
  const macAddress = columnOf(record, "mac id");
  const location = columnOf(record, "location");
  if (macAddress < 0 || location < 0) throw noHeader();
  return { count: record.length, macAddress, location };
}

function noHeader(): ImportFileError {
  return new ImportFileError(
    "The first line must name the columns: MAC id,Location. Download the template and fill it in.",
  );
}

function tooManyLines(): ImportFileError {
  return new ImportFileError(
    `The file has more than ${mostImportLines} lines. Split it, and import the parts.`,
  );
}

function faultOf(
  record: readonly string[],
  columns: Columns,
  macAddress: string,
  firstLineOf: Map<string, number>,
  line: number,
): string | undefined {
  if (record.length !== columns.count) {
    return `The line has ${record.length} columns, the header ${columns.count}. Put a location with a comma in double quotes.`;
  }
  const reading = readMacAddress(macAddress);
  if (!reading.ok) return reading.reason;
  const first = firstLineOf.get(reading.macAddress);
  if (first !== undefined) return `The same MAC address stands in line ${first}.`;
  firstLineOf.set(reading.macAddress, line);
  return undefined;
}
