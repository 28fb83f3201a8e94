import type { Logger } from "pino";
import type { Stores } from "../../domain/stores.ts";
import { RedisAccountStore } from "./account-store.ts";
import { RedisAdministratorSessionStore } from "./administrator-session-store.ts";
import { RedisAdministratorStore } from "./administrator-store.ts";
import { RedisBindingStore } from "./binding-store.ts";
import { RedisBulkSignInStore } from "./bulk-sign-in-store.ts";
import { RedisCallingPolicyStore } from "./calling-policy-store.ts";
import { RedisCommandStore } from "./command-store.ts";
import { RedisConditionalAccessStore } from "./conditional-access-store.ts";
import { RedisDeviceStore } from "./device-store.ts";
import { RedisHistoryStore } from "./history-store.ts";
import { RedisIdentityStateStore } from "./identity-state-store.ts";
import { RedisLiveEventChannel } from "./live-event-channel.ts";
import { RedisPolicyRefreshStore } from "./policy-refresh-store.ts";
import { RedisConnection } from "./redis-connection.ts";
import { gatewayKey } from "./redis-keys.ts";
import { readRedisUrl } from "./redis-url.ts";
import { RedisSecretStore } from "./secret-store.ts";
import { RedisSignInStore } from "./sign-in-store.ts";
import { RedisSipDevicesConfigurationStore } from "./sip-devices-configuration-store.ts";
import { RedisTenantStore } from "./tenant-store.ts";
import { TenantsInUse } from "./tenants-in-use.ts";
import { upgradeData } from "./upgrade-data.ts";
import { RedisUserStore } from "./user-store.ts";
import { RedisVerificationCodeStore } from "./verification-code-store.ts";

/**
 * Every store on the Redis that the URL names, shared by all nodes that name the same.
 * @throws InvalidRedisUrlError, RedisUnreachableError
 */
export async function openRedisStores(
  redisUrl: string,
  logger: Pick<Logger, "info" | "warn" | "error">,
): Promise<Stores> {
  const target = readRedisUrl(redisUrl);
  const connection = new RedisConnection(target, "commands", logger);
  const subscriber = new RedisConnection(target, "live-events", logger);
  const liveEvents = new RedisLiveEventChannel(connection, subscriber, logger);
  const tenants = new RedisTenantStore(connection);
  try {
    await connection.connect();
    await subscriber.connect();
    await liveEvents.start();
    await upgradeData(connection, tenants);
  } catch (error) {
    connection.stop();
    subscriber.stop();
    throw error;
  }
  const tenantsInUse = new TenantsInUse(connection);
  const bindings = new RedisBindingStore(connection, tenantsInUse);
  return {
    tenants,
    secrets: new RedisSecretStore(connection),
    administrators: new RedisAdministratorStore(connection),
    administratorSessions: new RedisAdministratorSessionStore(connection),
    devices: new RedisDeviceStore(connection, bindings),
    codes: new RedisVerificationCodeStore(connection, tenantsInUse),
    accounts: new RedisAccountStore(connection),
    users: new RedisUserStore(connection),
    callingPolicies: new RedisCallingPolicyStore(connection),
    policyRefreshes: new RedisPolicyRefreshStore(connection),
    conditionalAccess: new RedisConditionalAccessStore(connection),
    sipDevicesConfiguration: new RedisSipDevicesConfigurationStore(connection),
    bulkSignIns: new RedisBulkSignInStore(connection, tenantsInUse),
    signIns: new RedisSignInStore(connection, tenantsInUse),
    commands: new RedisCommandStore(connection),
    identityState: new RedisIdentityStateStore(connection),
    bindings,
    history: new RedisHistoryStore(connection),
    liveEvents,
    ping: async () => {
      await connection.run((redis) => redis.exists(gatewayKey("tenants")));
    },
    stop: async () => {
      subscriber.stop();
      await connection.finish();
    },
  };
}
