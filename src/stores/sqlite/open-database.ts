import { chmodSync, closeSync, existsSync, mkdirSync, openSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { migrate } from "./schema.ts";
import { sqliteResultCode } from "./sqlite-errors.ts";

/** The name of the data file within the data folder. */
export const databaseFileName = "gateway.sqlite";

const busyResultCode = 5;

/**
 * `locking_mode=EXCLUSIVE`, set before the first access: the file is locked for this process as
 * long as it lives and the operating system lets go of the lock however it ends; and the index of
 * the write-ahead log is kept in memory. `synchronous=FULL`: every COMMIT waits for the disk, so
 * that what was acknowledged outlives a power cut and not only a kill; in groups of 32 that costs
 * 2 µs of CPU a write. Pages of 8 KiB, and the log copied into the file each 16 MiB, cost the
 * journal of bindings a third less than SQLite's defaults. `cache_size` is in KiB when negative.
 */
const settings = `
  PRAGMA page_size = 8192;
  PRAGMA locking_mode = EXCLUSIVE;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA wal_autocheckpoint = 2000;
  PRAGMA cache_size = -65536;
  PRAGMA temp_store = MEMORY;
  PRAGMA journal_size_limit = 67108864;
`;

/**
 * Opens `gateway.sqlite` in the data folder, made when missing, for this process alone; the folder
 * is its owner's only (mode 700), and so are the files (600).
 * @throws DataFolderInUseError when another process has it open; SchemaTooNewError.
 */
export function openDatabase(dataDirectory: string): DatabaseSync {
  mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
  chmodSync(dataDirectory, 0o700);
  const file = path.join(dataDirectory, databaseFileName);
  // SQLite gives its log the mode of the data file, so that must be right before it opens it. A file
  // that is there is not opened: to close it would end this process's locks on it (fcntl(2)).
  if (!existsSync(file)) closeSync(openSync(file, "a", 0o600));
  chmodSync(file, 0o600);
  const database = new DatabaseSync(file);
  try {
    database.exec(settings);
    migrate(database);
    return database;
  } catch (error) {
    database.close();
    if (sqliteResultCode(error) === busyResultCode) {
      throw new DataFolderInUseError(dataDirectory, error);
    }
    throw error;
  }
}

/** Another process keeps its data in this folder. */
export class DataFolderInUseError extends Error {
  readonly code = "DATA_FOLDER_IN_USE";

  constructor(dataDirectory: string, cause: unknown) {
    super(
      `Another gateway is running on the data folder ${dataDirectory}. ` +
        "Stop it, or give this one a folder of its own by DATA_DIR.",
      { cause },
    );
    this.name = "DataFolderInUseError";
  }
}
