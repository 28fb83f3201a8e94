import { randomBytes } from "node:crypto";
import { chmodSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The first administrator's token, and whether this start made it. */
export interface AdminToken {
  readonly token: string;
  readonly made: boolean;
}

const fileName = "admin-token";

/**
 * The token kept in the data folder; the first start makes it: 32 random bytes in base64url, in a
 * file that only its owner can read. Of two that start at once, both get the same.
 * @throws Error when the folder cannot be written or the file is empty
 */
export function ensureAdminToken(dataDirectory: string): AdminToken {
  const path = join(dataDirectory, fileName);
  const kept = readToken(path);
  if (kept !== undefined) return { token: kept, made: false };
  mkdirSync(dataDirectory, { recursive: true });
  const token = randomBytes(32).toString("base64url");
  if (writeWhole(path, token)) return { token, made: true };
  return { token: readToken(path) ?? token, made: false };
}

/** The token kept in this data folder, or undefined when none was made yet. */
export function readAdminToken(dataDirectory: string): string | undefined {
  return readToken(join(dataDirectory, fileName));
}

function readToken(path: string): string | undefined {
  try {
    const token = readFileSync(path, "utf8").trim();
    if (token === "") throw new Error(`${path} is empty; delete it and start again.`);
    chmodSync(path, 0o600);
    return token;
  } catch (error) {
    if (isFileError(error, "ENOENT")) return undefined;
    throw error;
  }
}

/** Written aside and linked into place, so that a start cut short leaves no half token. */
function writeWhole(path: string, token: string): boolean {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, `${token}\n`, { mode: 0o600, flush: true });
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (isFileError(error, "EEXIST")) return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function isFileError(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
