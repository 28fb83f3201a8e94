import type { Page } from "./device.ts";
import type { BulkSignInRefusal, BulkSignInRefusalCode } from "./judge-bulk-sign-in.ts";
import type { MacAddress } from "./mac-address.ts";
import type { RegionId } from "./region.ts";
import type { TenantId } from "./tenant.ts";

/** How much of it there may be. */
export const bulkSignInLimits = {
  /** Devices in a batch (Microsoft, bulk sign-in). */
  itemsPerBatch: 100,
  /** Batches at work at once in a region (Microsoft, bulk sign-in). */
  batchesAtOncePerRegion: 3,
  /** Batches of a tenant that are remembered; those at work are never forgotten. */
  batchesKept: 50,
  /** How long a batch may be at work; what is not done by then is not done any more. */
  lifetimeMilliseconds: 3_600_000,
} as const;

/**
 * Where a line stands. `queued`: not begun; `in-progress`: the user is signed in and the phone was
 * told to fetch; `completed`: the phone is registered as the user.
 */
export type BulkSignInItemStatus = "queued" | "in-progress" | "completed" | "failed";

/** One line of the file, and what became of it. */
export interface BulkSignInItem {
  /** Counted from 1, the header included. */
  readonly line: number;
  /** The user principal name in lower case, or what stood there. */
  readonly username: string;
  /** As it was written. */
  readonly hardwareId: string;
  /** Null when the hardware id cannot be read as one. */
  readonly macAddress: MacAddress | null;
  readonly status: BulkSignInItemStatus;
  /** Why it failed, in a word; null unless it did. */
  readonly code: BulkSignInRefusalCode | null;
  /** Why it failed, for an administrator to act on; null unless it did. */
  readonly reason: string | null;
  /** When the user was signed in; null before, and when it failed before. */
  readonly signedInAtMilliseconds: number | null;
}

/** A file of users and the devices on which they are signed in by an administrator's authority. */
export interface BulkSignIn {
  /** A UUID. */
  readonly id: string;
  readonly tenantId: TenantId;
  readonly createdAtMilliseconds: number;
  /** The administrator. */
  readonly createdBy: string;
  /** The node that carries it out. */
  readonly nodeId: string;
  /** The regions of its devices; in each of them it counts as one at work. */
  readonly regions: readonly RegionId[];
  readonly items: readonly BulkSignInItem[];
}

/** What became of a batch that was to begin. */
export type BeginBulkSignInOutcome =
  | { readonly outcome: "begun" }
  /** As many as may are at work in this region. */
  | { readonly outcome: "busy"; readonly region: RegionId; readonly ids: readonly string[] };

/** Where batches are kept: a tenant's last {@link bulkSignInLimits.batchesKept}. */
export interface BulkSignInStore {
  /**
   * Writes a new batch in one atomic step, unless as many as may are at work in one of its regions
   * and younger than their lifetime. The oldest that are too many go.
   */
  begin(batch: BulkSignIn, nowMilliseconds: number): Promise<BeginBulkSignInOutcome>;
  /**
   * Writes how a batch stands now, if it is still at work and still of this node.
   * @returns false, with nothing written, when it has gone, has ended, or another node has taken it over
   */
  save(batch: BulkSignIn): Promise<boolean>;
  find(tenantId: TenantId, id: string): Promise<BulkSignIn | undefined>;
  /** Newest first. */
  list(
    tenantId: TenantId,
    page: { readonly limit: number; readonly cursor?: string },
  ): Promise<Page<BulkSignIn>>;
  /** Those still at work, of this node: for a gateway that was started again. */
  listAtWork(nodeId: string): Promise<readonly BulkSignIn[]>;
  /** Those still at work, of nodes that are not known to be alive (`SignInStore.keepAlive`). */
  listAbandoned(nowMilliseconds: number): Promise<readonly BulkSignIn[]>;
  /**
   * Gives a batch at work to another node, if it still stands as it is told here.
   * @returns false, with nothing written, when it does not: another node was faster, or it went on
   */
  takeOver(batch: BulkSignIn, nodeId: string): Promise<boolean>;
}

/** A line that has failed, and why. */
export function failedItem(
  item: BulkSignInItem,
  { code, reason }: BulkSignInRefusal,
): BulkSignInItem {
  return { ...item, status: "failed", code, reason };
}

/** Whether something of it is still to be done. */
export function isAtWork({ items }: BulkSignIn): boolean {
  return items.some(({ status }) => status === "queued" || status === "in-progress");
}

/** When a batch is over whatever was done of it, in milliseconds since 1970. */
export function bulkSignInEndsAtMilliseconds({ createdAtMilliseconds }: BulkSignIn): number {
  return createdAtMilliseconds + bulkSignInLimits.lifetimeMilliseconds;
}

/** Where a batch stands as a whole; `completed`: every line has ended, well or not. */
export function bulkSignInStatus(batch: BulkSignIn): "queued" | "in-progress" | "completed" {
  if (!isAtWork(batch)) return "completed";
  const isBegun = ({ status, signedInAtMilliseconds }: BulkSignInItem) =>
    status === "in-progress" || status === "completed" || signedInAtMilliseconds !== null;
  return batch.items.some(isBegun) ? "in-progress" : "queued";
}
