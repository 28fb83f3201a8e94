import { randomBytes } from "node:crypto";
import type { MacAddress } from "../../domain/mac-address.ts";
import type { TenantId } from "../../domain/tenant.ts";
import {
  guessLimits,
  type RedemptionAttempt,
  type RedemptionOutcome,
  type VerificationCode,
  type VerificationCodeStore,
} from "../../domain/verification-code.ts";
import { devicesKey } from "./device-store.ts";
import type { RedisConnection } from "./redis-connection.ts";
import { deviceOrderKeys, deviceUserKeys, tenantKey } from "./redis-keys.ts";
import type { TenantsInUse } from "./tenants-in-use.ts";
import { encodeVersioned } from "./versioned-text.ts";

const codesPerBatch = 1000;

/** Redis drops wrong tries this long after the last one: by then the collector has long done so. */
const triesKeptMilliseconds = guessLimits.windowMilliseconds + 7 * 24 * 60 * 60 * 1000;

/** Verification codes and wrong tries in Redis. */
export class RedisVerificationCodeStore implements VerificationCodeStore {
  readonly #connection: RedisConnection;
  readonly #tenants: TenantsInUse;

  constructor(connection: RedisConnection, tenants: TenantsInUse) {
    this.#connection = connection;
    this.#tenants = tenants;
  }

  async put(code: VerificationCode): Promise<void> {
    const { tenantId, macAddress, expiresAtMilliseconds } = code;
    await this.#tenants.note(tenantId);
    const values = [macAddress, JSON.stringify(code), expiresAtMilliseconds];
    await this.#connection.runScript("put-code", codeKeys(tenantId), values);
  }

  async find(tenantId: TenantId, macAddress: MacAddress): Promise<VerificationCode | undefined> {
    const [code] = await this.findMany(tenantId, [macAddress]);
    return code;
  }

  async findMany(
    tenantId: TenantId,
    macAddresses: readonly MacAddress[],
  ): Promise<readonly (VerificationCode | undefined)[]> {
    const documents = await this.#readFields(codesKey(tenantId), macAddresses);
    return documents.map((document) =>
      document === null ? undefined : (JSON.parse(document) as VerificationCode),
    );
  }

  async listLocked(
    tenantId: TenantId,
    macAddresses: readonly MacAddress[],
  ): Promise<ReadonlySet<MacAddress>> {
    const tries = await this.#readFields(triesByCodeKey(tenantId), macAddresses);
    return new Set(
      macAddresses.filter((_, index) => Number(tries[index] ?? 0) >= guessLimits.deviceTries),
    );
  }

  async listUsable(
    tenantId: TenantId,
    nowMilliseconds: number,
  ): Promise<readonly VerificationCode[]> {
    const unexpired = (await this.#connection.run((redis) =>
      redis.zrangebyscore(expiriesKey(tenantId), `(${nowMilliseconds}`, "+inf"),
    )) as MacAddress[];
    const macAddresses = unexpired.sort();
    const codes = await this.findMany(tenantId, macAddresses);
    const tries = await this.#readFields(triesByCodeKey(tenantId), macAddresses);
    return codes
      .filter((_, index) => Number(tries[index] ?? 0) < guessLimits.deviceTries)
      .filter((code) => code !== undefined);
  }

  async remove(tenantId: TenantId, macAddress: MacAddress): Promise<void> {
    await this.#connection.runScript("remove-codes", codeKeys(tenantId), ["+inf", macAddress]);
  }

  async redeem(attempt: RedemptionAttempt): Promise<RedemptionOutcome> {
    const { tenantId, enrolledDevice, expectedRevision, nowMilliseconds } = attempt;
    await this.#tenants.note(tenantId);
    const keys = [
      ...codeKeys(tenantId),
      wrongTriesKey(tenantId),
      devicesKey(tenantId),
      ...deviceUserKeys(tenantId),
      ...deviceOrderKeys(tenantId, enrolledDevice.state),
    ];
    const reply = await this.#connection.runScript("redeem-code", keys, [
      attempt.macAddress,
      attempt.code,
      nowMilliseconds,
      attempt.address,
      randomBytes(9).toString("base64url"),
      expectedRevision,
      encodeVersioned(enrolledDevice, expectedRevision + 1),
      guessLimits.deviceTries,
      guessLimits.addressTries,
      guessLimits.tenantTries,
      nowMilliseconds - guessLimits.windowMilliseconds,
      triesKeptMilliseconds,
      enrolledDevice.upn ?? "",
    ]);
    return readOutcome(reply);
  }

  async removeStale(
    expiredBeforeMilliseconds: number,
    triesBeforeMilliseconds: number,
  ): Promise<void> {
    for (const tenantId of await this.#tenants.list()) {
      await this.#removeExpired(tenantId, expiredBeforeMilliseconds);
      const key = wrongTriesKey(tenantId);
      await this.#connection.run((redis) =>
        redis.zremrangebyscore(key, "-inf", `(${triesBeforeMilliseconds}`),
      );
    }
  }

  async #removeExpired(tenantId: TenantId, beforeMilliseconds: number): Promise<void> {
    for (;;) {
      const expired = await this.#connection.run((redis) =>
        redis.zrangebyscore(
          expiriesKey(tenantId),
          "-inf",
          `(${beforeMilliseconds}`,
          "LIMIT",
          0,
          codesPerBatch,
        ),
      );
      if (expired.length === 0) return;
      // The script looks at the expiry again: a new code may have come meanwhile.
      const values = [beforeMilliseconds, ...expired];
      await this.#connection.runScript("remove-codes", codeKeys(tenantId), values);
    }
  }

  async #readFields(key: string, fields: readonly string[]): Promise<(string | null)[]> {
    const found: (string | null)[] = [];
    for (let start = 0; start < fields.length; start += codesPerBatch) {
      const batch = fields.slice(start, start + codesPerBatch);
      found.push(...(await this.#connection.run((redis) => redis.hmget(key, ...batch))));
    }
    return found;
  }
}

function readOutcome(reply: unknown): RedemptionOutcome {
  const [outcome, detail] = reply as [RedemptionOutcome["outcome"], unknown];
  switch (outcome) {
    case "wrong":
      return { outcome, deviceTries: Number(detail) };
    case "locked":
      return { outcome, by: detail as "device" | "address" | "tenant" };
    default:
      return { outcome };
  }
}

function codesKey(tenantId: TenantId): string {
  return tenantKey(tenantId, "verification-codes");
}

function expiriesKey(tenantId: TenantId): string {
  return tenantKey(tenantId, "verification-codes-by-expiry");
}

function triesByCodeKey(tenantId: TenantId): string {
  return tenantKey(tenantId, "wrong-tries-by-code");
}

function wrongTriesKey(tenantId: TenantId): string {
  return tenantKey(tenantId, "wrong-tries");
}

function codeKeys(tenantId: TenantId): string[] {
  return [codesKey(tenantId), expiriesKey(tenantId), triesByCodeKey(tenantId)];
}
