import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import { setImmediate } from "node:timers/promises";
import {
  type Device,
  type DeviceQuery,
  type DeviceState,
  type DeviceStore,
  deviceStates,
  type Page,
  type Versioned,
} from "../../domain/device.ts";
import type { MacAddress } from "../../domain/mac-address.ts";
import type { TenantId } from "../../domain/tenant.ts";
import { searchTextOf } from "../device-search.ts";
import { firstRevision } from "../first-revision.ts";
import { fold } from "../fold.ts";
import { completeDevice } from "../stored-documents.ts";
import type { GroupCommit } from "./group-commit.ts";

/** Rows looked at in one go; between two batches other work has its turn. */
const rowsPerBatch = 1000;

/** Tells whether a live binding stands for a device. */
export interface OnlineDevices {
  isOnline(tenantId: TenantId, macAddress: MacAddress, nowMilliseconds: number): boolean;
}

/** Devices in SQLite. */
export class SqliteDeviceStore implements DeviceStore {
  readonly #group: GroupCommit;
  readonly #online: OnlineDevices;
  readonly #find: StatementSync;
  readonly #insert: StatementSync;
  readonly #replace: StatementSync;
  readonly #remove: StatementSync;
  readonly #list: StatementSync;
  readonly #listByState: StatementSync;
  readonly #listByUser: StatementSync;
  readonly #count: StatementSync;

  constructor(database: DatabaseSync, group: GroupCommit, online: OnlineDevices) {
    this.#group = group;
    this.#online = online;
    this.#find = database.prepare(
      "SELECT document, revision FROM devices WHERE tenant_id = ? AND mac_address = ?",
    );
    this.#insert = database.prepare(
      `INSERT INTO devices (tenant_id, mac_address, state, upn, search_text, document, revision)
       VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    );
    this.#replace = database.prepare(
      `UPDATE devices SET state = ?, upn = ?, search_text = ?, document = ?,
         revision = revision + 1
       WHERE tenant_id = ? AND mac_address = ? AND revision = ?`,
    );
    this.#remove = database.prepare("DELETE FROM devices WHERE tenant_id = ? AND mac_address = ?");
    this.#list = database.prepare(listStatement(""));
    this.#listByState = database.prepare(listStatement("AND state = $state"));
    this.#listByUser = database.prepare(
      "SELECT document FROM devices WHERE tenant_id = ? AND upn = ? ORDER BY mac_address",
    );
    this.#count = database.prepare(
      "SELECT state, count(*) AS devices FROM devices WHERE tenant_id = ? GROUP BY state",
    );
  }

  find(tenantId: TenantId, macAddress: MacAddress): Promise<Versioned<Device> | undefined> {
    return this.#group.read(() => {
      const row = this.#find.get(tenantId, macAddress);
      if (row === undefined) return undefined;
      return {
        value: asDevice(String(row.document)),
        revision: Number(row.revision),
      };
    });
  }

  insert(device: Device): Promise<boolean> {
    return this.#group.write(() => {
      const { tenantId, macAddress } = device;
      const values = [tenantId, macAddress, ...columnsOf(device), firstRevision()];
      return this.#insert.run(...values).changes === 1;
    });
  }

  replace(device: Device, expectedRevision: number): Promise<boolean> {
    return this.#group.write(() => this.replaceNow(device, expectedRevision));
  }

  /** The same within a write of another store, which a redeemed code needs. */
  replaceNow(device: Device, expectedRevision: number): boolean {
    const { tenantId, macAddress } = device;
    const values = [...columnsOf(device), tenantId, macAddress, expectedRevision];
    return this.#replace.run(...values).changes === 1;
  }

  remove(tenantId: TenantId, macAddress: MacAddress): Promise<boolean> {
    return this.#group.write(() => this.#remove.run(tenantId, macAddress).changes === 1);
  }

  async list(tenantId: TenantId, query: DeviceQuery): Promise<Page<Device>> {
    const found: Device[] = [];
    let after = query.cursor ?? "";
    for (;;) {
      const batch = await this.#group.read(() => this.#readBatch(tenantId, query, after));
      for (const { macAddress, document } of batch) {
        if (!this.#matchesOnline(tenantId, macAddress, query)) continue;
        if (found.length === query.limit) {
          return { items: found, nextCursor: found.at(-1)?.macAddress ?? null };
        }
        found.push(asDevice(document));
      }
      if (batch.length < batchSize(query)) return { items: found, nextCursor: null };
      after = batch.at(-1)?.macAddress ?? after;
      await setImmediate();
    }
  }

  listByUser(tenantId: TenantId, upn: string): Promise<readonly Device[]> {
    return this.#group.read(() =>
      this.#listByUser.all(tenantId, upn).map((row) => asDevice(String(row.document))),
    );
  }

  countByState(tenantId: TenantId): Promise<Readonly<Record<DeviceState, number>>> {
    return this.#group.read(() => {
      const counts = new Map<unknown, number>();
      for (const row of this.#count.all(tenantId)) counts.set(row.state, Number(row.devices));
      const entries = deviceStates.map((state) => [state, counts.get(state) ?? 0]);
      return Object.fromEntries(entries) as Record<DeviceState, number>;
    });
  }

  #readBatch(
    tenantId: TenantId,
    query: DeviceQuery,
    after: string,
  ): { macAddress: MacAddress; document: string }[] {
    const values: Record<string, SQLInputValue> = {
      tenantId,
      after,
      search: fold(query.search ?? ""),
      limit: batchSize(query),
    };
    const statement = query.state === undefined ? this.#list : this.#listByState;
    if (query.state !== undefined) values.state = query.state;
    return statement.all(values) as { macAddress: MacAddress; document: string }[];
  }

  #matchesOnline(tenantId: TenantId, macAddress: MacAddress, query: DeviceQuery): boolean {
    if (query.online === undefined) return true;
    return query.online === this.#online.isOnline(tenantId, macAddress, query.nowMilliseconds);
  }
}

function listStatement(condition: string): string {
  return `SELECT mac_address AS macAddress, document FROM devices
    WHERE tenant_id = $tenantId AND mac_address > $after ${condition}
      AND ($search = '' OR instr(search_text, $search) > 0)
    ORDER BY mac_address LIMIT $limit`;
}

/** One more than the page asks for tells whether another page follows. */
function batchSize(query: DeviceQuery): number {
  return query.online === undefined ? query.limit + 1 : rowsPerBatch;
}

function columnsOf(device: Device): [string, string | null, string, string] {
  return [device.state, device.upn, searchTextOf(device), JSON.stringify(device)];
}

function asDevice(document: string): Device {
  return completeDevice(JSON.parse(document) as Device);
}
