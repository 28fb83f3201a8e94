import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { ConditionalAccess, ConditionalAccessStore } from "../../domain/conditional-access.ts";
import type { TenantId } from "../../domain/tenant.ts";
import { noConditionalAccess } from "../no-conditional-access.ts";
import type { GroupCommit } from "./group-commit.ts";

/** Tenants' rules on networks in SQLite. */
export class SqliteConditionalAccessStore implements ConditionalAccessStore {
  readonly #group: GroupCommit;
  readonly #find: StatementSync;
  readonly #put: StatementSync;

  constructor(database: DatabaseSync, group: GroupCommit) {
    this.#group = group;
    this.#find = database.prepare("SELECT document FROM conditional_access WHERE tenant_id = ?");
    this.#put = database.prepare(
      "INSERT OR REPLACE INTO conditional_access (tenant_id, document) VALUES (?, ?)",
    );
  }

  find(tenantId: TenantId): Promise<ConditionalAccess> {
    return this.#group.read(() => {
      const row = this.#find.get(tenantId);
      return row === undefined
        ? noConditionalAccess(tenantId)
        : (JSON.parse(String(row.document)) as ConditionalAccess);
    });
  }

  put(rule: ConditionalAccess): Promise<void> {
    return this.#group.write(() => {
      this.#put.run(rule.tenantId, JSON.stringify(rule));
    });
  }
}
