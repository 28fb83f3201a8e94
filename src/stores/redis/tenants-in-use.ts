import type { TenantId } from "../../domain/tenant.ts";
import type { RedisConnection } from "./redis-connection.ts";
import { gatewayKey } from "./redis-keys.ts";

const tenantsInUseKey = gatewayKey("tenants-in-use");

/** The tenants under whose id something that expires was ever written: the collectors, and those who look for pending sign-ins, visit them. */
export class TenantsInUse {
  readonly #connection: RedisConnection;
  readonly #noted = new Set<TenantId>();

  constructor(connection: RedisConnection) {
    this.#connection = connection;
  }

  /** To be awaited before the tenant's data is written. Costs nothing but once a process. */
  note(tenantId: TenantId): Promise<void> | undefined {
    return this.#noted.has(tenantId) ? undefined : this.#write(tenantId);
  }

  async list(): Promise<readonly TenantId[]> {
    const members = await this.#connection.run((redis) => redis.smembers(tenantsInUseKey));
    return members as TenantId[];
  }

  async #write(tenantId: TenantId): Promise<void> {
    await this.#connection.run((redis) => redis.sadd(tenantsInUseKey, tenantId));
    this.#noted.add(tenantId);
  }
}
