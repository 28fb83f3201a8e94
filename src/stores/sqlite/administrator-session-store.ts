import type { DatabaseSync, StatementSync } from "node:sqlite";
import {
  type AdministratorSession,
  type AdministratorSessionStore,
  sessionLimits,
} from "../../domain/administrator-session.ts";
import type { TenantId } from "../../domain/tenant.ts";
import { fold } from "../fold.ts";
import type { GroupCommit } from "./group-commit.ts";

/** Expired sessions that one write takes away: more than it adds, so that none pile up. */
const collectedByWrite = 8;

/** Administrators' sessions in SQLite. */
export class SqliteAdministratorSessionStore implements AdministratorSessionStore {
  readonly #group: GroupCommit;
  readonly #put: StatementSync;
  readonly #trim: StatementSync;
  readonly #collect: StatementSync;
  readonly #find: StatementSync;
  readonly #noteUse: StatementSync;
  readonly #remove: StatementSync;
  readonly #removeAll: StatementSync;

  constructor(database: DatabaseSync, group: GroupCommit) {
    this.#group = group;
    this.#put = database.prepare(
      `INSERT INTO administrator_sessions
         (tenant_id, id_hash, folded_name, created_at, used_at, document) VALUES (?, ?, ?, ?, ?, ?)`,
    );
    const ofAdministrator =
      "administrator_sessions WHERE tenant_id = $tenantId AND folded_name = $name";
    this.#trim = database.prepare(
      `DELETE FROM administrator_sessions WHERE tenant_id = $tenantId AND id_hash IN
         (SELECT id_hash FROM ${ofAdministrator} AND id_hash <> $kept
          ORDER BY created_at DESC LIMIT -1 OFFSET ${sessionLimits.most - 1})`,
    );
    this.#collect = database.prepare(
      `DELETE FROM administrator_sessions WHERE (tenant_id, id_hash) IN
         (SELECT tenant_id, id_hash FROM administrator_sessions WHERE created_at < ?
          LIMIT ${collectedByWrite})`,
    );
    const one = "WHERE tenant_id = ? AND id_hash = ?";
    this.#find = database.prepare(`SELECT used_at, document FROM administrator_sessions ${one}`);
    this.#noteUse = database.prepare(`UPDATE administrator_sessions SET used_at = ? ${one}`);
    this.#remove = database.prepare(`DELETE FROM administrator_sessions ${one}`);
    this.#removeAll = database.prepare(`DELETE FROM ${ofAdministrator}`);
  }

  put(session: AdministratorSession): Promise<void> {
    const { usedAtMilliseconds, ...document } = session;
    const { tenantId, idHash, createdAtMilliseconds } = session;
    const name = fold(session.administratorName);
    return this.#group.writeSeveral(() => {
      this.#collect.run(createdAtMilliseconds - sessionLimits.lifetimeMilliseconds);
      const times = [createdAtMilliseconds, usedAtMilliseconds];
      this.#put.run(tenantId, idHash, name, ...times, JSON.stringify(document));
      this.#trim.run({ tenantId, name, kept: idHash });
    });
  }

  find(tenantId: TenantId, idHash: string): Promise<AdministratorSession | undefined> {
    return this.#group.read(() => {
      const row = this.#find.get(tenantId, idHash);
      if (row === undefined) return undefined;
      const document = JSON.parse(String(row.document)) as AdministratorSession;
      return { ...document, usedAtMilliseconds: Number(row.used_at) };
    });
  }

  noteUse(tenantId: TenantId, idHash: string, usedAtMilliseconds: number): Promise<void> {
    return this.#group.write(() => {
      this.#noteUse.run(usedAtMilliseconds, tenantId, idHash);
    });
  }

  remove(tenantId: TenantId, idHash: string): Promise<void> {
    return this.#group.write(() => {
      this.#remove.run(tenantId, idHash);
    });
  }

  removeAll(tenantId: TenantId, administratorName: string): Promise<void> {
    return this.#group.write(() => {
      this.#removeAll.run({ tenantId, name: fold(administratorName) });
    });
  }
}
