import { setImmediate } from "node:timers/promises";
import { type EnforceDependencies, enforceUser } from "./enforce-user.ts";
import type { Stores } from "./stores.ts";
import type { TenantId } from "./tenant.ts";

/** What enforcing everybody needs. */
export type EnforceMissedDependencies = EnforceDependencies &
  Pick<Stores, "tenants"> & {
    /** Told why one user could not be judged; the others are all the same. */
    readonly onError: (error: unknown) => void;
    /** Ends the walk early. */
    readonly isStopped: () => boolean;
  };

/** Devices looked at in one go; between two batches other work has its turn. */
const devicesAtOnce = 200;
const usersAtOnce = 8;

/**
 * Judges every user who is signed in on a device, and signs those out who have lost what it takes: a
 * crash may have cut a change short, and a phone that is away has no refresh that would find it.
 */
export async function enforceMissed(dependencies: EnforceMissedDependencies): Promise<void> {
  for (const { id } of await dependencies.tenants.list()) await walk(dependencies, id);
}

async function walk(dependencies: EnforceMissedDependencies, tenantId: TenantId): Promise<void> {
  const { devices, clock, isStopped } = dependencies;
  let cursor: string | null = "";
  while (cursor !== null && !isStopped()) {
    const nowMilliseconds = clock.nowMilliseconds();
    const query = { state: "signed-in", limit: devicesAtOnce, cursor, nowMilliseconds } as const;
    const page = await devices.list(tenantId, query);
    const upns = page.items.flatMap(({ upn }) => upn ?? []);
    await judge(dependencies, tenantId, [...new Set(upns)]);
    cursor = page.nextCursor;
    await setImmediate();
  }
}

async function judge(
  dependencies: EnforceMissedDependencies,
  tenantId: TenantId,
  upns: readonly string[],
): Promise<void> {
  const { onError, isStopped } = dependencies;
  for (let start = 0; start < upns.length && !isStopped(); start += usersAtOnce) {
    const batch = upns.slice(start, start + usersAtOnce);
    await Promise.all(batch.map((upn) => enforceUser(dependencies, tenantId, upn).catch(onError)));
  }
}
