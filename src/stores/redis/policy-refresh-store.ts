import type { Versioned } from "../../domain/device.ts";
import type { MacAddress } from "../../domain/mac-address.ts";
import type {
  PolicyBacklog,
  PolicyRefresh,
  PolicyRefreshStore,
} from "../../domain/policy-refresh.ts";
import type { TenantId } from "../../domain/tenant.ts";
import { firstRevision } from "../first-revision.ts";
import { fold } from "../fold.ts";
import type { RedisConnection } from "./redis-connection.ts";
import { pairRange, tenantKey } from "./redis-keys.ts";
import { decodeVersioned, encodeVersioned } from "./versioned-text.ts";

const mostDevicesPerBatch = 500;

/** Digits of the largest number that a version or a time can be (2^53 - 1). */
const digits = 16;

/**
 * Policy refreshes in Redis: a hash of documents by MAC address, and one order of all of them by
 * policy and progress, in which a range is counted without being walked. One key for all policies,
 * so that a device's change of policy needs no key that the script does not know beforehand. A hash
 * says where in that order a device stands.
 */
export class RedisPolicyRefreshStore implements PolicyRefreshStore {
  readonly #connection: RedisConnection;

  constructor(connection: RedisConnection) {
    this.#connection = connection;
  }

  async find(
    tenantId: TenantId,
    macAddresses: readonly MacAddress[],
  ): Promise<ReadonlyMap<MacAddress, Versioned<PolicyRefresh>>> {
    const [key] = keysOf(tenantId);
    const found = new Map<MacAddress, Versioned<PolicyRefresh>>();
    for (let start = 0; start < macAddresses.length; start += mostDevicesPerBatch) {
      const batch = macAddresses.slice(start, start + mostDevicesPerBatch);
      const texts = await this.#connection.run((redis) => redis.hmget(key, ...batch));
      for (const [index, macAddress] of batch.entries()) {
        const text = texts[index] ?? null;
        if (text !== null) found.set(macAddress, decodeVersioned<PolicyRefresh>(text));
      }
    }
    return found;
  }

  async put(refresh: PolicyRefresh, expectedRevision: number | null): Promise<boolean> {
    const { tenantId, macAddress } = refresh;
    const revision = expectedRevision === null ? firstRevision() : expectedRevision + 1;
    const written = await this.#connection.runScript("put-policy-refresh", keysOf(tenantId), [
      macAddress,
      expectedRevision ?? "",
      encodeVersioned(refresh, revision),
      placeOf(refresh),
    ]);
    return written === 1;
  }

  async remove(tenantId: TenantId, macAddress: MacAddress): Promise<boolean> {
    const keys = keysOf(tenantId);
    return (await this.#connection.runScript("remove-policy-refresh", keys, [macAddress])) === 1;
  }

  async backlog(tenantId: TenantId, policyName: string, version: number): Promise<PolicyBacklog> {
    const [, , orderKey] = keysOf(tenantId);
    const start = startOf(policyName);
    const bounds = [
      start,
      `${start}${progressOf(version)}`,
      `${start}${progressOf(version + 1)}`,
      `${start}n`,
      // "!" is the character after the space that ends `start`.
      `${start.slice(0, -1)}!`,
    ];
    const counted = await this.#connection.runScript("count-policy-backlog", [orderKey], bounds);
    const [devices, unapplied, applied] = counted as [number, string | null, string | null];
    const numberIn = (place: string | null) =>
      place === null ? null : Number(place.slice(start.length + 1, start.length + 1 + digits));
    return {
      devices,
      earliestUnappliedMilliseconds: numberIn(unapplied),
      lowestAppliedVersion: numberIn(applied),
    };
  }
}

/**
 * Where a refresh stands among the others: `LENGTH:POLICY aVERSION MAC` when it has applied one,
 * `LENGTH:POLICY nASSIGNED MAC` when it has not.
 */
function placeOf(refresh: PolicyRefresh): string {
  const { policyName, appliedVersion, assignedAtMilliseconds, macAddress } = refresh;
  const progress =
    appliedVersion === null ? `n${padded(assignedAtMilliseconds)}` : progressOf(appliedVersion);
  return `${startOf(policyName)}${progress} ${macAddress}`;
}

function progressOf(appliedVersion: number): string {
  return `a${padded(appliedVersion)}`;
}

function padded(number: number): string {
  return String(number).padStart(digits, "0");
}

/** What the places of all refreshes of a policy begin with. */
function startOf(policyName: string): string {
  return pairRange(fold(policyName))[0].slice(1);
}

function keysOf(tenantId: TenantId): [string, string, string] {
  return [
    tenantKey(tenantId, "policy-refreshes"),
    tenantKey(tenantId, "policy-refresh-places"),
    tenantKey(tenantId, "policy-refreshes-by-progress"),
  ];
}
