import { randomUUID } from "node:crypto";
import type { BeginBulkSignInOutcome, BulkSignIn, BulkSignInItem } from "./bulk-sign-in.ts";
import { readBulkSignInFile } from "./read-bulk-sign-in-file.ts";
import { defaultRegion, type RegionId } from "./region.ts";
import type { Stores } from "./stores.ts";
import type { TenantId } from "./tenant.ts";
import type { TimeSource } from "./time-source.ts";

/** What beginning a batch needs. */
export type BeginBulkSignInDependencies = Pick<Stores, "bulkSignIns" | "devices"> & {
  readonly clock: TimeSource;
  /** The node that will carry it out. */
  readonly nodeId: string;
};

/** What became of a file. */
export type NewBulkSignInOutcome =
  | { readonly outcome: "begun"; readonly batch: BulkSignIn }
  | Extract<BeginBulkSignInOutcome, { readonly outcome: "busy" }>;

/**
 * Reads a file of users and devices and writes the batch. Nobody is signed in yet: give the batch to
 * the runner.
 * @throws ImportFileError when the file is none that can be read, or has too many lines
 */
export async function beginBulkSignIn(
  dependencies: BeginBulkSignInDependencies,
  tenantId: TenantId,
  csv: string,
  actor: string,
): Promise<NewBulkSignInOutcome> {
  const { bulkSignIns, clock, nodeId } = dependencies;
  const items = await readBulkSignInFile(csv);
  const regions = await regionsOf(dependencies, tenantId, items);
  const now = clock.nowMilliseconds();
  const batch: BulkSignIn = {
    id: randomUUID(),
    tenantId,
    createdAtMilliseconds: now,
    createdBy: actor,
    nodeId,
    regions,
    items,
  };
  const result = await bulkSignIns.begin(batch, now);
  return result.outcome === "begun" ? { outcome: "begun", batch } : result;
}

/** A batch with something to do has one at least. */
async function regionsOf(
  { devices }: BeginBulkSignInDependencies,
  tenantId: TenantId,
  items: readonly BulkSignInItem[],
): Promise<readonly RegionId[]> {
  const queued = items.filter(({ status }) => status === "queued");
  const macAddresses = queued.flatMap(({ macAddress }) => macAddress ?? []);
  const found = await Promise.all(macAddresses.map((one) => devices.find(tenantId, one)));
  const regions = found.flatMap((one) =>
    one === undefined ? [] : [one.value.region ?? defaultRegion],
  );
  if (regions.length === 0 && queued.length > 0) return [defaultRegion];
  return [...new Set(regions)].sort();
}
