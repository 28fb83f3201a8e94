import { StoreUnavailableError } from "../../domain/stores.ts";

/**
 * Primary result codes (sqlite.org/rescode.html) that speak of the disk or the file and not of
 * the statement: BUSY, NOMEM, READONLY, IOERR, CORRUPT, FULL, CANTOPEN, NOTADB.
 */
const unavailableCodes = new Set([5, 7, 8, 10, 11, 13, 14, 26]);

/** The primary result code of an error that node:sqlite threw, or undefined for any other error. */
export function sqliteResultCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("errcode" in error)) return undefined;
  return typeof error.errcode === "number" ? error.errcode & 0xff : undefined;
}

/** Turns a failure of disk or file into a StoreUnavailableError; others stay what they are. */
export function asStoreError(error: unknown): unknown {
  const code = sqliteResultCode(error);
  return code !== undefined && unavailableCodes.has(code)
    ? new StoreUnavailableError(error)
    : error;
}
