import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { TenantId } from "../../domain/tenant.ts";
import type { User, UserStore } from "../../domain/user.ts";
import type { GroupCommit } from "./group-commit.ts";

/** Users in SQLite. */
export class SqliteUserStore implements UserStore {
  readonly #group: GroupCommit;
  readonly #find: StatementSync;
  readonly #findByPhoneNumber: StatementSync;
  readonly #put: StatementSync;

  constructor(database: DatabaseSync, group: GroupCommit) {
    this.#group = group;
    this.#find = database.prepare("SELECT document FROM users WHERE tenant_id = ? AND upn = ?");
    this.#findByPhoneNumber = database.prepare(
      "SELECT document FROM users WHERE tenant_id = ? AND phone_number = ? ORDER BY upn LIMIT 1",
    );
    this.#put = database.prepare(
      "INSERT OR REPLACE INTO users (tenant_id, upn, phone_number, document) VALUES (?, ?, ?, ?)",
    );
  }

  find(tenantId: TenantId, upn: string): Promise<User | undefined> {
    return this.#group.read(() => asUser(this.#find.get(tenantId, upn)));
  }

  findByPhoneNumber(tenantId: TenantId, phoneNumber: string): Promise<User | undefined> {
    return this.#group.read(() => asUser(this.#findByPhoneNumber.get(tenantId, phoneNumber)));
  }

  putMany(users: readonly User[]): Promise<void> {
    return this.#group.writeSeveral(() => {
      for (const user of users) {
        this.#put.run(user.tenantId, user.upn, user.phoneNumber, JSON.stringify(user));
      }
    });
  }
}

function asUser(row: ReturnType<StatementSync["get"]>): User | undefined {
  return row === undefined ? undefined : (JSON.parse(String(row.document)) as User);
}
