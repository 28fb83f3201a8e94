import type { TenantId } from "./tenant.ts";

/** What administrators may do, from the least to the most; each may do what those before it may. */
export const administratorRoles = ["reader", "technician", "administrator"] as const;

/**
 * A `reader` looks, a `technician` also adds devices, says where they stand and makes codes, an
 * `administrator` does everything.
 */
export type AdministratorRole = (typeof administratorRoles)[number];

/** Who acts: as recorded with what is done, and what that may be. */
export interface ActingAdministrator {
  readonly name: string;
  readonly role: AdministratorRole;
}

/** Whether someone in this role may do what needs at least that one. */
export function roleSuffices(role: AdministratorRole, needed: AdministratorRole): boolean {
  return administratorRoles.indexOf(role) >= administratorRoles.indexOf(needed);
}

/** The name of the administrator whose token is in the settings; he is in no store. */
export const firstAdministratorName = "admin";

/** Characters of a name at the most. */
export const longestAdministratorName = 64;

/** Names that a history gives to others than administrators. */
const takenNames: readonly string[] = [firstAdministratorName, "phone", "gateway", "unknown"];

/** What became of reading a name; `reason` says what to correct. */
export type AdministratorNameReading =
  | { readonly ok: true; readonly name: string }
  | { readonly ok: false; readonly reason: string };

/** Reads the name of an administrator: it stands in histories and paths, so it is plain. */
export function readAdministratorName(text: string): AdministratorNameReading {
  const name = text.normalize("NFC").trim();
  if (!/^[\p{L}\p{N}][\p{L}\p{M}\p{N} ._@+'-]{0,63}$/u.test(name)) {
    return {
      ok: false,
      reason: `A name has 1 to ${longestAdministratorName} letters, digits, spaces and . _ @ + ' -, and begins with a letter or digit.`,
    };
  }
  if (takenNames.includes(name.toLowerCase())) {
    return { ok: false, reason: `The name ${name} has a meaning of its own; choose another.` };
  }
  return { ok: true, name };
}

/** An administrator beside the first one. */
export interface Administrator extends ActingAdministrator {
  readonly tenantId: TenantId;
  /** Never given again, also when one of the same name is added later. */
  readonly id: string;
  /** How he proves who he is: with a token, or at the OpenID provider, whose claim says his role. */
  readonly kind: "token" | "openid";
  /** SHA-256 of the token, in base64url; null without one. */
  readonly tokenHash: string | null;
  readonly createdAtMilliseconds: number;
}

/** Administrators that are kept for a tenant, at the most. */
export const mostAdministrators = 1000;

/** Where administrators are kept. Names are compared without regard to case. */
export interface AdministratorStore {
  /** Adds one, in one atomic step; `exists` and `full` write nothing. */
  insert(administrator: Administrator): Promise<"inserted" | "exists" | "full">;
  find(tenantId: TenantId, name: string): Promise<Administrator | undefined>;
  findByTokenHash(tenantId: TenantId, tokenHash: string): Promise<Administrator | undefined>;
  /** All of them, by name. */
  list(tenantId: TenantId): Promise<readonly Administrator[]>;
  /** @returns the administrator as it then is; undefined when there is none */
  changeRole(
    tenantId: TenantId,
    name: string,
    role: AdministratorRole,
  ): Promise<Administrator | undefined>;
  /** @returns false when there is none */
  remove(tenantId: TenantId, name: string): Promise<boolean>;
}
