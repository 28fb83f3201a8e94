import type {
  FoundIdentityState,
  IdentityStateRecord,
  IdentityStateStore,
} from "../../domain/identity-state.ts";
import type { RedisConnection } from "./redis-connection.ts";
import { gatewayKey } from "./redis-keys.ts";

/**
 * Redis drops a record this long after it expired. Its time goes on while the laboratory moves the
 * gateway's, and that only lets a record of the laboratory live longer or be gone early.
 */
const keptAfterExpiryMilliseconds = 10 * 60 * 1000;

/**
 * The identity provider's state in Redis. A record is a key of its own; two more lead to it, and are
 * written first: one that leads to no record is as good as none.
 */
export class RedisIdentityStateStore implements IdentityStateStore {
  readonly #connection: RedisConnection;

  constructor(connection: RedisConnection) {
    this.#connection = connection;
  }

  async put(record: IdentityStateRecord, nowMilliseconds: number): Promise<void> {
    const { kind, id, document, alias, grantId } = record;
    const lifetime =
      Math.max(0, record.expiresAtMilliseconds - nowMilliseconds) + keptAfterExpiryMilliseconds;
    await this.#connection.run(async (redis) => {
      if (alias !== null) await redis.set(aliasKey(kind, alias), id, "PX", lifetime);
      if (grantId !== null) {
        await redis.sadd(grantKey(grantId), JSON.stringify([kind, id]));
        const left = await redis.pttl(grantKey(grantId));
        if (left < lifetime) await redis.pexpire(grantKey(grantId), lifetime);
      }
      await redis.set(recordKey(kind, id), document, "PX", lifetime);
    });
  }

  async find(kind: string, id: string): Promise<FoundIdentityState | undefined> {
    const [document, consumedAt] = await this.#connection.run((redis) =>
      redis.mget(recordKey(kind, id), consumedKey(kind, id)),
    );
    if (document === null || document === undefined) return undefined;
    return { document, consumedAtMilliseconds: consumedAt ? Number(consumedAt) : null };
  }

  async findByAlias(kind: string, alias: string): Promise<FoundIdentityState | undefined> {
    const id = await this.#connection.run((redis) => redis.get(aliasKey(kind, alias)));
    return id === null ? undefined : this.find(kind, id);
  }

  async consume(kind: string, id: string, nowMilliseconds: number): Promise<boolean> {
    return this.#connection.run(async (redis) => {
      const lifetime = await redis.pttl(recordKey(kind, id));
      if (lifetime <= 0) return false;
      const marked = await redis.set(
        consumedKey(kind, id),
        nowMilliseconds,
        "PX",
        lifetime + keptAfterExpiryMilliseconds,
        "NX",
      );
      return marked === "OK";
    });
  }

  async remove(kind: string, id: string): Promise<void> {
    await this.#connection.run((redis) => redis.del(recordKey(kind, id), consumedKey(kind, id)));
  }

  async removeByGrant(grantId: string): Promise<void> {
    await this.#connection.run(async (redis) => {
      const members = await redis.smembers(grantKey(grantId));
      const keys = members.flatMap((member) => {
        const [kind = "", id = ""] = JSON.parse(member) as string[];
        return [recordKey(kind, id), consumedKey(kind, id)];
      });
      await redis.del(grantKey(grantId), ...keys);
    });
  }
}

function recordKey(kind: string, id: string): string {
  return gatewayKey(`identity:${kind}:${id}`);
}

function consumedKey(kind: string, id: string): string {
  return gatewayKey(`identity-consumed:${kind}:${id}`);
}

function aliasKey(kind: string, alias: string): string {
  return gatewayKey(`identity-alias:${kind}:${alias}`);
}

function grantKey(grantId: string): string {
  return gatewayKey(`identity-grant:${grantId}`);
}
