import type {
  CallingPolicy,
  CallingPolicySettings,
  CallingPolicyStore,
} from "../../domain/calling-policy.ts";
import type { TenantId } from "../../domain/tenant.ts";
import { fold } from "../fold.ts";
import { encodePolicySettings } from "../policy-settings.ts";
import type { RedisConnection } from "./redis-connection.ts";
import { tenantKey } from "./redis-keys.ts";

/** `version changedAt settings name`, as put-policy.lua writes it. */
const storedForm = /^([0-9]+) ([0-9]+) (\S+) (.*)$/s;

/** Calling policies in Redis: a hash by folded name. All are listed at once, so no order is kept. */
export class RedisCallingPolicyStore implements CallingPolicyStore {
  readonly #connection: RedisConnection;

  constructor(connection: RedisConnection) {
    this.#connection = connection;
  }

  async find(tenantId: TenantId, name: string): Promise<CallingPolicy | undefined> {
    const text = await this.#connection.run((redis) => redis.hget(keyOf(tenantId), fold(name)));
    return text === null ? undefined : readPolicy(tenantId, text);
  }

  async list(tenantId: TenantId): Promise<readonly CallingPolicy[]> {
    const byName = await this.#connection.run((redis) => redis.hgetall(keyOf(tenantId)));
    return Object.entries(byName)
      .sort(([one], [other]) => Buffer.compare(Buffer.from(one), Buffer.from(other)))
      .map(([, text]) => readPolicy(tenantId, text));
  }

  async put(
    tenantId: TenantId,
    name: string,
    settings: CallingPolicySettings,
    nowMilliseconds: number,
  ): Promise<CallingPolicy> {
    const text = await this.#connection.runScript(
      "put-policy",
      [keyOf(tenantId)],
      [fold(name), name, nowMilliseconds, encodePolicySettings(settings)],
    );
    return readPolicy(tenantId, String(text));
  }

  async remove(tenantId: TenantId, name: string): Promise<boolean> {
    const key = keyOf(tenantId);
    return (await this.#connection.run((redis) => redis.hdel(key, fold(name)))) === 1;
  }
}

function keyOf(tenantId: TenantId): string {
  return tenantKey(tenantId, "calling-policies");
}

function readPolicy(tenantId: TenantId, text: string): CallingPolicy {
  const [, version, changedAt, settings = "", name = ""] = storedForm.exec(text) ?? [];
  return {
    tenantId,
    name,
    version: Number(version),
    changedAtMilliseconds: Number(changedAt),
    ...(JSON.parse(settings) as CallingPolicySettings),
  };
}
