import type { TenantId } from "./tenant.ts";

/** How a tenant uses SIP devices (Microsoft's Set-CsTeamsSipDevicesConfiguration). */
export interface SipDevicesConfiguration {
  readonly tenantId: TenantId;
  /** Whether administrators may sign users in by a file, without a pairing code. */
  readonly bulkSignIn: "enabled" | "disabled";
}

/** Where tenants' configurations are kept. */
export interface SipDevicesConfigurationStore {
  /** The configuration, or {@link initialSipDevicesConfiguration} when none was ever written. */
  find(tenantId: TenantId): Promise<SipDevicesConfiguration>;
  put(configuration: SipDevicesConfiguration): Promise<void>;
}

/** That of a tenant that never wrote one, as at Microsoft: bulk sign-in is to be enabled first. */
export function initialSipDevicesConfiguration(tenantId: TenantId): SipDevicesConfiguration {
  return { tenantId, bulkSignIn: "disabled" };
}
