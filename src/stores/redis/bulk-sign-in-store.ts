import {
  type BeginBulkSignInOutcome,
  type BulkSignIn,
  type BulkSignInStore,
  bulkSignInEndsAtMilliseconds,
  bulkSignInLimits,
  isAtWork,
} from "../../domain/bulk-sign-in.ts";
import type { Page } from "../../domain/device.ts";
import type { RegionId } from "../../domain/region.ts";
import type { TenantId } from "../../domain/tenant.ts";
import { findPollingNodes } from "./polling-nodes.ts";
import type { RedisConnection } from "./redis-connection.ts";
import { tenantKey } from "./redis-keys.ts";
import type { TenantsInUse } from "./tenants-in-use.ts";

/** `endsAt regions nodeId` of a batch at work. */
const workForm = /^\S+ \S+ (.*)$/s;
const cursorForm = /^[0-9]{1,15}$/;

/**
 * Batches of sign-ins in Redis: a hash of a tenant's batches by id, the order in which they came,
 * and a hash of those at work.
 */
export class RedisBulkSignInStore implements BulkSignInStore {
  readonly #connection: RedisConnection;
  readonly #tenants: TenantsInUse;

  constructor(connection: RedisConnection, tenants: TenantsInUse) {
    this.#connection = connection;
    this.#tenants = tenants;
  }

  async begin(batch: BulkSignIn, nowMilliseconds: number): Promise<BeginBulkSignInOutcome> {
    const { tenantId, id, regions } = batch;
    await this.#tenants.note(tenantId);
    const { batchesAtOncePerRegion, batchesKept } = bulkSignInLimits;
    const limits = [nowMilliseconds, batchesAtOncePerRegion, batchesKept];
    const values = [id, JSON.stringify(batch), workOf(batch), ...limits, ...regions];
    const answer = await this.#connection.runScript("begin-bulk-sign-in", keysOf(tenantId), values);
    const [region, ...ids] = answer as string[];
    return region === undefined
      ? { outcome: "begun" }
      : { outcome: "busy", region: region as RegionId, ids };
  }

  async save(batch: BulkSignIn): Promise<boolean> {
    const { tenantId, id, nodeId } = batch;
    const values = [id, JSON.stringify(batch), workOf(batch), nodeId];
    return (await this.#connection.runScript("save-bulk-sign-in", keysOf(tenantId), values)) === 1;
  }

  async find(tenantId: TenantId, id: string): Promise<BulkSignIn | undefined> {
    const text = await this.#connection.run((redis) => redis.hget(batchesKey(tenantId), id));
    return text === null ? undefined : decode(text);
  }

  async list(
    tenantId: TenantId,
    page: { readonly limit: number; readonly cursor?: string },
  ): Promise<Page<BulkSignIn>> {
    const { limit, cursor } = page;
    if (cursor !== undefined && !cursorForm.test(cursor)) return { items: [], nextCursor: null };
    const before = cursor === undefined ? "+inf" : `(${cursor}`;
    const pairs = await this.#connection.run((redis) =>
      redis.zrevrangebyscore(
        ...([orderKey(tenantId), before, "-inf", "WITHSCORES", "LIMIT", 0, limit + 1] as const),
      ),
    );
    const ids = pairs.filter((_, index) => index % 2 === 0).slice(0, limit);
    return {
      items: await this.#readMany(tenantId, ids),
      nextCursor: pairs.length > 2 * limit ? (pairs[2 * limit - 1] ?? null) : null,
    };
  }

  listAtWork(nodeId: string): Promise<readonly BulkSignIn[]> {
    return this.#listAtWorkOf((other) => other === nodeId);
  }

  async listAbandoned(nowMilliseconds: number): Promise<readonly BulkSignIn[]> {
    const alive = await findPollingNodes(this.#connection, nowMilliseconds);
    return this.#listAtWorkOf((nodeId) => !alive.has(nodeId));
  }

  async takeOver(batch: BulkSignIn, nodeId: string): Promise<boolean> {
    if (!isAtWork(batch)) return false;
    const taken = { ...batch, nodeId };
    const values = [batch.id, JSON.stringify(batch), JSON.stringify(taken), workOf(taken)];
    const keys = keysOf(batch.tenantId);
    return (await this.#connection.runScript("take-over-bulk-sign-in", keys, values)) === 1;
  }

  async #listAtWorkOf(isMeant: (nodeId: string) => boolean): Promise<readonly BulkSignIn[]> {
    const found: BulkSignIn[] = [];
    for (const tenantId of await this.#tenants.list()) {
      const works = await this.#connection.run((redis) => redis.hgetall(atWorkKey(tenantId)));
      const ofNode = Object.keys(works).filter((id) =>
        isMeant(workForm.exec(works[id] ?? "")?.[1] ?? ""),
      );
      found.push(...(await this.#readMany(tenantId, ofNode)));
    }
    // One may have ended, or been taken over, in between.
    return found.filter((batch) => isAtWork(batch) && isMeant(batch.nodeId));
  }

  /** Those of them that are there: one may have gone since its id was read. */
  async #readMany(tenantId: TenantId, ids: readonly string[]): Promise<BulkSignIn[]> {
    if (ids.length === 0) return [];
    const key = batchesKey(tenantId);
    const texts = await this.#connection.run((redis) => redis.hmget(key, ...ids));
    return texts.filter((text) => text !== null).map(decode);
  }
}

/** Empty for a batch that has ended. */
function workOf(batch: BulkSignIn): string {
  if (!isAtWork(batch)) return "";
  const regions = batch.regions.length === 0 ? "-" : batch.regions.join(",");
  return `${bulkSignInEndsAtMilliseconds(batch)} ${regions} ${batch.nodeId}`;
}

function decode(text: string): BulkSignIn {
  return JSON.parse(text) as BulkSignIn;
}

function batchesKey(tenantId: TenantId): string {
  return tenantKey(tenantId, "bulk-sign-ins");
}

function orderKey(tenantId: TenantId): string {
  return tenantKey(tenantId, "bulk-sign-ins-in-order");
}

function atWorkKey(tenantId: TenantId): string {
  return tenantKey(tenantId, "bulk-sign-ins-at-work");
}

function keysOf(tenantId: TenantId): string[] {
  return [batchesKey(tenantId), orderKey(tenantId), atWorkKey(tenantId)];
}
