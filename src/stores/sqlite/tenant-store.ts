import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Tenant, TenantStore } from "../../domain/tenant.ts";
import type { GroupCommit } from "./group-commit.ts";

/** Tenants in SQLite, in the order in which they were made. */
export class SqliteTenantStore implements TenantStore {
  readonly #group: GroupCommit;
  readonly #all: StatementSync;
  readonly #insert: StatementSync;

  constructor(database: DatabaseSync, group: GroupCommit) {
    this.#group = group;
    this.#all = database.prepare("SELECT document FROM tenants ORDER BY position");
    this.#insert = database.prepare("INSERT INTO tenants (id, document) VALUES (?, ?)");
  }

  ensureFirst(candidate: Tenant): Promise<Tenant> {
    return this.#group.write(() => {
      const first = this.#read()[0];
      if (first !== undefined) return first;
      this.#insert.run(candidate.id, JSON.stringify(candidate));
      return candidate;
    });
  }

  list(): Promise<readonly Tenant[]> {
    return this.#group.read(() => this.#read());
  }

  #read(): Tenant[] {
    return this.#all.all().map((row) => JSON.parse(String(row.document)) as Tenant);
  }
}
