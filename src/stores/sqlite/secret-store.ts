import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { SecretStore } from "../../domain/stores.ts";
import type { GroupCommit } from "./group-commit.ts";

/** Shared secrets in SQLite; the file's mode (600) guards them. */
export class SqliteSecretStore implements SecretStore {
  readonly #group: GroupCommit;
  readonly #find: StatementSync;
  readonly #insert: StatementSync;

  constructor(database: DatabaseSync, group: GroupCommit) {
    this.#group = group;
    this.#find = database.prepare("SELECT value FROM secrets WHERE name = ?");
    this.#insert = database.prepare("INSERT INTO secrets (name, value) VALUES (?, ?)");
  }

  ensure(name: string, candidate: Buffer): Promise<Buffer> {
    return this.#group.write(() => {
      const row = this.#find.get(name) as { value: Uint8Array } | undefined;
      if (row !== undefined) return Buffer.from(row.value);
      this.#insert.run(name, candidate);
      return Buffer.from(candidate);
    });
  }
}
