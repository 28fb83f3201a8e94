import type { TenantId } from "./tenant.ts";

/** A person who can be signed in on a device. */
export interface User {
  readonly tenantId: TenantId;
  /** User principal name, lower case: `adele@contoso.example`. */
  readonly upn: string;
  readonly displayName: string;
  /** E.164 with a plus, or null: then nobody can be signed in as this user. */
  readonly phoneNumber: string | null;
}

/** Where users are kept. */
export interface UserStore {
  find(tenantId: TenantId, upn: string): Promise<User | undefined>;
  findByPhoneNumber(tenantId: TenantId, phoneNumber: string): Promise<User | undefined>;
  /** Writes all of them, or none; who has the same UPN is replaced. */
  putMany(users: readonly User[]): Promise<void>;
}

/** The AOR of a user's account: `sip:+14255550100@contoso.example`. */
export function userAor(phoneNumber: string, domain: string): string {
  return `sip:${phoneNumber}@${domain}`;
}
