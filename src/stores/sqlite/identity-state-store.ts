import type { DatabaseSync, StatementSync } from "node:sqlite";
import type {
  FoundIdentityState,
  IdentityStateRecord,
  IdentityStateStore,
} from "../../domain/identity-state.ts";
import type { GroupCommit } from "./group-commit.ts";

/** Expired records that one write takes away: more than it adds, so that none pile up. */
const collectedByWrite = 8;

/** The identity provider's state in SQLite. */
export class SqliteIdentityStateStore implements IdentityStateStore {
  readonly #group: GroupCommit;
  readonly #put: StatementSync;
  readonly #collect: StatementSync;
  readonly #find: StatementSync;
  readonly #findByAlias: StatementSync;
  readonly #consume: StatementSync;
  readonly #remove: StatementSync;
  readonly #removeByGrant: StatementSync;

  constructor(database: DatabaseSync, group: GroupCommit) {
    this.#group = group;
    this.#put = database.prepare(
      `INSERT INTO identity_state (kind, id, document, alias, grant_id, expires_at)
       VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (kind, id) DO UPDATE SET document = excluded.document, alias = excluded.alias,
         grant_id = excluded.grant_id, expires_at = excluded.expires_at`,
    );
    this.#collect = database.prepare(
      `DELETE FROM identity_state WHERE (kind, id) IN
         (SELECT kind, id FROM identity_state WHERE expires_at < ? LIMIT ${collectedByWrite})`,
    );
    this.#find = database.prepare(
      "SELECT document, consumed_at FROM identity_state WHERE kind = ? AND id = ?",
    );
    this.#findByAlias = database.prepare(
      `SELECT document, consumed_at FROM identity_state WHERE kind = ? AND alias = ?
       ORDER BY expires_at DESC LIMIT 1`,
    );
    this.#consume = database.prepare(
      "UPDATE identity_state SET consumed_at = ? WHERE kind = ? AND id = ? AND consumed_at IS NULL",
    );
    this.#remove = database.prepare("DELETE FROM identity_state WHERE kind = ? AND id = ?");
    this.#removeByGrant = database.prepare("DELETE FROM identity_state WHERE grant_id = ?");
  }

  put(record: IdentityStateRecord, nowMilliseconds: number): Promise<void> {
    const { kind, id, document, alias, grantId, expiresAtMilliseconds } = record;
    return this.#group.writeSeveral(() => {
      this.#collect.run(nowMilliseconds);
      this.#put.run(kind, id, document, alias, grantId, expiresAtMilliseconds);
    });
  }

  find(kind: string, id: string): Promise<FoundIdentityState | undefined> {
    return this.#group.read(() => foundIn(this.#find.get(kind, id)));
  }

  findByAlias(kind: string, alias: string): Promise<FoundIdentityState | undefined> {
    return this.#group.read(() => foundIn(this.#findByAlias.get(kind, alias)));
  }

  consume(kind: string, id: string, nowMilliseconds: number): Promise<boolean> {
    return this.#group.write(() => this.#consume.run(nowMilliseconds, kind, id).changes > 0);
  }

  remove(kind: string, id: string): Promise<void> {
    return this.#group.write(() => {
      this.#remove.run(kind, id);
    });
  }

  removeByGrant(grantId: string): Promise<void> {
    return this.#group.write(() => {
      this.#removeByGrant.run(grantId);
    });
  }
}

function foundIn(row: Record<string, unknown> | undefined): FoundIdentityState | undefined {
  if (row === undefined) return undefined;
  const consumedAt = row.consumed_at;
  return {
    document: String(row.document),
    consumedAtMilliseconds: typeof consumedAt === "number" ? consumedAt : null,
  };
}
