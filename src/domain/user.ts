import type { Page } from "./device.ts";
import type { TenantId } from "./tenant.ts";

/** Where calls for a user go beside him, instead of him, or when he does not take them. */
export interface Forwarding {
  /** `simultaneous`: the other one is rung along with the user. */
  readonly when: "always" | "no-answer" | "busy" | "simultaneous";
  /** E.164 with a plus, or a UPN. */
  readonly to: string;
}

/** A person who can be signed in on a device. */
export interface User {
  readonly tenantId: TenantId;
  /** User principal name, lower case: `adele@contoso.example`. */
  readonly upn: string;
  readonly displayName: string;
  /** E.164 with a plus, or null: then nobody can be signed in as this user. */
  readonly phoneNumber: string | null;
  /** Name of the calling policy. */
  readonly callingPolicy: string;
  readonly forwarding: Forwarding | null;
  readonly doNotDisturb: boolean;
  /** For the built-in identity provider (see password-hash.ts); null: no sign-in with it. Never shown. */
  readonly passwordHash: string | null;
}

/** What becomes of calls for a user: the part of him that he may change himself, from his phone. */
export type CallHandling = Pick<User, "forwarding" | "doNotDisturb">;

/** Where users are kept. */
export interface UserStore {
  find(tenantId: TenantId, upn: string): Promise<User | undefined>;
  /** Those with these UPNs, in the same order; undefined where there is none. */
  findMany(tenantId: TenantId, upns: readonly string[]): Promise<readonly (User | undefined)[]>;
  findByPhoneNumber(tenantId: TenantId, phoneNumber: string): Promise<User | undefined>;
  /** By UPN; `search` is part of UPN, name or number, in any case; `cursor` the last UPN of the page before. */
  list(
    tenantId: TenantId,
    query: { readonly search?: string; readonly limit: number; readonly cursor?: string },
  ): Promise<Page<User>>;
  /** Writes all of them, or none; who has the same UPN is replaced. */
  putMany(users: readonly User[]): Promise<void>;
  /**
   * Writes a user, in one atomic step, unless another one has the phone number.
   * @returns the UPN of the one who has it, with nothing written; undefined when it is written
   */
  putWithOwnNumber(user: User): Promise<string | undefined>;
  /**
   * Changes how a user's calls are handled and nothing else of him, in one atomic step.
   * @returns false, with nothing written, when there is no such user
   */
  setCallHandling(
    tenantId: TenantId,
    upn: string,
    changes: Partial<CallHandling>,
  ): Promise<boolean>;
  /** @returns false when there was none */
  remove(tenantId: TenantId, upn: string): Promise<boolean>;
}

/** The AOR of a user's account: `sip:+14255550100@contoso.example`. */
export function userAor(phoneNumber: string, domain: string): string {
  return `sip:${phoneNumber}@${domain}`;
}
