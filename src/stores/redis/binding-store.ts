import type {
  Binding,
  BindingDecision,
  BindingQuery,
  BindingStore,
  DeviceRegistration,
} from "../../domain/binding.ts";
import type { Page, Versioned } from "../../domain/device.ts";
import type { MacAddress } from "../../domain/mac-address.ts";
import { StoreUnavailableError } from "../../domain/stores.ts";
import type { TenantId } from "../../domain/tenant.ts";
import { BindingPage, placeOfCursor } from "../binding-page.ts";
import { liveBindings, registrationOver } from "../binding-rules.ts";
import { firstRevision } from "../first-revision.ts";
import { bindingKeys, bindingWriteValues } from "./binding-write.ts";
import type { RedisConnection } from "./redis-connection.ts";
import type { TenantsInUse } from "./tenants-in-use.ts";
import { decodeVersioned } from "./versioned-text.ts";

/** Each try that fails means that another write succeeded, so this many are more than an AOR ever sees. */
const mostTries = 1000;
const aorsPerBatch = 200;

/** Tells which devices have a live binding. */
export interface OnlineDevices {
  /** In the order of the devices given. */
  areOnline(
    tenantId: TenantId,
    macAddresses: readonly MacAddress[],
    nowMilliseconds: number,
  ): Promise<readonly boolean[]>;
}

/**
 * Bindings in Redis: a hash from AOR to all its bindings with a revision. A change reads them,
 * decides here, and a script writes the result if the revision is still the same; else again.
 */
export class RedisBindingStore implements BindingStore, OnlineDevices {
  readonly #connection: RedisConnection;
  readonly #tenants: TenantsInUse;

  constructor(connection: RedisConnection, tenants: TenantsInUse) {
    this.#connection = connection;
    this.#tenants = tenants;
  }

  update<Decision extends BindingDecision>(
    tenantId: TenantId,
    aor: string,
    nowMilliseconds: number,
    decide: (current: readonly Binding[]) => Decision,
  ): Promise<Decision> {
    return this.#change(tenantId, aor, (stored) => decide(liveBindings(stored, nowMilliseconds)));
  }

  async find(
    tenantId: TenantId,
    aor: string,
    nowMilliseconds: number,
  ): Promise<readonly Binding[]> {
    const stored = await this.#read(tenantId, aor);
    return liveBindings(stored?.value ?? [], nowMilliseconds);
  }

  async list(tenantId: TenantId, query: BindingQuery): Promise<Page<Binding>> {
    const place = placeOfCursor(query.cursor);
    const page = new BindingPage(query.limit, place);
    let start = `[${place.aor}`;
    for (;;) {
      const aors = await this.#aorsFrom(tenantId, query, start);
      const stored = await this.#readMany(tenantId, aors);
      for (const [index, aor] of aors.entries()) {
        const live = liveBindings(stored[index] ?? [], query.nowMilliseconds).filter(
          (binding) => query.macAddress === undefined || binding.macAddress === query.macAddress,
        );
        if (!page.add(aor, live)) return page.finish();
      }
      if (query.aor !== undefined || aors.length < aorsPerBatch) return page.finish();
      start = `(${aors.at(-1)}`;
    }
  }

  async registrationsOf(
    tenantId: TenantId,
    macAddresses: readonly MacAddress[],
    nowMilliseconds: number,
  ): Promise<readonly (DeviceRegistration | undefined)[]> {
    const aorsOfEach = await Promise.all(
      macAddresses.map((macAddress) => this.#aorsOf(tenantId, macAddress)),
    );
    const aors = [...new Set(aorsOfEach.flat())];
    const stored = await this.#readMany(tenantId, aors);
    const bindingsByAor = new Map(aors.map((aor, index) => [aor, stored[index] ?? []]));
    return macAddresses.map((macAddress, index) => {
      const bindings = (aorsOfEach[index] ?? [])
        .flatMap((aor) => bindingsByAor.get(aor) ?? [])
        .filter((binding) => binding.macAddress === macAddress);
      return registrationOver(liveBindings(bindings, nowMilliseconds));
    });
  }

  async areOnline(
    tenantId: TenantId,
    macAddresses: readonly MacAddress[],
    nowMilliseconds: number,
  ): Promise<readonly boolean[]> {
    const key = bindingKeys(tenantId).latestExpiryByDevice;
    const expiries = await this.#connection.run((redis) => redis.zmscore(key, ...macAddresses));
    return expiries.map((expiry) => expiry !== null && Number(expiry) > nowMilliseconds);
  }

  count(tenantId: TenantId, nowMilliseconds: number): Promise<number> {
    const key = bindingKeys(tenantId).expiries;
    return this.#connection.run((redis) => redis.zcount(key, `(${nowMilliseconds}`, "+inf"));
  }

  countOnlineDevices(tenantId: TenantId, nowMilliseconds: number): Promise<number> {
    const key = bindingKeys(tenantId).latestExpiryByDevice;
    return this.#connection.run((redis) => redis.zcount(key, `(${nowMilliseconds}`, "+inf"));
  }

  async removeByDevice(tenantId: TenantId, macAddress: MacAddress): Promise<number> {
    const aors = await this.#aorsOf(tenantId, macAddress);
    return this.#removeWhere(tenantId, aors, (binding) => binding.macAddress === macAddress);
  }

  async removeExpired(beforeMilliseconds: number, limit: number): Promise<number> {
    let removed = 0;
    for (const tenantId of await this.#tenants.list()) {
      const key = bindingKeys(tenantId).expiries;
      const members = await this.#connection.run((redis) =>
        redis.zrangebyscore(key, "-inf", `(${beforeMilliseconds}`, "LIMIT", 0, limit - removed),
      );
      const aors = new Set(members.map((member) => member.slice(member.indexOf(" ") + 1)));
      const room = limit - removed;
      removed += await this.#removeWhere(
        tenantId,
        [...aors],
        (binding) => binding.expiresAtMilliseconds < beforeMilliseconds,
        room,
      );
      if (removed >= limit) break;
    }
    return removed;
  }

  /** Removes those of these AORs' bindings that `isMeant` picks, at most `limit`. @returns how many. */
  async #removeWhere(
    tenantId: TenantId,
    aors: readonly string[],
    isMeant: (binding: Binding) => boolean,
    limit = Number.POSITIVE_INFINITY,
  ): Promise<number> {
    let removed = 0;
    for (const aor of aors) {
      const decision = await this.#change(tenantId, aor, (stored) => {
        const going = stored.filter(isMeant).slice(0, limit - removed);
        if (going.length === 0) return { bindings: undefined, going: 0 };
        const bindings = stored.filter((binding) => !going.includes(binding));
        return { bindings, going: going.length };
      });
      removed += decision.going;
      if (removed >= limit) break;
    }
    return removed;
  }

  /** The loop of read, decide, write-if-unchanged. `decide` is given expired bindings too. */
  async #change<Decision extends BindingDecision>(
    tenantId: TenantId,
    aor: string,
    decide: (stored: readonly Binding[]) => Decision,
  ): Promise<Decision> {
    for (let tries = 0; tries < mostTries; tries++) {
      const stored = await this.#read(tenantId, aor);
      const former = stored?.value ?? [];
      const decision = decide(former);
      const { bindings } = decision;
      if (bindings === undefined) return decision;
      if (bindings.length === 0 && stored === undefined) return decision;
      const revisions = {
        expected: stored?.revision,
        next: (stored?.revision ?? firstRevision()) + 1,
      };
      await this.#tenants.note(tenantId);
      const written = await this.#connection.runScript(
        "write-bindings",
        Object.values(bindingKeys(tenantId)),
        bindingWriteValues(aor, revisions, former, bindings),
      );
      if (written === 1) return decision;
    }
    throw new StoreUnavailableError(new Error("One AOR's bindings change too often."));
  }

  async #read(tenantId: TenantId, aor: string): Promise<Versioned<Binding[]> | undefined> {
    const key = bindingKeys(tenantId).byAor;
    const text = await this.#connection.run((redis) => redis.hget(key, aor));
    return text === null ? undefined : decodeVersioned<Binding[]>(text);
  }

  async #readMany(tenantId: TenantId, aors: readonly string[]): Promise<readonly Binding[][]> {
    const found: Binding[][] = [];
    const key = bindingKeys(tenantId).byAor;
    for (let start = 0; start < aors.length; start += aorsPerBatch) {
      const batch = aors.slice(start, start + aorsPerBatch);
      const texts = await this.#connection.run((redis) => redis.hmget(key, ...batch));
      found.push(
        ...texts.map((text) => (text === null ? [] : decodeVersioned<Binding[]>(text).value)),
      );
    }
    return found;
  }

  /** The next AORs in order that the query can be about. */
  async #aorsFrom(
    tenantId: TenantId,
    query: BindingQuery,
    start: string,
  ): Promise<readonly string[]> {
    if (query.aor !== undefined) return [query.aor];
    if (query.macAddress !== undefined) return this.#aorsOf(tenantId, query.macAddress, start);
    const key = bindingKeys(tenantId).aorsInOrder;
    return this.#connection.run((redis) =>
      redis.zrangebylex(key, start === "[" ? "-" : start, "+", "LIMIT", 0, aorsPerBatch),
    );
  }

  /** The AORs under which a device has bindings, in order, from `start` as ZRANGEBYLEX has it. */
  async #aorsOf(
    tenantId: TenantId,
    macAddress: MacAddress,
    start = "[",
  ): Promise<readonly string[]> {
    const from = `${start.slice(0, 1)}${macAddress} ${start.slice(1)}`;
    const key = bindingKeys(tenantId).devicesAndAors;
    // "!" is the character after the space.
    const members = await this.#connection.run((redis) =>
      redis.zrangebylex(key, from, `(${macAddress}!`),
    );
    return members.map((member) => member.slice(macAddress.length + 1));
  }
}
