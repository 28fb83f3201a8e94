import type { Logger } from "pino";
import type { Stores } from "../../domain/stores.ts";
import { LocalLiveEventChannel } from "../local-live-event-channel.ts";
import { SqliteAccountStore } from "./account-store.ts";
import { SqliteAdministratorSessionStore } from "./administrator-session-store.ts";
import { SqliteAdministratorStore } from "./administrator-store.ts";
import { SqliteBindingStore } from "./binding-store.ts";
import { SqliteBulkSignInStore } from "./bulk-sign-in-store.ts";
import { SqliteCallingPolicyStore } from "./calling-policy-store.ts";
import { SqliteCommandStore } from "./command-store.ts";
import { SqliteConditionalAccessStore } from "./conditional-access-store.ts";
import { SqliteDeviceStore } from "./device-store.ts";
import { GroupCommit, type MachineTime } from "./group-commit.ts";
import { SqliteHistoryStore } from "./history-store.ts";
import { SqliteIdentityStateStore } from "./identity-state-store.ts";
import { openDatabase } from "./open-database.ts";
import { SqlitePolicyRefreshStore } from "./policy-refresh-store.ts";
import { SqliteSecretStore } from "./secret-store.ts";
import { SqliteSignInStore } from "./sign-in-store.ts";
import { SqliteSipDevicesConfigurationStore } from "./sip-devices-configuration-store.ts";
import { SqliteTenantStore } from "./tenant-store.ts";
import { SqliteUserStore } from "./user-store.ts";
import { SqliteVerificationCodeStore } from "./verification-code-store.ts";

/**
 * Every store on `gateway.sqlite` in the data folder, for this process alone.
 * @throws DataFolderInUseError, SchemaTooNewError
 */
export function openSqliteStores(
  dataDirectory: string,
  logger: Pick<Logger, "error">,
  machineTime?: MachineTime,
): Stores {
  const database = openDatabase(dataDirectory);
  const group = new GroupCommit(database, machineTime);
  const bindings = new SqliteBindingStore(database, group);
  const devices = new SqliteDeviceStore(database, group, bindings);
  const ping = database.prepare("SELECT count(*) FROM tenants");
  return {
    tenants: new SqliteTenantStore(database, group),
    secrets: new SqliteSecretStore(database, group),
    administrators: new SqliteAdministratorStore(database, group),
    administratorSessions: new SqliteAdministratorSessionStore(database, group),
    devices,
    codes: new SqliteVerificationCodeStore(database, group, devices),
    accounts: new SqliteAccountStore(database, group),
    users: new SqliteUserStore(database, group),
    callingPolicies: new SqliteCallingPolicyStore(database, group),
    policyRefreshes: new SqlitePolicyRefreshStore(database, group),
    conditionalAccess: new SqliteConditionalAccessStore(database, group),
    sipDevicesConfiguration: new SqliteSipDevicesConfigurationStore(database, group),
    bulkSignIns: new SqliteBulkSignInStore(database, group),
    signIns: new SqliteSignInStore(database, group),
    commands: new SqliteCommandStore(database, group),
    identityState: new SqliteIdentityStateStore(database, group),
    bindings,
    history: new SqliteHistoryStore(database, group),
    liveEvents: new LocalLiveEventChannel(logger),
    ping: () =>
      group.read(() => {
        ping.get();
      }),
    stop: async () => {
      group.stop();
      if (database.isOpen) database.close();
    },
  };
}
