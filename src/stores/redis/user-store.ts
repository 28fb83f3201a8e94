import type { TenantId } from "../../domain/tenant.ts";
import type { User, UserStore } from "../../domain/user.ts";
import { groupByTenant } from "./group-by-tenant.ts";
import type { RedisConnection } from "./redis-connection.ts";
import { pairRange, tenantKey } from "./redis-keys.ts";

/** Users in Redis: a hash of documents by UPN, and an order of phone number and UPN. */
export class RedisUserStore implements UserStore {
  readonly #connection: RedisConnection;

  constructor(connection: RedisConnection) {
    this.#connection = connection;
  }

  async find(tenantId: TenantId, upn: string): Promise<User | undefined> {
    const key = tenantKey(tenantId, "users");
    const document = await this.#connection.run((redis) => redis.hget(key, upn));
    return document === null ? undefined : (JSON.parse(document) as User);
  }

  async findByPhoneNumber(tenantId: TenantId, phoneNumber: string): Promise<User | undefined> {
    const key = tenantKey(tenantId, "users-by-phone-number");
    const range = pairRange(phoneNumber);
    const [member] = await this.#connection.run((redis) =>
      redis.zrangebylex(key, ...range, "LIMIT", 0, 1),
    );
    if (member === undefined) return undefined;
    const found = await this.find(tenantId, member.slice(range[0].length - 1));
    return found?.phoneNumber === phoneNumber ? found : undefined;
  }

  async putMany(users: readonly User[]): Promise<void> {
    for (const [tenantId, ofTenant] of groupByTenant(users)) {
      await this.#connection.runScript(
        "put-users",
        [tenantKey(tenantId, "users"), tenantKey(tenantId, "users-by-phone-number")],
        ofTenant.flatMap((user) => [user.upn, JSON.stringify(user)]),
      );
    }
  }
}
