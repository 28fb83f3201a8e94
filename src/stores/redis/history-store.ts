import type { Page } from "../../domain/device.ts";
import { type DeviceEvent, eventsKeptPerDevice, type HistoryStore } from "../../domain/history.ts";
import type { MacAddress } from "../../domain/mac-address.ts";
import type { TenantId } from "../../domain/tenant.ts";
import type { RedisConnection } from "./redis-connection.ts";
import { tenantKey } from "./redis-keys.ts";

const entryIdForm = /^[0-9]{1,20}(-[0-9]{1,20})?$/;

/** Histories in Redis: a stream for each device; a cursor is the id of a stream's entry. */
export class RedisHistoryStore implements HistoryStore {
  readonly #connection: RedisConnection;

  constructor(connection: RedisConnection) {
    this.#connection = connection;
  }

  async append(event: DeviceEvent): Promise<void> {
    const key = historyKey(event.tenantId, event.macAddress);
    const document = JSON.stringify(event);
    await this.#connection.run((redis) =>
      redis.xadd(key, "MAXLEN", "=", eventsKeptPerDevice, "*", "event", document),
    );
  }

  async list(
    tenantId: TenantId,
    macAddress: MacAddress,
    page: { readonly limit: number; readonly cursor?: string },
  ): Promise<Page<DeviceEvent>> {
    const { limit, cursor } = page;
    if (cursor !== undefined && !entryIdForm.test(cursor)) return { items: [], nextCursor: null };
    const newest = cursor === undefined ? "+" : `(${cursor}`;
    const entries = await this.#connection.run((redis) =>
      redis.xrevrange(historyKey(tenantId, macAddress), newest, "-", "COUNT", limit + 1),
    );
    const onPage = entries.slice(0, limit);
    return {
      items: onPage.map(([, fields]) => JSON.parse(fields[1] ?? "") as DeviceEvent),
      nextCursor: entries.length > limit ? (onPage.at(-1)?.[0] ?? null) : null,
    };
  }
}

function historyKey(tenantId: TenantId, macAddress: MacAddress): string {
  return tenantKey(tenantId, `history:${macAddress}`);
}
