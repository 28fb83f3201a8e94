import {
  type CallingPolicy,
  type CallingPolicySettings,
  type CallingPolicyStore,
  policyVersionsKept,
} from "../../domain/calling-policy.ts";
import type { TenantId } from "../../domain/tenant.ts";
import { fold } from "../fold.ts";
import { encodePolicySettings } from "../policy-settings.ts";
import type { RedisConnection } from "./redis-connection.ts";
import { tenantKey } from "./redis-keys.ts";

/** `version changedAt settings name`, as put-policy.lua writes it. */
const storedForm = /^([0-9]+) ([0-9]+) (\S+) (.*)$/s;

/**
 * Calling policies in Redis: a hash by folded name, all of which are listed at once, so that no order
 * is kept; and for each name a log of its versions, which outlives the policy.
 */
export class RedisCallingPolicyStore implements CallingPolicyStore {
  readonly #connection: RedisConnection;

  constructor(connection: RedisConnection) {
    this.#connection = connection;
  }

  async find(tenantId: TenantId, name: string): Promise<CallingPolicy | undefined> {
    const text = await this.#connection.run((redis) =>
      redis.hget(policiesKey(tenantId), fold(name)),
    );
    return text === null ? undefined : readPolicy(tenantId, text);
  }

  async list(tenantId: TenantId): Promise<readonly CallingPolicy[]> {
    const byName = await this.#connection.run((redis) => redis.hgetall(policiesKey(tenantId)));
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
    const policy = await this.#write(tenantId, name, settings, nowMilliseconds, "any");
    if (policy === undefined) throw new Error("A calling policy is not there once it is written.");
    return policy;
  }

  replace(
    tenantId: TenantId,
    name: string,
    settings: CallingPolicySettings,
    nowMilliseconds: number,
    expectedVersion: number | null,
  ): Promise<CallingPolicy | undefined> {
    const expected = String(expectedVersion ?? "none");
    return this.#write(tenantId, name, settings, nowMilliseconds, expected);
  }

  async changedAfter(
    tenantId: TenantId,
    name: string,
    version: number,
  ): Promise<number | undefined> {
    const key = policyVersionsKey(tenantId, fold(name));
    const [entry] = await this.#connection.run((redis) =>
      redis.zrangebyscore(key, `(${version}`, "+inf", "LIMIT", 0, 1),
    );
    return entry === undefined ? undefined : Number(entry.slice(entry.indexOf(" ") + 1));
  }

  async remove(tenantId: TenantId, name: string): Promise<boolean> {
    const keys = [policiesKey(tenantId), policyVersionsKey(tenantId, fold(name))];
    return (await this.#connection.runScript("remove-policy", keys, [fold(name)])) === 1;
  }

  async #write(
    tenantId: TenantId,
    name: string,
    settings: CallingPolicySettings,
    nowMilliseconds: number,
    expected: string,
  ): Promise<CallingPolicy | undefined> {
    const folded = fold(name);
    const keys = [policiesKey(tenantId), policyVersionsKey(tenantId, folded)];
    const text = encodePolicySettings(settings);
    const values = [folded, name, nowMilliseconds, text, policyVersionsKept, expected];
    const written = await this.#connection.runScript("put-policy", keys, values);
    return written === null ? undefined : readPolicy(tenantId, String(written));
  }
}

/** The hash of policies by folded name. */
export function policiesKey(tenantId: TenantId): string {
  return tenantKey(tenantId, "calling-policies");
}

/** The log of a policy's versions: `VERSION MADE-AT`, by version. */
export function policyVersionsKey(tenantId: TenantId, foldedName: string): string {
  return tenantKey(tenantId, `calling-policy-versions:${foldedName}`);
}

/** Reads a policy as put-policy.lua writes it. */
export function readPolicy(tenantId: TenantId, text: string): CallingPolicy {
  const [, version, changedAt, settings = "", name = ""] = storedForm.exec(text) ?? [];
  return {
    tenantId,
    name,
    version: Number(version),
    changedAtMilliseconds: Number(changedAt),
    ...(JSON.parse(settings) as CallingPolicySettings),
  };
}
