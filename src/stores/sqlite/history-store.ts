import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Page } from "../../domain/device.ts";
import { type DeviceEvent, eventsKeptPerDevice, type HistoryStore } from "../../domain/history.ts";
import type { MacAddress } from "../../domain/mac-address.ts";
import type { TenantId } from "../../domain/tenant.ts";
import type { GroupCommit } from "./group-commit.ts";

/** Histories in SQLite: a device's events are numbered as they come, and a cursor is such a number. */
export class SqliteHistoryStore implements HistoryStore {
  readonly #group: GroupCommit;
  readonly #lastNumber: StatementSync;
  readonly #insert: StatementSync;
  readonly #removeUpTo: StatementSync;
  readonly #list: StatementSync;

  constructor(database: DatabaseSync, group: GroupCommit) {
    this.#group = group;
    this.#lastNumber = database.prepare(
      `SELECT number FROM device_events WHERE tenant_id = ? AND mac_address = ?
       ORDER BY number DESC LIMIT 1`,
    );
    this.#insert = database.prepare(
      "INSERT INTO device_events (tenant_id, mac_address, number, document) VALUES (?, ?, ?, ?)",
    );
    this.#removeUpTo = database.prepare(
      "DELETE FROM device_events WHERE tenant_id = ? AND mac_address = ? AND number <= ?",
    );
    this.#list = database.prepare(
      `SELECT number, document FROM device_events
       WHERE tenant_id = ? AND mac_address = ? AND number < ? ORDER BY number DESC LIMIT ?`,
    );
  }

  append(event: DeviceEvent): Promise<void> {
    const { tenantId, macAddress } = event;
    return this.#group.writeSeveral(() => {
      const number = Number(this.#lastNumber.get(tenantId, macAddress)?.number ?? 0) + 1;
      this.#insert.run(tenantId, macAddress, number, JSON.stringify(event));
      if (number > eventsKeptPerDevice) {
        this.#removeUpTo.run(tenantId, macAddress, number - eventsKeptPerDevice);
      }
    });
  }

  list(
    tenantId: TenantId,
    macAddress: MacAddress,
    page: { readonly limit: number; readonly cursor?: string },
  ): Promise<Page<DeviceEvent>> {
    return this.#group.read(() => {
      const before = page.cursor === undefined ? Number.MAX_SAFE_INTEGER : Number(page.cursor);
      if (!Number.isSafeInteger(before)) return { items: [], nextCursor: null };
      const rows = this.#list.all(tenantId, macAddress, before, page.limit + 1);
      const onPage = rows.slice(0, page.limit);
      return {
        items: onPage.map((row) => JSON.parse(String(row.document)) as DeviceEvent),
        nextCursor: rows.length > page.limit ? String(onPage.at(-1)?.number) : null,
      };
    });
  }
}
