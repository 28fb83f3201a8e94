import type { DatabaseSync, StatementSync } from "node:sqlite";
import { type Command, type CommandStore, commandsKeptPerDevice } from "../../domain/command.ts";
import type { MacAddress } from "../../domain/mac-address.ts";
import type { TenantId } from "../../domain/tenant.ts";
import type { GroupCommit } from "./group-commit.ts";

/** Commands in SQLite: a device's commands are numbered as they come, and the number is their order. */
export class SqliteCommandStore implements CommandStore {
  readonly #group: GroupCommit;
  readonly #find: StatementSync;
  readonly #list: StatementSync;
  readonly #insert: StatementSync;
  readonly #trim: StatementSync;
  readonly #take: StatementSync;
  readonly #reclaim: StatementSync;
  readonly #anySent: StatementSync;
  readonly #changeSent: StatementSync;
  readonly #removeByDevice: StatementSync;

  constructor(database: DatabaseSync, group: GroupCommit) {
    this.#group = group;
    const ofDevice = "tenant_id = $tenantId AND mac_address = $macAddress";
    const columns = "document, status, sent_at AS sentAt";
    this.#find = database.prepare(`SELECT ${columns} FROM commands WHERE ${ofDevice} AND id = $id`);
    this.#list = database.prepare(
      `SELECT ${columns} FROM commands WHERE ${ofDevice} ORDER BY number DESC`,
    );
    this.#insert = database.prepare(
      `INSERT INTO commands (tenant_id, mac_address, number, id, status, sent_at, document)
       SELECT $tenantId, $macAddress, coalesce(max(number), 0) + 1, $id, $status, $sentAt, $document
       FROM commands WHERE ${ofDevice}
       ON CONFLICT (tenant_id, mac_address, id) DO NOTHING`,
    );
    // The newest, which has just come, is never among those that go.
    this.#trim = database.prepare(
      `DELETE FROM commands WHERE ${ofDevice} AND number IN
         (SELECT number FROM commands WHERE ${ofDevice}
            AND number < (SELECT max(number) FROM commands WHERE ${ofDevice})
          ORDER BY status IN ('queued', 'sent'), number
          LIMIT max(0, (SELECT count(*) FROM commands WHERE ${ofDevice}) - $kept))`,
    );
    this.#take = database.prepare(
      `UPDATE commands SET status = 'sent', sent_at = $now
       WHERE ${ofDevice} AND number =
         (SELECT min(number) FROM commands WHERE ${ofDevice} AND status = 'queued')
       AND NOT EXISTS
         (SELECT 1 FROM commands WHERE ${ofDevice} AND status = 'sent' AND sent_at >= $sentAfter)
       RETURNING ${columns}`,
    );
    this.#reclaim = database.prepare(
      `UPDATE commands SET status = 'queued', sent_at = NULL
       WHERE ${ofDevice} AND status = 'sent' AND sent_at < $sentBefore`,
    );
    this.#anySent = database.prepare(
      `SELECT 1 FROM commands WHERE ${ofDevice} AND status = 'sent' LIMIT 1`,
    );
    this.#changeSent = database.prepare(
      `UPDATE commands SET status = $status, sent_at = $sentAt, document = $document
       WHERE ${ofDevice} AND id = $id AND status = 'sent'`,
    );
    this.#removeByDevice = database.prepare(`DELETE FROM commands WHERE ${ofDevice}`);
  }

  append(command: Command): Promise<void> {
    const { tenantId, macAddress } = command;
    return this.#group.writeSeveral(() => {
      this.#insert.run(valuesOf(command));
      this.#trim.run({ tenantId, macAddress, kept: commandsKeptPerDevice });
    });
  }

  find(tenantId: TenantId, macAddress: MacAddress, id: string): Promise<Command | undefined> {
    return this.#group.read(() => asCommand(this.#find.get({ tenantId, macAddress, id })));
  }

  list(tenantId: TenantId, macAddress: MacAddress): Promise<readonly Command[]> {
    return this.#group.read(() =>
      this.#list.all({ tenantId, macAddress }).flatMap((row) => asCommand(row) ?? []),
    );
  }

  takeNext(
    tenantId: TenantId,
    macAddress: MacAddress,
    nowMilliseconds: number,
    sentAfterMilliseconds: number,
  ): Promise<Command | undefined> {
    return this.#group.write(() => {
      const times = { now: nowMilliseconds, sentAfter: sentAfterMilliseconds };
      return asCommand(this.#take.get({ tenantId, macAddress, ...times }));
    });
  }

  reclaim(
    tenantId: TenantId,
    macAddress: MacAddress,
    sentBeforeMilliseconds: number,
  ): Promise<boolean> {
    const device = { tenantId, macAddress };
    return this.#group.writeSeveral(() => {
      this.#reclaim.run({ ...device, sentBefore: sentBeforeMilliseconds });
      return this.#anySent.get(device) !== undefined;
    });
  }

  settle(command: Command): Promise<void> {
    return this.#group.write(() => {
      this.#changeSent.run(valuesOf(command));
    });
  }

  requeue(command: Command): Promise<void> {
    return this.settle({ ...command, status: "queued", sentAtMilliseconds: null });
  }

  removeByDevice(tenantId: TenantId, macAddress: MacAddress): Promise<void> {
    return this.#group.write(() => {
      this.#removeByDevice.run({ tenantId, macAddress });
    });
  }
}

function valuesOf(command: Command) {
  const { tenantId, macAddress, id, status, sentAtMilliseconds } = command;
  const document = JSON.stringify(command);
  return { tenantId, macAddress, id, status, sentAt: sentAtMilliseconds, document };
}

/** A command that was taken stands so in its columns alone. */
function asCommand(row: Record<string, unknown> | undefined): Command | undefined {
  if (row === undefined) return undefined;
  const command = JSON.parse(String(row.document)) as Command;
  const sentAtMilliseconds = row.sentAt === null ? null : Number(row.sentAt);
  return { ...command, status: row.status as Command["status"], sentAtMilliseconds };
}
