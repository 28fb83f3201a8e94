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
import type { OnlineDevices } from "./binding-store.ts";
import type { RedisConnection } from "./redis-connection.ts";
import {
  deviceOrderKey,
  deviceOrderKeys,
  deviceUserKeys,
  pairRange,
  tenantKey,
} from "./redis-keys.ts";
import { decodeVersioned, encodeVersioned } from "./versioned-text.ts";

const mostDevicesPerBatch = 500;

/** Devices in Redis: a hash of documents by MAC address, and an order of all and of each state. */
export class RedisDeviceStore implements DeviceStore {
  readonly #connection: RedisConnection;
  readonly #online: OnlineDevices;

  constructor(connection: RedisConnection, online: OnlineDevices) {
    this.#connection = connection;
    this.#online = online;
  }

  async find(tenantId: TenantId, macAddress: MacAddress): Promise<Versioned<Device> | undefined> {
    const key = devicesKey(tenantId);
    const text = await this.#connection.run((redis) => redis.hget(key, macAddress));
    if (text === null) return undefined;
    const { value, revision } = decodeVersioned<Device>(text);
    return { value: completeDevice(value), revision };
  }

  async insert(device: Device): Promise<boolean> {
    const { tenantId, macAddress, state, upn } = device;
    const orders = [orderKey(tenantId), deviceOrderKey(tenantId, state)];
    const inserted = await this.#connection.runScript(
      "insert-device",
      [devicesKey(tenantId), ...deviceUserKeys(tenantId), ...orders],
      [macAddress, encodeVersioned(device, firstRevision()), upn ?? ""],
    );
    return inserted === 1;
  }

  async replace(device: Device, expectedRevision: number): Promise<boolean> {
    const { tenantId, macAddress, state, upn } = device;
    const text = encodeVersioned(device, expectedRevision + 1);
    const replaced = await this.#connection.runScript(
      "replace-device",
      [devicesKey(tenantId), ...deviceUserKeys(tenantId), ...deviceOrderKeys(tenantId, state)],
      [macAddress, expectedRevision, text, upn ?? ""],
    );
    return replaced === 1;
  }

  async remove(tenantId: TenantId, macAddress: MacAddress): Promise<boolean> {
    const orders = [orderKey(tenantId), ...deviceOrderKeys(tenantId, "seen")];
    const removed = await this.#connection.runScript(
      "remove-device",
      [devicesKey(tenantId), ...deviceUserKeys(tenantId), ...orders],
      [macAddress],
    );
    return removed === 1;
  }

  async list(tenantId: TenantId, query: DeviceQuery): Promise<Page<Device>> {
    const found: Device[] = [];
    const isFiltered = query.search !== undefined || query.online !== undefined;
    const batchSize = isFiltered ? mostDevicesPerBatch : Math.min(query.limit + 1, 1000);
    let after = query.cursor ?? "";
    for (;;) {
      const macAddresses = await this.#macAddressesAfter(tenantId, query.state, after, batchSize);
      for (const device of await this.#readMatching(tenantId, macAddresses, query)) {
        if (found.length === query.limit) {
          return { items: found, nextCursor: found.at(-1)?.macAddress ?? null };
        }
        found.push(device);
      }
      if (macAddresses.length < batchSize) return { items: found, nextCursor: null };
      after = macAddresses.at(-1) ?? after;
    }
  }

  async listByUser(tenantId: TenantId, upn: string): Promise<readonly Device[]> {
    const [start, end] = pairRange(upn);
    const [, byUserKey] = deviceUserKeys(tenantId);
    const members = await this.#connection.run((redis) => redis.zrangebylex(byUserKey, start, end));
    const devices: Device[] = [];
    for (let first = 0; first < members.length; first += mostDevicesPerBatch) {
      const batch = members.slice(first, first + mostDevicesPerBatch);
      const macAddresses = batch.map((member) => member.slice(start.length - 1));
      devices.push(...(await this.#readMany(tenantId, macAddresses)));
    }
    return devices.filter((device) => device.upn === upn);
  }

  async countByState(tenantId: TenantId): Promise<Readonly<Record<DeviceState, number>>> {
    const entries = await this.#connection.run((redis) =>
      Promise.all(
        deviceStates.map(async (state) => [
          state,
          await redis.zcard(deviceOrderKey(tenantId, state)),
        ]),
      ),
    );
    return Object.fromEntries(entries) as Record<DeviceState, number>;
  }

  async #macAddressesAfter(
    tenantId: TenantId,
    state: DeviceState | undefined,
    after: string,
    count: number,
  ): Promise<MacAddress[]> {
    const key = state === undefined ? orderKey(tenantId) : deviceOrderKey(tenantId, state);
    const start = after === "" ? "-" : `(${after}`;
    const members = await this.#connection.run((redis) =>
      redis.zrangebylex(key, start, "+", "LIMIT", 0, count),
    );
    return members as MacAddress[];
  }

  async #readMatching(
    tenantId: TenantId,
    macAddresses: readonly MacAddress[],
    query: DeviceQuery,
  ): Promise<Device[]> {
    const wanted = await this.#filterByOnline(tenantId, macAddresses, query);
    if (wanted.length === 0) return [];
    const search = fold(query.search ?? "");
    // A device may have changed its state since the order was read.
    return (await this.#readMany(tenantId, wanted))
      .filter((device) => query.state === undefined || device.state === query.state)
      .filter((device) => search === "" || searchTextOf(device).includes(search));
  }

  /** Those of them that are there: one may have gone since the order was read. */
  async #readMany(tenantId: TenantId, macAddresses: readonly string[]): Promise<Device[]> {
    const key = devicesKey(tenantId);
    const texts = await this.#connection.run((redis) => redis.hmget(key, ...macAddresses));
    return texts
      .filter((text) => text !== null)
      .map((text) => completeDevice(decodeVersioned<Device>(text).value));
  }

  async #filterByOnline(
    tenantId: TenantId,
    macAddresses: readonly MacAddress[],
    query: DeviceQuery,
  ): Promise<readonly MacAddress[]> {
    if (query.online === undefined || macAddresses.length === 0) return macAddresses;
    const online = await this.#online.areOnline(tenantId, macAddresses, query.nowMilliseconds);
    return macAddresses.filter((_, index) => online[index] === query.online);
  }
}

/** The hash of devices by MAC address. */
export function devicesKey(tenantId: TenantId): string {
  return tenantKey(tenantId, "devices");
}

function orderKey(tenantId: TenantId): string {
  return tenantKey(tenantId, "devices-in-order");
}
