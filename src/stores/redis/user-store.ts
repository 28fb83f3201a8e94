import type { Page } from "../../domain/device.ts";
import type { TenantId } from "../../domain/tenant.ts";
import type { CallHandling, User, UserStore } from "../../domain/user.ts";
import { fold } from "../fold.ts";
import { readUserDocument, writeUserDocument } from "../stored-documents.ts";
import { searchTextOfUser } from "../user-search.ts";
import { groupByTenant } from "./group-by-tenant.ts";
import type { RedisConnection } from "./redis-connection.ts";
import { pairRange, tenantKey } from "./redis-keys.ts";

const mostUsersPerBatch = 500;
const mostTries = 10;

/** Users in Redis: a hash of documents by UPN, an order of UPNs, and one of phone number and UPN. */
export class RedisUserStore implements UserStore {
  readonly #connection: RedisConnection;

  constructor(connection: RedisConnection) {
    this.#connection = connection;
  }

  async find(tenantId: TenantId, upn: string): Promise<User | undefined> {
    const key = usersKey(tenantId);
    const document = await this.#connection.run((redis) => redis.hget(key, upn));
    return document === null ? undefined : readUserDocument(document);
  }

  async findMany(
    tenantId: TenantId,
    upns: readonly string[],
  ): Promise<readonly (User | undefined)[]> {
    const found: (User | undefined)[] = [];
    for (let start = 0; start < upns.length; start += mostUsersPerBatch) {
      const documents = await this.#readDocuments(
        tenantId,
        upns.slice(start, start + mostUsersPerBatch),
      );
      for (const document of documents) {
        found.push(document === null ? undefined : readUserDocument(document));
      }
    }
    return found;
  }

  async findByPhoneNumber(tenantId: TenantId, phoneNumber: string): Promise<User | undefined> {
    const key = tenantKey(tenantId, "users-by-phone-number");
    const range = pairRange(phoneNumber);
    const [member] = await this.#connection.run((redis) =>
      redis.zrangebylex(key, ...range, "LIMIT", 0, 1),
    );
    if (member === undefined) return undefined;
    const found = await this.find(tenantId, member.slice(range[0].length - 1));
    return found?.phoneNumber === phoneNumber ? found : undefined;
  }

  async list(
    tenantId: TenantId,
    query: { readonly search?: string; readonly limit: number; readonly cursor?: string },
  ): Promise<Page<User>> {
    const search = fold(query.search ?? "");
    const batchSize = search === "" ? Math.min(query.limit + 1, 1000) : mostUsersPerBatch;
    const found: User[] = [];
    let after = query.cursor ?? "";
    for (;;) {
      const upns = await this.#upnsAfter(tenantId, after, batchSize);
      for (const user of await this.#readMany(tenantId, upns)) {
        if (search !== "" && !searchTextOfUser(user).includes(search)) continue;
        if (found.length === query.limit) {
          return { items: found, nextCursor: found.at(-1)?.upn ?? null };
        }
        found.push(user);
      }
      if (upns.length < batchSize) return { items: found, nextCursor: null };
      after = upns.at(-1) ?? after;
    }
  }

  async putMany(users: readonly User[]): Promise<void> {
    for (const [tenantId, ofTenant] of groupByTenant(users)) {
      const values = ofTenant.flatMap((user) => [user.upn, writeUserDocument(user)]);
      await this.#connection.runScript("put-users", keysOf(tenantId), values);
    }
  }

  async putWithOwnNumber(user: User): Promise<string | undefined> {
    const values = [user.upn, writeUserDocument(user)];
    const keys = keysOf(user.tenantId);
    const holder = await this.#connection.runScript("put-user-with-own-number", keys, values);
    return holder === null ? undefined : String(holder);
  }

  async setCallHandling(
    tenantId: TenantId,
    upn: string,
    changes: Partial<CallHandling>,
  ): Promise<boolean> {
    const key = usersKey(tenantId);
    for (let tries = 0; tries < mostTries; tries++) {
      const former = await this.#connection.run((redis) => redis.hget(key, upn));
      if (former === null) return false;
      const document = writeUserDocument({ ...readUserDocument(former), ...changes });
      const written = await this.#connection.runScript(
        "change-user",
        [key],
        [upn, former, document],
      );
      if (written === 1) return true;
    }
    throw new Error(`User ${upn} changes too often to be changed.`);
  }

  async remove(tenantId: TenantId, upn: string): Promise<boolean> {
    return (await this.#connection.runScript("remove-user", keysOf(tenantId), [upn])) === 1;
  }

  async #upnsAfter(tenantId: TenantId, after: string, count: number): Promise<string[]> {
    const key = orderKey(tenantId);
    const start = after === "" ? "-" : `(${after}`;
    return this.#connection.run((redis) => redis.zrangebylex(key, start, "+", "LIMIT", 0, count));
  }

  /** Those of them that are there: one may have gone since the order was read. */
  async #readMany(tenantId: TenantId, upns: readonly string[]): Promise<User[]> {
    const documents = await this.#readDocuments(tenantId, upns);
    return documents.filter((document) => document !== null).map(readUserDocument);
  }

  async #readDocuments(
    tenantId: TenantId,
    upns: readonly string[],
  ): Promise<readonly (string | null)[]> {
    if (upns.length === 0) return [];
    const key = usersKey(tenantId);
    return this.#connection.run((redis) => redis.hmget(key, ...upns));
  }
}

function usersKey(tenantId: TenantId): string {
  return tenantKey(tenantId, "users");
}

function orderKey(tenantId: TenantId): string {
  return tenantKey(tenantId, "users-in-order");
}

function keysOf(tenantId: TenantId): string[] {
  return [usersKey(tenantId), tenantKey(tenantId, "users-by-phone-number"), orderKey(tenantId)];
}
