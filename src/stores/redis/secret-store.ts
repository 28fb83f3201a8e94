import type { SecretStore } from "../../domain/stores.ts";
import type { RedisConnection } from "./redis-connection.ts";
import { gatewayKey } from "./redis-keys.ts";

const secretsKey = gatewayKey("secrets");

/** Shared secrets in Redis, in base64: who may read the Redis has them. */
export class RedisSecretStore implements SecretStore {
  readonly #connection: RedisConnection;

  constructor(connection: RedisConnection) {
    this.#connection = connection;
  }

  async ensure(name: string, candidate: Buffer): Promise<Buffer> {
    // Once a secret is there it stays, so that the two commands need no script.
    const text = candidate.toString("base64");
    await this.#connection.run((redis) => redis.hsetnx(secretsKey, name, text));
    const stored = await this.#connection.run((redis) => redis.hget(secretsKey, name));
    return Buffer.from(stored ?? text, "base64");
  }
}
