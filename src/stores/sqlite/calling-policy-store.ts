import type { DatabaseSync, StatementSync } from "node:sqlite";
import type {
  CallingPolicy,
  CallingPolicySettings,
  CallingPolicyStore,
} from "../../domain/calling-policy.ts";
import type { TenantId } from "../../domain/tenant.ts";
import { fold } from "../fold.ts";
import { encodePolicySettings } from "../policy-settings.ts";
import type { GroupCommit } from "./group-commit.ts";

const columns = "tenant_id, name, version, changed_at, settings";

/** Calling policies in SQLite. */
export class SqliteCallingPolicyStore implements CallingPolicyStore {
  readonly #group: GroupCommit;
  readonly #find: StatementSync;
  readonly #list: StatementSync;
  readonly #put: StatementSync;
  readonly #remove: StatementSync;

  constructor(database: DatabaseSync, group: GroupCommit) {
    this.#group = group;
    this.#find = database.prepare(
      `SELECT ${columns} FROM calling_policies WHERE tenant_id = ? AND folded_name = ?`,
    );
    this.#list = database.prepare(
      `SELECT ${columns} FROM calling_policies WHERE tenant_id = ? ORDER BY folded_name`,
    );
    this.#put = database.prepare(
      `INSERT INTO calling_policies (tenant_id, folded_name, name, version, changed_at, settings)
       VALUES (?, ?, ?, 1, ?, ?)
       ON CONFLICT (tenant_id, folded_name) DO UPDATE SET
         version = version + 1, changed_at = excluded.changed_at, settings = excluded.settings
       WHERE settings <> excluded.settings`,
    );
    this.#remove = database.prepare(
      "DELETE FROM calling_policies WHERE tenant_id = ? AND folded_name = ?",
    );
  }

  find(tenantId: TenantId, name: string): Promise<CallingPolicy | undefined> {
    return this.#group.read(() => {
      const row = this.#find.get(tenantId, fold(name));
      return row === undefined ? undefined : asPolicy(row);
    });
  }

  list(tenantId: TenantId): Promise<readonly CallingPolicy[]> {
    return this.#group.read(() => this.#list.all(tenantId).map(asPolicy));
  }

  put(
    tenantId: TenantId,
    name: string,
    settings: CallingPolicySettings,
    nowMilliseconds: number,
  ): Promise<CallingPolicy> {
    return this.#group.writeSeveral(() => {
      const folded = fold(name);
      this.#put.run(tenantId, folded, name, nowMilliseconds, encodePolicySettings(settings));
      const row = this.#find.get(tenantId, folded);
      if (row === undefined) throw new Error("A calling policy is not there once it is written.");
      return asPolicy(row);
    });
  }

  remove(tenantId: TenantId, name: string): Promise<boolean> {
    return this.#group.write(() => this.#remove.run(tenantId, fold(name)).changes === 1);
  }
}

function asPolicy(row: Record<string, unknown>): CallingPolicy {
  return {
    tenantId: String(row.tenant_id) as TenantId,
    name: String(row.name),
    version: Number(row.version),
    changedAtMilliseconds: Number(row.changed_at),
    ...(JSON.parse(String(row.settings)) as CallingPolicySettings),
  };
}
