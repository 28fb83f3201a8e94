import {
  initialSipDevicesConfiguration,
  type SipDevicesConfiguration,
  type SipDevicesConfigurationStore,
} from "../../domain/sip-devices-configuration.ts";
import type { TenantId } from "../../domain/tenant.ts";
import type { RedisConnection } from "./redis-connection.ts";
import { tenantKey } from "./redis-keys.ts";

/** Tenants' configurations of SIP devices in Redis: a key of each tenant's own. */
export class RedisSipDevicesConfigurationStore implements SipDevicesConfigurationStore {
  readonly #connection: RedisConnection;

  constructor(connection: RedisConnection) {
    this.#connection = connection;
  }

  async find(tenantId: TenantId): Promise<SipDevicesConfiguration> {
    const document = await this.#connection.run((redis) => redis.get(keyOf(tenantId)));
    return document === null
      ? initialSipDevicesConfiguration(tenantId)
      : (JSON.parse(document) as SipDevicesConfiguration);
  }

  async put(configuration: SipDevicesConfiguration): Promise<void> {
    const document = JSON.stringify(configuration);
    await this.#connection.run((redis) => redis.set(keyOf(configuration.tenantId), document));
  }
}

function keyOf(tenantId: TenantId): string {
  return tenantKey(tenantId, "sip-devices-configuration");
}
