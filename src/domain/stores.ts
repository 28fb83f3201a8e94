import type { AccountStore } from "./account.ts";
import type { AdministratorStore } from "./administrator.ts";
import type { AdministratorSessionStore } from "./administrator-session.ts";
import type { BindingStore } from "./binding.ts";
import type { BulkSignInStore } from "./bulk-sign-in.ts";
import type { CallingPolicyStore } from "./calling-policy.ts";
import type { CommandStore } from "./command.ts";
import type { ConditionalAccessStore } from "./conditional-access.ts";
import type { DeviceStore } from "./device.ts";
import type { HistoryStore } from "./history.ts";
import type { IdentityStateStore } from "./identity-state.ts";
import type { LiveEventChannel } from "./live-events.ts";
import type { PolicyRefreshStore } from "./policy-refresh.ts";
import type { SignInStore } from "./sign-in.ts";
import type { SipDevicesConfigurationStore } from "./sip-devices-configuration.ts";
import type { TenantStore } from "./tenant.ts";
import type { UserStore } from "./user.ts";
import type { VerificationCodeStore } from "./verification-code.ts";

/** Secrets that all nodes share, made once. */
export interface SecretStore {
  /** The secret of this name; on the first call `candidate` is written and returned, once for all nodes. */
  ensure(name: string, candidate: Buffer): Promise<Buffer>;
}

/** Everything the gateway keeps. One implementation on SQLite and one on Redis pass the same contract test. */
export interface Stores {
  readonly tenants: TenantStore;
  readonly secrets: SecretStore;
  readonly administrators: AdministratorStore;
  readonly administratorSessions: AdministratorSessionStore;
  readonly devices: DeviceStore;
  readonly codes: VerificationCodeStore;
  readonly accounts: AccountStore;
  readonly users: UserStore;
  readonly callingPolicies: CallingPolicyStore;
  readonly policyRefreshes: PolicyRefreshStore;
  readonly conditionalAccess: ConditionalAccessStore;
  readonly sipDevicesConfiguration: SipDevicesConfigurationStore;
  readonly bulkSignIns: BulkSignInStore;
  readonly signIns: SignInStore;
  readonly identityState: IdentityStateStore;
  readonly commands: CommandStore;
  readonly bindings: BindingStore;
  readonly history: HistoryStore;
  readonly liveEvents: LiveEventChannel;
  /** Resolves when the storage answers. @throws StoreUnavailableError */
  ping(): Promise<void>;
  /** Writes what is pending and lets go of files and connections. */
  stop(): Promise<void>;
}

/** The storage does not answer. What was asked has not been acknowledged and may be tried again. */
export class StoreUnavailableError extends Error {
  readonly code = "STORE_UNAVAILABLE";

  constructor(cause: unknown) {
    super("The storage does not answer.", { cause });
    this.name = "StoreUnavailableError";
  }
}
