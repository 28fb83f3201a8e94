import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Account, AccountStore } from "../../domain/account.ts";
import type { MacAddress } from "../../domain/mac-address.ts";
import type { TenantId } from "../../domain/tenant.ts";
import { RecentlyUsed } from "../recently-used.ts";
import type { GroupCommit } from "./group-commit.ts";

const mostAccountsInMemory = 100_000;

/**
 * Accounts in SQLite. Those last asked for are held in memory as well: each registration asks for
 * one, and this process is the only writer of the file, so a write need only forget what it changes.
 */
export class SqliteAccountStore implements AccountStore {
  readonly #group: GroupCommit;
  readonly #find: StatementSync;
  readonly #aorExists: StatementSync;
  readonly #put: StatementSync;
  readonly #remove: StatementSync;
  readonly #removeByDevice: StatementSync;
  readonly #recent = new RecentlyUsed<Account>(mostAccountsInMemory);
  /** Counts up with each write: an account read before a write must not be kept after it. */
  #writes = 0;

  constructor(database: DatabaseSync, group: GroupCommit) {
    this.#group = group;
    this.#find = database.prepare("SELECT document FROM accounts WHERE authentication_name = ?");
    this.#aorExists = database.prepare(
      "SELECT 1 FROM accounts WHERE tenant_id = ? AND aor = ? LIMIT 1",
    );
    this.#put = database.prepare(
      `INSERT OR REPLACE INTO accounts (authentication_name, tenant_id, aor, mac_address, document)
       VALUES (?, ?, ?, ?, ?)`,
    );
    this.#remove = database.prepare(
      "DELETE FROM accounts WHERE tenant_id = ? AND authentication_name = ?",
    );
    this.#removeByDevice = database.prepare(
      `DELETE FROM accounts WHERE tenant_id = ? AND mac_address = ? AND authentication_name IS NOT ?
       RETURNING authentication_name`,
    );
  }

  async findByAuthenticationName(authenticationName: string): Promise<Account | undefined> {
    const recent = this.#recent.get(authenticationName);
    if (recent !== undefined) return recent;
    const writesBefore = this.#writes;
    const account = await this.#group.read(() => {
      const row = this.#find.get(authenticationName);
      return row === undefined ? undefined : (JSON.parse(String(row.document)) as Account);
    });
    if (account !== undefined && writesBefore === this.#writes) {
      this.#recent.set(authenticationName, account);
    }
    return account;
  }

  aorExists(tenantId: TenantId, aor: string): Promise<boolean> {
    return this.#group.read(() => this.#aorExists.get(tenantId, aor) !== undefined);
  }

  putMany(accounts: readonly Account[]): Promise<void> {
    this.#writes++;
    return this.#group.writeSeveral(() => {
      for (const account of accounts) {
        const { authenticationName, tenantId, aor, macAddress } = account;
        this.#recent.delete(authenticationName);
        this.#put.run(authenticationName, tenantId, aor, macAddress, JSON.stringify(account));
      }
    });
  }

  remove(tenantId: TenantId, authenticationName: string): Promise<void> {
    this.#writes++;
    return this.#group.write(() => {
      this.#recent.delete(authenticationName);
      this.#remove.run(tenantId, authenticationName);
    });
  }

  removeByDevice(
    tenantId: TenantId,
    macAddress: MacAddress,
    keptAuthenticationName: string | null = null,
  ): Promise<void> {
    this.#writes++;
    return this.#group.write(() => {
      for (const row of this.#removeByDevice.all(tenantId, macAddress, keptAuthenticationName)) {
        this.#recent.delete(String(row.authentication_name));
      }
    });
  }
}
