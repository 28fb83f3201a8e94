import type { DatabaseSync, StatementSync } from "node:sqlite";
import {
  type BeginBulkSignInOutcome,
  type BulkSignIn,
  type BulkSignInStore,
  bulkSignInEndsAtMilliseconds,
  bulkSignInLimits,
  isAtWork,
} from "../../domain/bulk-sign-in.ts";
import type { Page } from "../../domain/device.ts";
import type { TenantId } from "../../domain/tenant.ts";
import type { GroupCommit } from "./group-commit.ts";

/** Batches of sign-ins in SQLite: numbered as they come, and a cursor is such a number. */
export class SqliteBulkSignInStore implements BulkSignInStore {
  readonly #group: GroupCommit;
  readonly #listBusy: StatementSync;
  readonly #insert: StatementSync;
  readonly #trim: StatementSync;
  readonly #save: StatementSync;
  readonly #find: StatementSync;
  readonly #list: StatementSync;
  readonly #listAtWork: StatementSync;
  readonly #listAbandoned: StatementSync;
  readonly #takeOver: StatementSync;

  constructor(database: DatabaseSync, group: GroupCommit) {
    this.#group = group;
    const isBusy = "at_work = 1 AND ends_at > $now";
    this.#listBusy = database.prepare(
      `SELECT document FROM bulk_sign_ins WHERE tenant_id = $tenantId AND ${isBusy}
       ORDER BY number`,
    );
    this.#insert = database.prepare(
      `INSERT INTO bulk_sign_ins (tenant_id, id, node_id, at_work, ends_at, document)
       VALUES (?, ?, ?, ?, ?, ?)`,
    );
    // The newest, which has just come, is never among those that go.
    this.#trim = database.prepare(
      `DELETE FROM bulk_sign_ins WHERE number IN
         (SELECT number FROM bulk_sign_ins WHERE tenant_id = $tenantId AND NOT (${isBusy})
            AND number < (SELECT max(number) FROM bulk_sign_ins WHERE tenant_id = $tenantId)
          ORDER BY number LIMIT max(0,
            (SELECT count(*) FROM bulk_sign_ins WHERE tenant_id = $tenantId) - $kept))`,
    );
    this.#save = database.prepare(
      `UPDATE bulk_sign_ins SET at_work = ?, document = ?
       WHERE tenant_id = ? AND id = ? AND node_id = ? AND at_work = 1`,
    );
    this.#find = database.prepare(
      "SELECT document FROM bulk_sign_ins WHERE tenant_id = ? AND id = ?",
    );
    this.#list = database.prepare(
      `SELECT number, document FROM bulk_sign_ins WHERE tenant_id = ? AND number < ?
       ORDER BY number DESC LIMIT ?`,
    );
    this.#listAtWork = database.prepare(
      "SELECT document FROM bulk_sign_ins WHERE node_id = ? AND at_work = 1 ORDER BY number",
    );
    this.#listAbandoned = database.prepare(
      `SELECT document FROM bulk_sign_ins WHERE at_work = 1
         AND node_id NOT IN (SELECT node_id FROM polling_nodes WHERE alive_until > ?)
       ORDER BY number`,
    );
    this.#takeOver = database.prepare(
      `UPDATE bulk_sign_ins SET node_id = ?, document = ?
       WHERE tenant_id = ? AND id = ? AND at_work = 1 AND document = ?`,
    );
  }

  begin(batch: BulkSignIn, nowMilliseconds: number): Promise<BeginBulkSignInOutcome> {
    const { tenantId } = batch;
    return this.#group.writeSeveral(() => {
      const now = nowMilliseconds;
      const busy = this.#listBusy.all({ tenantId, now }).map(asBatch);
      for (const region of batch.regions) {
        const ids = busy.filter(({ regions }) => regions.includes(region)).map(({ id }) => id);
        if (ids.length >= bulkSignInLimits.batchesAtOncePerRegion) {
          return { outcome: "busy", region, ids };
        }
      }
      const { id, nodeId } = batch;
      const endsAt = bulkSignInEndsAtMilliseconds(batch);
      this.#insert.run(tenantId, id, nodeId, Number(isAtWork(batch)), endsAt, textOf(batch));
      this.#trim.run({ tenantId, now, kept: bulkSignInLimits.batchesKept });
      return { outcome: "begun" };
    });
  }

  save(batch: BulkSignIn): Promise<boolean> {
    const { tenantId, id, nodeId } = batch;
    return this.#group.write(() => {
      const values = [Number(isAtWork(batch)), textOf(batch), tenantId, id, nodeId];
      return this.#save.run(...values).changes === 1;
    });
  }

  find(tenantId: TenantId, id: string): Promise<BulkSignIn | undefined> {
    return this.#group.read(() => {
      const row = this.#find.get(tenantId, id);
      return row === undefined ? undefined : asBatch(row);
    });
  }

  list(
    tenantId: TenantId,
    page: { readonly limit: number; readonly cursor?: string },
  ): Promise<Page<BulkSignIn>> {
    return this.#group.read(() => {
      const before = page.cursor === undefined ? Number.MAX_SAFE_INTEGER : Number(page.cursor);
      if (!Number.isSafeInteger(before)) return { items: [], nextCursor: null };
      const rows = this.#list.all(tenantId, before, page.limit + 1);
      const onPage = rows.slice(0, page.limit);
      return {
        items: onPage.map(asBatch),
        nextCursor: rows.length > page.limit ? String(onPage.at(-1)?.number) : null,
      };
    });
  }

  listAtWork(nodeId: string): Promise<readonly BulkSignIn[]> {
    return this.#group.read(() => this.#listAtWork.all(nodeId).map(asBatch));
  }

  listAbandoned(nowMilliseconds: number): Promise<readonly BulkSignIn[]> {
    return this.#group.read(() => this.#listAbandoned.all(nowMilliseconds).map(asBatch));
  }

  takeOver(batch: BulkSignIn, nodeId: string): Promise<boolean> {
    const { tenantId, id } = batch;
    return this.#group.write(() => {
      const values = [nodeId, textOf({ ...batch, nodeId }), tenantId, id, textOf(batch)];
      return this.#takeOver.run(...values).changes === 1;
    });
  }
}

function textOf(batch: BulkSignIn): string {
  return JSON.stringify(batch);
}

function asBatch(row: Record<string, unknown>): BulkSignIn {
  return JSON.parse(String(row.document)) as BulkSignIn;
}
