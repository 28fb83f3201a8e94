import type { DatabaseSync, StatementSync } from "node:sqlite";
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
import type { GroupCommit } from "./group-commit.ts";

const assigned = "policy_refreshes WHERE tenant_id = $tenantId AND folded_policy = $policy";

/**
 * Each part is a range of the index policy_refreshes_by_progress, so that those that have the
 * version, which are most of the time all, are not touched.
 */
const backlogStatement = `
  SELECT
    (SELECT count(*) FROM ${assigned} AND applied_version IS NULL)
      + (SELECT count(*) FROM ${assigned} AND applied_version < $version)
      + (SELECT count(*) FROM ${assigned} AND applied_version > $version) AS devices,
    (SELECT min(assigned_at) FROM ${assigned} AND applied_version IS NULL) AS earliest,
    coalesce(
      (SELECT min(applied_version) FROM ${assigned} AND applied_version < $version),
      (SELECT min(applied_version) FROM ${assigned} AND applied_version > $version)) AS lowest`;

/** Policy refreshes in SQLite. */
export class SqlitePolicyRefreshStore implements PolicyRefreshStore {
  readonly #group: GroupCommit;
  readonly #find: StatementSync;
  readonly #insert: StatementSync;
  readonly #replace: StatementSync;
  readonly #remove: StatementSync;
  readonly #backlog: StatementSync;

  constructor(database: DatabaseSync, group: GroupCommit) {
    this.#group = group;
    this.#find = database.prepare(
      "SELECT document, revision FROM policy_refreshes WHERE tenant_id = ? AND mac_address = ?",
    );
    this.#insert = database.prepare(
      `INSERT INTO policy_refreshes
         (tenant_id, mac_address, folded_policy, applied_version, assigned_at, document, revision)
       VALUES ($tenantId, $macAddress, $policy, $applied, $assignedAt, $document, $revision)
       ON CONFLICT DO NOTHING`,
    );
    this.#replace = database.prepare(
      `UPDATE policy_refreshes SET folded_policy = $policy, applied_version = $applied,
         assigned_at = $assignedAt, document = $document, revision = revision + 1
       WHERE tenant_id = $tenantId AND mac_address = $macAddress AND revision = $revision`,
    );
    this.#remove = database.prepare(
      "DELETE FROM policy_refreshes WHERE tenant_id = ? AND mac_address = ?",
    );
    this.#backlog = database.prepare(backlogStatement);
  }

  find(
    tenantId: TenantId,
    macAddresses: readonly MacAddress[],
  ): Promise<ReadonlyMap<MacAddress, Versioned<PolicyRefresh>>> {
    return this.#group.read(() => {
      const found = new Map<MacAddress, Versioned<PolicyRefresh>>();
      for (const macAddress of macAddresses) {
        const row = this.#find.get(tenantId, macAddress);
        if (row === undefined) continue;
        const value = JSON.parse(String(row.document)) as PolicyRefresh;
        found.set(macAddress, { value, revision: Number(row.revision) });
      }
      return found;
    });
  }

  put(refresh: PolicyRefresh, expectedRevision: number | null): Promise<boolean> {
    const statement = expectedRevision === null ? this.#insert : this.#replace;
    const { tenantId, macAddress } = refresh;
    return this.#group.write(() => {
      const values = {
        tenantId,
        macAddress,
        policy: fold(refresh.policyName),
        applied: refresh.appliedVersion,
        assignedAt: refresh.assignedAtMilliseconds,
        document: JSON.stringify(refresh),
        revision: expectedRevision ?? firstRevision(),
      };
      return statement.run(values).changes === 1;
    });
  }

  remove(tenantId: TenantId, macAddress: MacAddress): Promise<boolean> {
    return this.#group.write(() => this.#remove.run(tenantId, macAddress).changes === 1);
  }

  backlog(tenantId: TenantId, policyName: string, version: number): Promise<PolicyBacklog> {
    return this.#group.read(() => {
      const row = this.#backlog.get({ tenantId, policy: fold(policyName), version });
      return {
        devices: Number(row?.devices),
        earliestUnappliedMilliseconds: numberOrNull(row?.earliest),
        lowestAppliedVersion: numberOrNull(row?.lowest),
      };
    });
  }
}

function numberOrNull(value: unknown): number | null {
  return value === null ? null : Number(value);
}
