import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Binding } from "../../domain/binding.ts";
import type { TenantId } from "../../domain/tenant.ts";

/** Rows that say nothing any more are tolerated up to this number, and as many as say something. */
const leastDeadRows = 4096;

/** So many rows are looked at, and those still needed written anew, when the journal has grown too long. */
const rowsTrimmedAtOnce = 256;

/** All bindings of an AOR, and the row of the journal that says so. */
export interface JournalEntry {
  readonly tenantId: TenantId;
  readonly aor: string;
  readonly bindings: readonly Binding[];
  readonly sequence: number;
}

/**
 * Bindings on disk: a table that is only appended to, a row for each change, holding all bindings
 * that the AOR has from then on; the last row of an AOR counts.
 *
 * Why not a row for each binding, changed in place: phones refresh in no order, so each refresh
 * would dirty pages of its own in table and indexes, which measured 33 µs of CPU; rows appended
 * side by side share their page and measured 8. Rows are dropped from the front only, so that a
 * row which ends an AOR's bindings cannot go before those that it outdates.
 */
export class BindingJournal {
  readonly #append: StatementSync;
  readonly #removeUpTo: StatementSync;
  readonly #readAll: StatementSync;
  readonly #readFirst: StatementSync;
  #firstSequence = 1;
  #lastSequence = 0;

  constructor(database: DatabaseSync) {
    this.#append = database.prepare(
      "INSERT INTO binding_journal (sequence, tenant_id, aor, bindings) VALUES (?, ?, ?, ?)",
    );
    this.#removeUpTo = database.prepare("DELETE FROM binding_journal WHERE sequence <= ?");
    this.#readAll = database.prepare(
      "SELECT sequence, tenant_id AS tenantId, aor, bindings FROM binding_journal ORDER BY sequence",
    );
    this.#readFirst = database.prepare(
      `SELECT sequence, tenant_id AS tenantId, aor FROM binding_journal
       ORDER BY sequence LIMIT ${rowsTrimmedAtOnce}`,
    );
  }

  /** Reads every row, in order. Called once, before anything is appended. */
  *readAll(): Iterable<JournalEntry> {
    for (const row of this.#readAll.iterate()) {
      const sequence = Number(row.sequence);
      if (this.#lastSequence === 0) this.#firstSequence = sequence;
      this.#lastSequence = sequence;
      yield {
        tenantId: String(row.tenantId) as TenantId,
        aor: String(row.aor),
        bindings: JSON.parse(String(row.bindings)) as Binding[],
        sequence,
      };
    }
  }

  /** Writes, within the current transaction, what an AOR's bindings are from now on. */
  append(tenantId: TenantId, aor: string, bindings: readonly Binding[]): JournalEntry {
    const sequence = this.#lastSequence + 1;
    this.#append.run(sequence, tenantId, aor, JSON.stringify(bindings));
    this.#lastSequence = sequence;
    return { tenantId, aor, bindings, sequence };
  }

  /** Whether so many rows are outdated that some should be dropped. */
  needsTrimming(liveEntries: number): boolean {
    return this.#lastSequence - this.#firstSequence > 2 * liveEntries + leastDeadRows;
  }

  /**
   * Drops the first rows, within the current transaction, which must take back all of it on failure.
   * @param find the entry that now counts for an AOR.
   * @returns the entries among them that still count, under the later row which says them again.
   */
  trim(find: (tenantId: TenantId, aor: string) => JournalEntry | undefined): JournalEntry[] {
    const renewed: JournalEntry[] = [];
    const rows = this.#readFirst.all();
    for (const row of rows) {
      const entry = find(String(row.tenantId) as TenantId, String(row.aor));
      if (entry === undefined || entry.sequence !== row.sequence) continue;
      renewed.push(this.append(entry.tenantId, entry.aor, entry.bindings));
    }
    const last = rows.at(-1);
    if (last !== undefined) {
      this.#removeUpTo.run(Number(last.sequence));
      this.#firstSequence = Number(last.sequence) + 1;
    }
    return renewed;
  }
}
