import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { MacAddress } from "../../domain/mac-address.ts";
import type { SignIn, SignInStore } from "../../domain/sign-in.ts";
import type { TenantId } from "../../domain/tenant.ts";
import type { GroupCommit } from "./group-commit.ts";

/** Sign-ins in SQLite, a row for each device. */
export class SqliteSignInStore implements SignInStore {
  readonly #group: GroupCommit;
  readonly #find: StatementSync;
  readonly #put: StatementSync;
  readonly #settle: StatementSync;
  readonly #listPending: StatementSync;
  readonly #beat: StatementSync;
  readonly #forgetDead: StatementSync;
  readonly #listAbandoned: StatementSync;
  readonly #takeOver: StatementSync;
  readonly #remove: StatementSync;

  constructor(database: DatabaseSync, group: GroupCommit) {
    this.#group = group;
    const ofDevice = "WHERE tenant_id = ? AND mac_address = ?";
    this.#find = database.prepare(`SELECT document FROM sign_ins ${ofDevice}`);
    this.#put = database.prepare(
      `INSERT OR REPLACE INTO sign_ins (id, status, node_id, document, tenant_id, mac_address)
       VALUES (?, ?, ?, ?, ?, ?)`,
    );
    this.#settle = database.prepare(
      `UPDATE sign_ins SET status = ?, document = ? ${ofDevice} AND id = ? AND status = 'pending'`,
    );
    this.#listPending = database.prepare(
      "SELECT document FROM sign_ins WHERE node_id = ? AND status = 'pending'",
    );
    this.#beat = database.prepare("INSERT OR REPLACE INTO polling_nodes VALUES (?, ?)");
    this.#forgetDead = database.prepare("DELETE FROM polling_nodes WHERE alive_until <= ?");
    this.#listAbandoned = database.prepare(
      `SELECT document FROM sign_ins WHERE status = 'pending'
         AND node_id NOT IN (SELECT node_id FROM polling_nodes WHERE alive_until > ?)`,
    );
    this.#takeOver = database.prepare(
      `UPDATE sign_ins SET node_id = ?, document = ? ${ofDevice} AND status = 'pending' AND document = ?`,
    );
    this.#remove = database.prepare(`DELETE FROM sign_ins ${ofDevice}`);
  }

  find(tenantId: TenantId, macAddress: MacAddress): Promise<SignIn | undefined> {
    return this.#group.read(() => {
      const row = this.#find.get(tenantId, macAddress);
      return row === undefined ? undefined : asSignIn(row);
    });
  }

  put(signIn: SignIn): Promise<void> {
    const { id, status, nodeId, tenantId, macAddress } = signIn;
    return this.#group.write(() => {
      this.#put.run(id, status, nodeId, JSON.stringify(signIn), tenantId, macAddress);
    });
  }

  settle(signIn: SignIn): Promise<boolean> {
    const { id, status, tenantId, macAddress } = signIn;
    return this.#group.write(() => {
      const values = [status, JSON.stringify(signIn), tenantId, macAddress, id];
      return this.#settle.run(...values).changes === 1;
    });
  }

  listPending(nodeId: string): Promise<readonly SignIn[]> {
    return this.#group.read(() => this.#listPending.all(nodeId).map(asSignIn));
  }

  keepAlive(nodeId: string, nowMilliseconds: number, untilMilliseconds: number): Promise<void> {
    return this.#group.writeSeveral(() => {
      this.#beat.run(nodeId, untilMilliseconds);
      this.#forgetDead.run(nowMilliseconds);
    });
  }

  listAbandoned(nowMilliseconds: number): Promise<readonly SignIn[]> {
    return this.#group.read(() => this.#listAbandoned.all(nowMilliseconds).map(asSignIn));
  }

  takeOver(signIn: SignIn, nodeId: string): Promise<boolean> {
    const { tenantId, macAddress } = signIn;
    return this.#group.write(() => {
      const documents = [JSON.stringify({ ...signIn, nodeId }), JSON.stringify(signIn)] as const;
      const values = [nodeId, documents[0], tenantId, macAddress, documents[1]];
      return this.#takeOver.run(...values).changes === 1;
    });
  }

  remove(tenantId: TenantId, macAddress: MacAddress): Promise<void> {
    return this.#group.write(() => {
      this.#remove.run(tenantId, macAddress);
    });
  }
}

function asSignIn(row: Record<string, unknown>): SignIn {
  return JSON.parse(String(row.document)) as SignIn;
}
