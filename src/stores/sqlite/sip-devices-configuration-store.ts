import type { DatabaseSync, StatementSync } from "node:sqlite";
import {
  initialSipDevicesConfiguration,
  type SipDevicesConfiguration,
  type SipDevicesConfigurationStore,
} from "../../domain/sip-devices-configuration.ts";
import type { TenantId } from "../../domain/tenant.ts";
import type { GroupCommit } from "./group-commit.ts";

/** Tenants' configurations of SIP devices in SQLite. */
export class SqliteSipDevicesConfigurationStore implements SipDevicesConfigurationStore {
  readonly #group: GroupCommit;
  readonly #find: StatementSync;
  readonly #put: StatementSync;

  constructor(database: DatabaseSync, group: GroupCommit) {
    this.#group = group;
    this.#find = database.prepare(
      "SELECT document FROM sip_devices_configurations WHERE tenant_id = ?",
    );
    this.#put = database.prepare(
      "INSERT OR REPLACE INTO sip_devices_configurations (tenant_id, document) VALUES (?, ?)",
    );
  }

  find(tenantId: TenantId): Promise<SipDevicesConfiguration> {
    return this.#group.read(() => {
      const row = this.#find.get(tenantId);
      return row === undefined
        ? initialSipDevicesConfiguration(tenantId)
        : (JSON.parse(String(row.document)) as SipDevicesConfiguration);
    });
  }

  put(configuration: SipDevicesConfiguration): Promise<void> {
    return this.#group.write(() => {
      this.#put.run(configuration.tenantId, JSON.stringify(configuration));
    });
  }
}
