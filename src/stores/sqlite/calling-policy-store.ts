import type { DatabaseSync, StatementSync } from "node:sqlite";
import {
  type CallingPolicy,
  type CallingPolicySettings,
  type CallingPolicyStore,
  policyVersionsKept,
} from "../../domain/calling-policy.ts";
import type { TenantId } from "../../domain/tenant.ts";
import { fold } from "../fold.ts";
import { encodePolicySettings } from "../policy-settings.ts";
import type { GroupCommit } from "./group-commit.ts";

const columns = "tenant_id, name, version, changed_at, settings";

/** Calling policies in SQLite, and a log of their versions, which outlives them. */
export class SqliteCallingPolicyStore implements CallingPolicyStore {
  readonly #group: GroupCommit;
  readonly #find: StatementSync;
  readonly #list: StatementSync;
  readonly #put: StatementSync;
  readonly #lastVersion: StatementSync;
  readonly #log: StatementSync;
  readonly #trimLog: StatementSync;
  readonly #changedAfter: StatementSync;
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
       VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (tenant_id, folded_name) DO UPDATE SET
         version = excluded.version, changed_at = excluded.changed_at, settings = excluded.settings
       WHERE settings <> excluded.settings`,
    );
    const ofPolicy = "calling_policy_versions WHERE tenant_id = ? AND folded_name = ?";
    this.#lastVersion = database.prepare(`SELECT max(version) AS version FROM ${ofPolicy}`);
    this.#log = database.prepare("INSERT INTO calling_policy_versions VALUES (?, ?, ?, ?)");
    this.#trimLog = database.prepare(`DELETE FROM ${ofPolicy} AND version <= ?`);
    this.#changedAfter = database.prepare(
      `SELECT made_at FROM ${ofPolicy} AND version > ? ORDER BY version LIMIT 1`,
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
    return this.#group.writeSeveral(() => this.#write(tenantId, name, settings, nowMilliseconds));
  }

  replace(
    tenantId: TenantId,
    name: string,
    settings: CallingPolicySettings,
    nowMilliseconds: number,
    expectedVersion: number | null,
  ): Promise<CallingPolicy | undefined> {
    return this.#group.writeSeveral(() => {
      const version = this.#find.get(tenantId, fold(name))?.version ?? null;
      if (version !== expectedVersion) return undefined;
      return this.#write(tenantId, name, settings, nowMilliseconds);
    });
  }

  changedAfter(tenantId: TenantId, name: string, version: number): Promise<number | undefined> {
    return this.#group.read(() => {
      const row = this.#changedAfter.get(tenantId, fold(name), version);
      return row === undefined ? undefined : Number(row.made_at);
    });
  }

  remove(tenantId: TenantId, name: string): Promise<boolean> {
    return this.#group.writeSeveral(() => {
      const folded = fold(name);
      const last = Number(this.#lastVersion.get(tenantId, folded)?.version ?? 0);
      this.#trimLog.run(tenantId, folded, last - 1);
      return this.#remove.run(tenantId, folded).changes === 1;
    });
  }

  #write(
    tenantId: TenantId,
    name: string,
    settings: CallingPolicySettings,
    nowMilliseconds: number,
  ): CallingPolicy {
    const folded = fold(name);
    const last = Number(this.#lastVersion.get(tenantId, folded)?.version ?? 0);
    const settingsText = encodePolicySettings(settings);
    const values = [tenantId, folded, name, last + 1, nowMilliseconds, settingsText];
    if (this.#put.run(...values).changes === 1) {
      this.#log.run(tenantId, folded, last + 1, nowMilliseconds);
      this.#trimLog.run(tenantId, folded, last + 1 - policyVersionsKept);
    }
    const row = this.#find.get(tenantId, folded);
    if (row === undefined) throw new Error("A calling policy is not there once it is written.");
    return asPolicy(row);
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
