import type { Tenant, TenantStore } from "../../domain/tenant.ts";
import type { RedisConnection } from "./redis-connection.ts";
import { gatewayKey } from "./redis-keys.ts";

const tenantsKey = gatewayKey("tenants");

/** Tenants in Redis: a list of documents, in the order in which they were made. */
export class RedisTenantStore implements TenantStore {
  readonly #connection: RedisConnection;

  constructor(connection: RedisConnection) {
    this.#connection = connection;
  }

  async ensureFirst(candidate: Tenant): Promise<Tenant> {
    const first = await this.#connection.runScript(
      "ensure-first-tenant",
      [tenantsKey],
      [JSON.stringify(candidate)],
    );
    return JSON.parse(String(first)) as Tenant;
  }

  async list(): Promise<readonly Tenant[]> {
    const documents = await this.#connection.run((redis) => redis.lrange(tenantsKey, 0, -1));
    return documents.map((document) => JSON.parse(document) as Tenant);
  }
}
