import type { MacAddress } from "../../domain/mac-address.ts";
import type { SignIn, SignInStore } from "../../domain/sign-in.ts";
import type { TenantId } from "../../domain/tenant.ts";
import { findPollingNodes, pollingNodesKey } from "./polling-nodes.ts";
import type { RedisConnection } from "./redis-connection.ts";
import { tenantKey } from "./redis-keys.ts";
import type { TenantsInUse } from "./tenants-in-use.ts";

const signInsPerBatch = 500;

/** Sign-ins in Redis: a hash by MAC address, and one of the nodes of those that are pending. */
export class RedisSignInStore implements SignInStore {
  readonly #connection: RedisConnection;
  readonly #tenants: TenantsInUse;

  constructor(connection: RedisConnection, tenants: TenantsInUse) {
    this.#connection = connection;
    this.#tenants = tenants;
  }

  async find(tenantId: TenantId, macAddress: MacAddress): Promise<SignIn | undefined> {
    const key = signInsKey(tenantId);
    const text = await this.#connection.run((redis) => redis.hget(key, macAddress));
    return text === null ? undefined : decode(text);
  }

  async put(signIn: SignIn): Promise<void> {
    const { tenantId, macAddress, status, nodeId } = signIn;
    await this.#tenants.note(tenantId);
    const node = status === "pending" ? [nodeId] : [];
    const values = [macAddress, encode(signIn), ...node];
    await this.#connection.runScript("put-sign-in", keysOf(tenantId), values);
  }

  async settle(signIn: SignIn): Promise<boolean> {
    const { tenantId, macAddress, id } = signIn;
    const values = [macAddress, id, encode(signIn)];
    return (await this.#connection.runScript("settle-sign-in", keysOf(tenantId), values)) === 1;
  }

  listPending(nodeId: string): Promise<readonly SignIn[]> {
    return this.#listPendingOf((other) => other === nodeId);
  }

  async keepAlive(
    nodeId: string,
    nowMilliseconds: number,
    untilMilliseconds: number,
  ): Promise<void> {
    await this.#connection.run((redis) => redis.zadd(pollingNodesKey, untilMilliseconds, nodeId));
    await this.#connection.run((redis) =>
      redis.zremrangebyscore(pollingNodesKey, "-inf", nowMilliseconds),
    );
  }

  async listAbandoned(nowMilliseconds: number): Promise<readonly SignIn[]> {
    const alive = await findPollingNodes(this.#connection, nowMilliseconds);
    return this.#listPendingOf((nodeId) => !alive.has(nodeId));
  }

  async takeOver(signIn: SignIn, nodeId: string): Promise<boolean> {
    if (signIn.status !== "pending") return false;
    const { tenantId, macAddress } = signIn;
    const values = [macAddress, encode(signIn), encode({ ...signIn, nodeId }), nodeId];
    return (await this.#connection.runScript("take-over-sign-in", keysOf(tenantId), values)) === 1;
  }

  async #listPendingOf(isMeant: (nodeId: string) => boolean): Promise<readonly SignIn[]> {
    const found: SignIn[] = [];
    for (const tenantId of await this.#tenants.list()) {
      const nodes = await this.#connection.run((redis) => redis.hgetall(pendingKey(tenantId)));
      const ofNode = Object.keys(nodes).filter((macAddress) => isMeant(nodes[macAddress] ?? ""));
      for (let start = 0; start < ofNode.length; start += signInsPerBatch) {
        const batch = ofNode.slice(start, start + signInsPerBatch);
        found.push(...(await this.#readMany(tenantId, batch)));
      }
    }
    // One may have ended, or been replaced by another node's, in between.
    return found.filter((signIn) => signIn.status === "pending" && isMeant(signIn.nodeId));
  }

  async remove(tenantId: TenantId, macAddress: MacAddress): Promise<void> {
    await this.#connection.runScript("remove-sign-in", keysOf(tenantId), [macAddress]);
  }

  async #readMany(tenantId: TenantId, macAddresses: readonly string[]): Promise<SignIn[]> {
    const key = signInsKey(tenantId);
    const texts = await this.#connection.run((redis) => redis.hmget(key, ...macAddresses));
    return texts.filter((text) => text !== null).map(decode);
  }
}

/** Status and id stand before the document, for the scripts. */
function encode(signIn: SignIn): string {
  return `${signIn.status} ${signIn.id} ${JSON.stringify(signIn)}`;
}

function decode(text: string): SignIn {
  return JSON.parse(text.slice(text.indexOf("{"))) as SignIn;
}

function signInsKey(tenantId: TenantId): string {
  return tenantKey(tenantId, "sign-ins");
}

function pendingKey(tenantId: TenantId): string {
  return tenantKey(tenantId, "sign-ins-pending");
}

function keysOf(tenantId: TenantId): string[] {
  return [signInsKey(tenantId), pendingKey(tenantId)];
}
