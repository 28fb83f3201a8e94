import { Readable } from "node:stream";
import { setImmediate } from "node:timers/promises";
import { parse } from "csv-parse";

/** The file as a whole is not one that can be imported. Its message says what to correct. */
export class ImportFileError extends Error {
  readonly code = "IMPORT_FILE_INVALID";
}

/** One record of a CSV file (RFC 4180). */
export interface CsvRecord {
  readonly record: readonly string[];
  /** `lines`: the line on which it ends, counted from 1. */
  readonly info: { readonly lines: number };
}

/** Longest line, in bytes. */
const longestRecordBytes = 4096;

/** Bytes read before others get their turn: phones must not wait for a large file. */
const pieceBytes = 64 * 1024;

/**
 * Reads a CSV file as spreadsheets write it, record by record; empty lines are left out.
 * @throws ImportFileError where it is no CSV or a line is too long
 */
export async function* csvRecords(csv: string): AsyncGenerator<CsvRecord> {
  const parser = parse({
    bom: true,
    info: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: longestRecordBytes,
  });
  try {
    yield* Readable.from(pieces(Buffer.from(csv))).pipe(parser);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ImportFileError(`The file cannot be read as CSV: ${why}`, { cause: error });
  }
}

/** Where a column stands in a header that is matched in any case and order; -1 where it does not. */
export function columnOf(header: readonly string[], name: string): number {
  return header.findIndex((cell) => cell.trim().toLowerCase() === name);
}

async function* pieces(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let start = 0; start < bytes.length; start += pieceBytes) {
    yield bytes.subarray(start, start + pieceBytes);
    await setImmediate();
  }
}
