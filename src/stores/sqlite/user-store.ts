import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Page } from "../../domain/device.ts";
import type { TenantId } from "../../domain/tenant.ts";
import type { CallHandling, User, UserStore } from "../../domain/user.ts";
import { fold } from "../fold.ts";
import { readUserDocument, writeUserDocument } from "../stored-documents.ts";
import { searchTextOfUser } from "../user-search.ts";
import type { GroupCommit } from "./group-commit.ts";

/** Users in SQLite. */
export class SqliteUserStore implements UserStore {
  readonly #group: GroupCommit;
  readonly #find: StatementSync;
  readonly #findByPhoneNumber: StatementSync;
  readonly #otherHolder: StatementSync;
  readonly #list: StatementSync;
  readonly #put: StatementSync;
  readonly #remove: StatementSync;

  constructor(database: DatabaseSync, group: GroupCommit) {
    this.#group = group;
    this.#find = database.prepare("SELECT document FROM users WHERE tenant_id = ? AND upn = ?");
    this.#findByPhoneNumber = database.prepare(
      "SELECT document FROM users WHERE tenant_id = ? AND phone_number = ? ORDER BY upn LIMIT 1",
    );
    // No number equals null.
    this.#otherHolder = database.prepare(
      "SELECT upn FROM users WHERE tenant_id = ? AND phone_number = ? AND upn <> ? ORDER BY upn LIMIT 1",
    );
    this.#list = database.prepare(
      `SELECT document FROM users WHERE tenant_id = $tenantId AND upn > $after
         AND ($search = '' OR instr(search_text, $search) > 0)
       ORDER BY upn LIMIT $limit`,
    );
    this.#put = database.prepare(
      `INSERT OR REPLACE INTO users (tenant_id, upn, phone_number, search_text, document)
       VALUES (?, ?, ?, ?, ?)`,
    );
    this.#remove = database.prepare("DELETE FROM users WHERE tenant_id = ? AND upn = ?");
  }

  find(tenantId: TenantId, upn: string): Promise<User | undefined> {
    return this.#group.read(() => asUser(this.#find.get(tenantId, upn)));
  }

  findMany(tenantId: TenantId, upns: readonly string[]): Promise<readonly (User | undefined)[]> {
    return this.#group.read(() => upns.map((upn) => asUser(this.#find.get(tenantId, upn))));
  }

  findByPhoneNumber(tenantId: TenantId, phoneNumber: string): Promise<User | undefined> {
    return this.#group.read(() => asUser(this.#findByPhoneNumber.get(tenantId, phoneNumber)));
  }

  list(
    tenantId: TenantId,
    query: { readonly search?: string; readonly limit: number; readonly cursor?: string },
  ): Promise<Page<User>> {
    const { limit, cursor = "", search = "" } = query;
    return this.#group.read(() => {
      // One more than the page asks for tells whether another page follows.
      const values = { tenantId, after: cursor, search: fold(search), limit: limit + 1 };
      const rows = this.#list.all(values);
      const items = rows.slice(0, limit).map((row) => readUserDocument(String(row.document)));
      return { items, nextCursor: rows.length > limit ? (items.at(-1)?.upn ?? null) : null };
    });
  }

  putMany(users: readonly User[]): Promise<void> {
    return this.#group.writeSeveral(() => {
      for (const user of users) this.#write(user);
    });
  }

  putWithOwnNumber(user: User): Promise<string | undefined> {
    return this.#group.write(() => {
      const { tenantId, upn, phoneNumber } = user;
      const holder = this.#otherHolder.get(tenantId, phoneNumber, upn);
      if (holder !== undefined) return String(holder.upn);
      this.#write(user);
      return undefined;
    });
  }

  setCallHandling(
    tenantId: TenantId,
    upn: string,
    changes: Partial<CallHandling>,
  ): Promise<boolean> {
    return this.#group.write(() => {
      const user = asUser(this.#find.get(tenantId, upn));
      if (user === undefined) return false;
      this.#write({ ...user, ...changes });
      return true;
    });
  }

  remove(tenantId: TenantId, upn: string): Promise<boolean> {
    return this.#group.write(() => this.#remove.run(tenantId, upn).changes === 1);
  }

  #write(user: User): void {
    const { tenantId, upn, phoneNumber } = user;
    const document = writeUserDocument(user);
    this.#put.run(tenantId, upn, phoneNumber, searchTextOfUser(user), document);
  }
}

function asUser(row: Record<string, unknown> | undefined): User | undefined {
  return row === undefined ? undefined : readUserDocument(String(row.document));
}
