import {
  type Administrator,
  type AdministratorRole,
  type AdministratorStore,
  mostAdministrators,
} from "../../domain/administrator.ts";
import type { TenantId } from "../../domain/tenant.ts";
import { fold } from "../fold.ts";
import type { RedisConnection } from "./redis-connection.ts";
import { tenantKey } from "./redis-keys.ts";

/**
 * Administrators in Redis: a hash by folded name, all of which are listed at once, so that no order
 * is kept; and one that leads from a token's hash to the folded name.
 */
export class RedisAdministratorStore implements AdministratorStore {
  readonly #connection: RedisConnection;

  constructor(connection: RedisConnection) {
    this.#connection = connection;
  }

  async insert(administrator: Administrator): Promise<"inserted" | "exists" | "full"> {
    const { tenantId, name, tokenHash } = administrator;
    const token = tokenHash === null ? [] : [tokenHash];
    const values = [fold(name), encode(administrator), mostAdministrators, ...token];
    const outcome = await this.#connection.runScript(
      "insert-administrator",
      keysOf(tenantId),
      values,
    );
    return outcome as "inserted" | "exists" | "full";
  }

  async find(tenantId: TenantId, name: string): Promise<Administrator | undefined> {
    const key = administratorsKey(tenantId);
    const text = await this.#connection.run((redis) => redis.hget(key, fold(name)));
    return text === null ? undefined : decode(text);
  }

  async findByTokenHash(tenantId: TenantId, tokenHash: string): Promise<Administrator | undefined> {
    const key = tokensKey(tenantId);
    const name = await this.#connection.run((redis) => redis.hget(key, tokenHash));
    if (name === null) return undefined;
    // He may have been removed, and another added by that name, in between.
    const found = await this.find(tenantId, name);
    return found?.tokenHash === tokenHash ? found : undefined;
  }

  async list(tenantId: TenantId): Promise<readonly Administrator[]> {
    const key = administratorsKey(tenantId);
    const byName = await this.#connection.run((redis) => redis.hgetall(key));
    return Object.entries(byName)
      .sort(([one], [other]) => Buffer.compare(Buffer.from(one), Buffer.from(other)))
      .map(([, text]) => decode(text));
  }

  async changeRole(
    tenantId: TenantId,
    name: string,
    role: AdministratorRole,
  ): Promise<Administrator | undefined> {
    const keys = [administratorsKey(tenantId)];
    const values = [fold(name), role];
    const text = await this.#connection.runScript("change-administrator-role", keys, values);
    return text === null ? undefined : decode(String(text));
  }

  async remove(tenantId: TenantId, name: string): Promise<boolean> {
    const values = [fold(name)];
    return (
      (await this.#connection.runScript("remove-administrator", keysOf(tenantId), values)) === 1
    );
  }
}

/** Role and the token's hash stand before the document, for the scripts. */
function encode({ role, ...document }: Administrator): string {
  return `${role} ${document.tokenHash ?? "-"} ${JSON.stringify(document)}`;
}

function decode(text: string): Administrator {
  const document = JSON.parse(text.slice(text.indexOf("{"))) as Omit<Administrator, "role">;
  return { ...document, role: text.slice(0, text.indexOf(" ")) as AdministratorRole };
}

function administratorsKey(tenantId: TenantId): string {
  return tenantKey(tenantId, "administrators");
}

function tokensKey(tenantId: TenantId): string {
  return tenantKey(tenantId, "administrators-by-token");
}

function keysOf(tenantId: TenantId): string[] {
  return [administratorsKey(tenantId), tokensKey(tenantId)];
}
