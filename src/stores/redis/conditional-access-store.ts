import type { ConditionalAccess, ConditionalAccessStore } from "../../domain/conditional-access.ts";
import type { TenantId } from "../../domain/tenant.ts";
import { noConditionalAccess } from "../no-conditional-access.ts";
import type { RedisConnection } from "./redis-connection.ts";
import { tenantKey } from "./redis-keys.ts";

/** Tenants' rules on networks in Redis: a key of each tenant's own. */
export class RedisConditionalAccessStore implements ConditionalAccessStore {
  readonly #connection: RedisConnection;

  constructor(connection: RedisConnection) {
    this.#connection = connection;
  }

  async find(tenantId: TenantId): Promise<ConditionalAccess> {
    const document = await this.#connection.run((redis) => redis.get(keyOf(tenantId)));
    return document === null
      ? noConditionalAccess(tenantId)
      : (JSON.parse(document) as ConditionalAccess);
  }

  async put(rule: ConditionalAccess): Promise<void> {
    const document = JSON.stringify(rule);
    await this.#connection.run((redis) => redis.set(keyOf(rule.tenantId), document));
  }
}

function keyOf(tenantId: TenantId): string {
  return tenantKey(tenantId, "conditional-access");
}
