import type { Account, AccountStore } from "../../domain/account.ts";
import type { MacAddress } from "../../domain/mac-address.ts";
import type { TenantId } from "../../domain/tenant.ts";
import { RecentlyUsed } from "../recently-used.ts";
import { groupByTenant } from "./group-by-tenant.ts";
import type { RedisConnection } from "./redis-connection.ts";
import { accountKey, pairRange, tenantKey } from "./redis-keys.ts";

const mostTenantsInMemory = 100_000;
const pointersAtOnce = 1000;

/**
 * Accounts in Redis. The documents and their orders are in the tenant's slot and written by one
 * script, all or none; a key of its own for each name points to the tenant. Pointers are written
 * first: one that leads to no document is as good as none, so a crash in between shows nothing.
 * (Accounts of several tenants in one call: all or none within each tenant.)
 */
export class RedisAccountStore implements AccountStore {
  readonly #connection: RedisConnection;
  /** Pointers hardly ever change; one that has gone stale finds no document and is read anew. */
  readonly #tenants = new RecentlyUsed<TenantId>(mostTenantsInMemory);

  constructor(connection: RedisConnection) {
    this.#connection = connection;
  }

  async findByAuthenticationName(authenticationName: string): Promise<Account | undefined> {
    const remembered = this.#tenants.get(authenticationName);
    if (remembered !== undefined) {
      const account = await this.#read(remembered, authenticationName);
      if (account !== undefined) return account;
      this.#tenants.delete(authenticationName);
    }
    const tenantId = await this.#connection.run((redis) =>
      redis.get(accountKey(authenticationName)),
    );
    if (tenantId === null) return undefined;
    const account = await this.#read(tenantId as TenantId, authenticationName);
    if (account !== undefined) this.#tenants.set(authenticationName, account.tenantId);
    return account;
  }

  async aorExists(tenantId: TenantId, aor: string): Promise<boolean> {
    const key = tenantKey(tenantId, "accounts-by-aor");
    const members = await this.#connection.run((redis) =>
      redis.zrangebylex(key, ...pairRange(aor), "LIMIT", 0, 1),
    );
    return members.length > 0;
  }

  async putMany(accounts: readonly Account[]): Promise<void> {
    for (let start = 0; start < accounts.length; start += pointersAtOnce) {
      const some = accounts.slice(start, start + pointersAtOnce);
      await this.#connection.run((redis) =>
        Promise.all(some.map((one) => redis.set(accountKey(one.authenticationName), one.tenantId))),
      );
    }
    for (const [tenantId, ofTenant] of groupByTenant(accounts)) {
      await this.#connection.runScript(
        "put-accounts",
        keysOf(tenantId),
        ofTenant.flatMap((account) => [account.authenticationName, JSON.stringify(account)]),
      );
    }
    for (const { authenticationName } of accounts) this.#tenants.delete(authenticationName);
  }

  async remove(tenantId: TenantId, authenticationName: string): Promise<void> {
    const keys = keysOf(tenantId);
    await this.#connection.runScript("remove-account", keys, [authenticationName]);
  }

  async removeByDevice(
    tenantId: TenantId,
    macAddress: MacAddress,
    keptAuthenticationName: string | null = null,
  ): Promise<void> {
    const [start, end] = pairRange(macAddress);
    await this.#connection.runScript("remove-accounts-of-device", keysOf(tenantId), [
      start.slice(1),
      end.slice(1),
      ...(keptAuthenticationName === null ? [] : [keptAuthenticationName]),
    ]);
  }

  async #read(tenantId: TenantId, authenticationName: string): Promise<Account | undefined> {
    const key = tenantKey(tenantId, "accounts");
    const document = await this.#connection.run((redis) => redis.hget(key, authenticationName));
    return document === null ? undefined : (JSON.parse(document) as Account);
  }
}

function keysOf(tenantId: TenantId): string[] {
  return ["accounts", "accounts-by-aor", "accounts-by-device"].map((name) =>
    tenantKey(tenantId, name),
  );
}
