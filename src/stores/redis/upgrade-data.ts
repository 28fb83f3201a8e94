import type { Device } from "../../domain/device.ts";
import type { TenantId, TenantStore } from "../../domain/tenant.ts";
import { policiesKey, policyVersionsKey, readPolicy } from "./calling-policy-store.ts";
import { devicesKey } from "./device-store.ts";
import type { RedisConnection } from "./redis-connection.ts";
import { deviceOrderKey, deviceUserKeys, gatewayKey, tenantKey } from "./redis-keys.ts";
import { decodeVersioned } from "./versioned-text.ts";

const versionKey = gatewayKey("data-version");
/**
 * The first version did not write its number. The second orders users, and devices by user. The third
 * logs the versions of calling policies.
 */
const currentVersion = 3;
const membersPerBatch = 500;

/**
 * Adds to what an earlier version of the gateway wrote the orders and logs that this one reads. It may run
 * on several nodes at once, and again after it was cut off.
 * @throws StoreUnavailableError
 */
export async function upgradeData(
  connection: RedisConnection,
  tenants: TenantStore,
): Promise<void> {
  const version = Number((await connection.run((redis) => redis.get(versionKey))) ?? 1);
  if (version >= currentVersion) return;
  for (const { id } of await tenants.list()) {
    if (version < 2) {
      await orderUsers(connection, id);
      await orderDevicesByUser(connection, id);
    }
    await logPolicies(connection, id);
  }
  await connection.run((redis) => redis.set(versionKey, currentVersion));
}

/** All users of the first version were samples with a number, so the order of numbers tells all. */
async function orderUsers(connection: RedisConnection, tenantId: TenantId): Promise<void> {
  const orderKey = tenantKey(tenantId, "users-in-order");
  const byNumber = tenantKey(tenantId, "users-by-phone-number");
  for await (const members of batchesOf(connection, byNumber)) {
    const scored = members.flatMap((member) => [0, member.slice(member.indexOf(" ") + 1)]);
    await connection.run((redis) => redis.zadd(orderKey, ...scored));
  }
}

async function orderDevicesByUser(connection: RedisConnection, tenantId: TenantId): Promise<void> {
  const key = devicesKey(tenantId);
  for await (const macAddresses of batchesOf(connection, deviceOrderKey(tenantId, "signed-in"))) {
    const texts = await connection.run((redis) => redis.hmget(key, ...macAddresses));
    await Promise.all(
      texts.map(async (text, index) => {
        const upn = text === null ? null : decodeVersioned<Device>(text).value.upn;
        if (text === null || upn === null) return;
        const keys = [key, ...deviceUserKeys(tenantId)];
        await connection.runScript("index-device", keys, [macAddresses[index] ?? "", text, upn]);
      }),
    );
  }
}

/** Of the versions before the present one nothing is known. */
async function logPolicies(connection: RedisConnection, tenantId: TenantId): Promise<void> {
  const policies = await connection.run((redis) => redis.hgetall(policiesKey(tenantId)));
  for (const [foldedName, text] of Object.entries(policies)) {
    const { version, changedAtMilliseconds } = readPolicy(tenantId, text);
    const key = policyVersionsKey(tenantId, foldedName);
    await connection.run((redis) =>
      redis.zadd(key, version, `${version} ${changedAtMilliseconds}`),
    );
  }
}

/** The members of a sorted set whose scores are all equal, some at a time. */
async function* batchesOf(connection: RedisConnection, key: string): AsyncGenerator<string[]> {
  let start = "-";
  for (;;) {
    const from = start;
    const members = await connection.run((redis) =>
      redis.zrangebylex(key, from, "+", "LIMIT", 0, membersPerBatch),
    );
    if (members.length > 0) yield members;
    if (members.length < membersPerBatch) return;
    start = `(${members.at(-1)}`;
  }
}
