import { createHash } from "node:crypto";
import type { MacAddress } from "./mac-address.ts";
import type { TenantId } from "./tenant.ts";

/** H(username:realm:password) for each digest algorithm, in lower-case hexadecimal (RFC 7616 §3.4.2). */
export interface Ha1 {
  readonly md5: string;
  readonly sha256: string;
}

/** The digest's H(A1) of an account's name and password in a realm. */
export function ha1Of(authenticationName: string, realm: string, password: string): Ha1 {
  const text = `${authenticationName}:${realm}:${password}`;
  return {
    md5: createHash("md5").update(text).digest("hex"),
    sha256: createHash("sha256").update(text).digest("hex"),
  };
}

/** The SIP account of a signed-in user on one device. */
export interface Account {
  readonly tenantId: TenantId;
  /** The username of the digest; unique among all accounts. */
  readonly authenticationName: string;
  /** The digest's realm: the domain of the AOR. */
  readonly realm: string;
  /** `sip:+14255550100@contoso.example`, canonical. */
  readonly aor: string;
  readonly upn: string;
  /** The device it was made for; null for a soft phone's account. */
  readonly macAddress: MacAddress | null;
  readonly ha1: Ha1;
}

/** Where users' accounts are kept. Onboarding accounts are not: they are derived (see onboarding-account.ts). */
export interface AccountStore {
  findByAuthenticationName(authenticationName: string): Promise<Account | undefined>;
  /** Whether any account has this AOR. */
  aorExists(tenantId: TenantId, aor: string): Promise<boolean>;
  /** Writes all of them, or none. */
  putMany(accounts: readonly Account[]): Promise<void>;
  /** Removes this account, if it is there. */
  remove(tenantId: TenantId, authenticationName: string): Promise<void>;
  /** Removes the accounts of a device, all but the one of this authentication name if one is given. */
  removeByDevice(
    tenantId: TenantId,
    macAddress: MacAddress,
    keptAuthenticationName?: string | null,
  ): Promise<void>;
}
