import type { DatabaseSync, StatementSync } from "node:sqlite";
import {
  type Administrator,
  type AdministratorRole,
  type AdministratorStore,
  mostAdministrators,
} from "../../domain/administrator.ts";
import type { TenantId } from "../../domain/tenant.ts";
import { fold } from "../fold.ts";
import type { GroupCommit } from "./group-commit.ts";

/** Administrators in SQLite. */
export class SqliteAdministratorStore implements AdministratorStore {
  readonly #group: GroupCommit;
  readonly #insert: StatementSync;
  readonly #count: StatementSync;
  readonly #find: StatementSync;
  readonly #findByTokenHash: StatementSync;
  readonly #list: StatementSync;
  readonly #changeRole: StatementSync;
  readonly #remove: StatementSync;

  constructor(database: DatabaseSync, group: GroupCommit) {
    this.#group = group;
    this.#insert = database.prepare(
      `INSERT INTO administrators (tenant_id, folded_name, token_hash, role, document)
       VALUES (?, ?, ?, ?, ?)`,
    );
    this.#count = database.prepare(
      "SELECT count(*) AS count FROM administrators WHERE tenant_id = ?",
    );
    const read = "SELECT role, document FROM administrators WHERE tenant_id = ?";
    this.#find = database.prepare(`${read} AND folded_name = ?`);
    this.#findByTokenHash = database.prepare(`${read} AND token_hash = ?`);
    this.#list = database.prepare(`${read} ORDER BY folded_name`);
    const one = "WHERE tenant_id = ? AND folded_name = ?";
    this.#changeRole = database.prepare(
      `UPDATE administrators SET role = ? ${one} RETURNING role, document`,
    );
    this.#remove = database.prepare(`DELETE FROM administrators ${one}`);
  }

  insert(administrator: Administrator): Promise<"inserted" | "exists" | "full"> {
    const { role, ...document } = administrator;
    const { tenantId, name, tokenHash } = administrator;
    return this.#group.write(() => {
      if (this.#find.get(tenantId, fold(name)) !== undefined) return "exists";
      if (Number(this.#count.get(tenantId)?.count) >= mostAdministrators) return "full";
      this.#insert.run(tenantId, fold(name), tokenHash, role, JSON.stringify(document));
      return "inserted";
    });
  }

  find(tenantId: TenantId, name: string): Promise<Administrator | undefined> {
    return this.#group.read(() => foundIn(this.#find.get(tenantId, fold(name))));
  }

  findByTokenHash(tenantId: TenantId, tokenHash: string): Promise<Administrator | undefined> {
    return this.#group.read(() => foundIn(this.#findByTokenHash.get(tenantId, tokenHash)));
  }

  list(tenantId: TenantId): Promise<readonly Administrator[]> {
    return this.#group.read(() => this.#list.all(tenantId).map(asAdministrator));
  }

  changeRole(
    tenantId: TenantId,
    name: string,
    role: AdministratorRole,
  ): Promise<Administrator | undefined> {
    return this.#group.write(() => foundIn(this.#changeRole.get(role, tenantId, fold(name))));
  }

  remove(tenantId: TenantId, name: string): Promise<boolean> {
    return this.#group.write(() => this.#remove.run(tenantId, fold(name)).changes === 1);
  }
}

function foundIn(row: Record<string, unknown> | undefined): Administrator | undefined {
  return row === undefined ? undefined : asAdministrator(row);
}

function asAdministrator(row: Record<string, unknown>): Administrator {
  const document = JSON.parse(String(row.document)) as Omit<Administrator, "role">;
  return { ...document, role: String(row.role) as AdministratorRole };
}
