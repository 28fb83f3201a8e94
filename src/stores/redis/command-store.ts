import {
  type Command,
  type CommandStatus,
  type CommandStore,
  commandsKeptPerDevice,
} from "../../domain/command.ts";
import type { MacAddress } from "../../domain/mac-address.ts";
import type { TenantId } from "../../domain/tenant.ts";
import type { RedisConnection } from "./redis-connection.ts";
import { tenantKey } from "./redis-keys.ts";

/** `status sentAt document`, with a hyphen for a command that was not sent. */
const storedForm = /^(\S+) (\S+) (.*)$/s;

/** Commands in Redis: for each device a hash by id, and the order in which they came. */
export class RedisCommandStore implements CommandStore {
  readonly #connection: RedisConnection;

  constructor(connection: RedisConnection) {
    this.#connection = connection;
  }

  async append(command: Command): Promise<void> {
    const { tenantId, macAddress, id } = command;
    const values = [id, encode(command), commandsKeptPerDevice];
    await this.#connection.runScript("append-command", keysOf(tenantId, macAddress), values);
  }

  async find(tenantId: TenantId, macAddress: MacAddress, id: string): Promise<Command | undefined> {
    const key = commandsKey(tenantId, macAddress);
    const text = await this.#connection.run((redis) => redis.hget(key, id));
    return text === null ? undefined : decode(text);
  }

  async list(tenantId: TenantId, macAddress: MacAddress): Promise<readonly Command[]> {
    const [commandsKey, orderKey] = keysOf(tenantId, macAddress);
    const ids = await this.#connection.run((redis) => redis.zrevrange(orderKey, 0, -1));
    if (ids.length === 0) return [];
    const texts = await this.#connection.run((redis) => redis.hmget(commandsKey, ...ids));
    // One may have been dropped for a newer one since the order was read.
    return texts.flatMap((text) => (text === null ? [] : [decode(text)]));
  }

  async takeNext(
    tenantId: TenantId,
    macAddress: MacAddress,
    nowMilliseconds: number,
    sentAfterMilliseconds: number,
  ): Promise<Command | undefined> {
    const values = [nowMilliseconds, sentAfterMilliseconds];
    const keys = keysOf(tenantId, macAddress);
    const text = await this.#connection.runScript("take-command", keys, values);
    return text === null ? undefined : decode(String(text));
  }

  async reclaim(
    tenantId: TenantId,
    macAddress: MacAddress,
    sentBeforeMilliseconds: number,
  ): Promise<boolean> {
    const keys = [commandsKey(tenantId, macAddress)];
    const left = await this.#connection.runScript("reclaim-commands", keys, [
      sentBeforeMilliseconds,
    ]);
    return Number(left) > 0;
  }

  async settle(command: Command): Promise<void> {
    const { tenantId, macAddress, id } = command;
    const keys = [commandsKey(tenantId, macAddress)];
    await this.#connection.runScript("change-sent-command", keys, [id, encode(command)]);
  }

  requeue(command: Command): Promise<void> {
    return this.settle({ ...command, status: "queued", sentAtMilliseconds: null });
  }

  async removeByDevice(tenantId: TenantId, macAddress: MacAddress): Promise<void> {
    await this.#connection.run((redis) => redis.del(...keysOf(tenantId, macAddress)));
  }
}

function encode(command: Command): string {
  const { status, sentAtMilliseconds } = command;
  return `${status} ${sentAtMilliseconds ?? "-"} ${JSON.stringify(command)}`;
}

/** A command that was taken stands so before its document alone. */
function decode(text: string): Command {
  const [, status, sentAt, document = ""] = storedForm.exec(text) ?? [];
  const sentAtMilliseconds = sentAt === "-" ? null : Number(sentAt);
  return {
    ...(JSON.parse(document) as Command),
    status: status as CommandStatus,
    sentAtMilliseconds,
  };
}

function commandsKey(tenantId: TenantId, macAddress: MacAddress): string {
  return tenantKey(tenantId, `commands:${macAddress}`);
}

function keysOf(tenantId: TenantId, macAddress: MacAddress): [string, string] {
  return [
    commandsKey(tenantId, macAddress),
    tenantKey(tenantId, `commands-in-order:${macAddress}`),
  ];
}
