import { Readable } from "node:stream";
import { setImmediate } from "node:timers/promises";
import { parse } from "csv-parse";
import { readMacAddress } from "./mac-address.ts";

/** Lines in one file at the most, the header not counted. */
export const mostImportLines = 100_000;

/** The file as a whole is not one that can be imported. */
export class ImportFileError extends Error {
  readonly code = "IMPORT_FILE_INVALID";
}

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

interface CsvRecord {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

interface Columns {
  readonly count: number;
  readonly macAddress: number;
  readonly location: number;
}

/** Bytes read before others get their turn: phones must not wait for a large file. */
const pieceBytes = 64 * 1024;

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
  for await (const { record, info } of records(csv)) {
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

async function* records(csv: string): AsyncGenerator<CsvRecord> {
  const parser = parse({
    bom: true,
    info: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: 4096,
  });
  try {
    yield* Readable.from(pieces(Buffer.from(csv))).pipe(parser);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ImportFileError(`The file cannot be read as CSV: ${why}`, { cause: error });
  }
}

async function* pieces(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let start = 0; start < bytes.length; start += pieceBytes) {
    yield bytes.subarray(start, start + pieceBytes);
    await setImmediate();
  }
}

function readHeader(record: readonly string[]): Columns {
  const names = record.map((cell) => cell.trim().toLowerCase());
  const macAddress = names.indexOf("mac id");
  const location = names.indexOf("location");
  if (macAddress < 0 || location < 0) throw noHeader();
  return { count: names.length, macAddress, location };
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
