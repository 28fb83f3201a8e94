import { type CallingPolicyStore, globalPolicyName } from "./calling-policy.ts";
import { hashPassword, passwordLengths } from "./password-hash.ts";
import { readPhoneNumber } from "./phone-number.ts";
import { readPlainText } from "./plain-text.ts";
import type { Stores } from "./stores.ts";
import type { TenantId } from "./tenant.ts";
import type { Forwarding, User } from "./user.ts";
import { readUserPrincipalName } from "./user-principal-name.ts";

/** Longest display name, in characters. */
export const longestDisplayName = 256;

/** What writing a user needs. */
export type PutUserDependencies = Pick<Stores, "users" | "callingPolicies">;

/** A user as an administrator wrote it; what is absent has its usual value. */
export interface UserEntry {
  readonly upn: string;
  readonly displayName: string;
  readonly phoneNumber?: string | null;
  readonly callingPolicy?: string;
  readonly forwarding?: Forwarding | null;
  readonly doNotDisturb?: boolean;
  /** Absent: the former one stays; null: no sign-in with the built-in identity provider. */
  readonly password?: string | null;
}

/** What is wrong, by the field of the entry. */
export type UserFaults = Readonly<Partial<Record<keyof UserEntry, string>>>;

/** What became of it. */
export type PutUserOutcome =
  | { readonly outcome: "created" | "replaced"; readonly user: User }
  | { readonly outcome: "invalid"; readonly faults: UserFaults }
  /** Another user has the number. */
  | { readonly outcome: "number-taken"; readonly upn: string };

/**
 * Writes a user over the one of the same UPN. A phone number belongs to one user of the tenant, since
 * it makes the AOR; a calling policy must be there before users are given it. Whether the policy
 * allows a forwarding is judged when a call is forwarded, not here: policies change.
 */
export async function putUser(
  dependencies: PutUserDependencies,
  tenantId: TenantId,
  entry: UserEntry,
): Promise<PutUserOutcome> {
  const { users, callingPolicies } = dependencies;
  const policyName = await readPolicyName(callingPolicies, tenantId, entry.callingPolicy);
  const reading = readEntry(entry, policyName);
  if (!reading.ok) return { outcome: "invalid", faults: reading.faults };

  const former = await users.find(tenantId, reading.user.upn);
  const passwordHash = await hashOf(entry.password, former);
  const user: User = { tenantId, ...reading.user, passwordHash };
  const holder = await users.putWithOwnNumber(user);
  if (holder !== undefined) return { outcome: "number-taken", upn: holder };
  return { outcome: former === undefined ? "created" : "replaced", user };
}

type ReadUser = Omit<User, "tenantId" | "passwordHash">;

function readEntry(
  entry: UserEntry,
  policyName: string | undefined,
):
  | { readonly ok: true; readonly user: ReadUser }
  | { readonly ok: false; readonly faults: UserFaults } {
  const upn = readUserPrincipalName(entry.upn);
  const name = readPlainText(entry.displayName, "A display name", longestDisplayName);
  const number = readOptionalNumber(entry.phoneNumber);
  const forwarding = readForwarding(entry.forwarding);
  const password = passwordFault(entry.password);
  if (upn.ok && name.ok && number.ok && forwarding.ok && policyName !== undefined && !password) {
    const user = {
      upn: upn.upn,
      displayName: name.text,
      phoneNumber: number.phoneNumber,
      callingPolicy: policyName,
      forwarding: forwarding.forwarding,
      doNotDisturb: entry.doNotDisturb ?? false,
    };
    return { ok: true, user };
  }
  const faults = {
    ...(upn.ok ? {} : { upn: upn.reason }),
    ...(name.ok ? {} : { displayName: name.reason }),
    ...(number.ok ? {} : { phoneNumber: number.reason }),
    ...(forwarding.ok ? {} : { forwarding: forwarding.reason }),
    ...(policyName === undefined ? { callingPolicy: "There is no such calling policy." } : {}),
    ...(password === undefined ? {} : { password }),
  };
  return { ok: false, faults };
}

function readOptionalNumber(
  text: string | null | undefined,
): { ok: true; phoneNumber: string | null } | { ok: false; reason: string } {
  if (text === null || text === undefined) return { ok: true, phoneNumber: null };
  return readPhoneNumber(text);
}

function readForwarding(
  forwarding: Forwarding | null | undefined,
): { ok: true; forwarding: Forwarding | null } | { ok: false; reason: string } {
  if (forwarding === null || forwarding === undefined) return { ok: true, forwarding: null };
  const { when, to } = forwarding;
  if (to.includes("@")) {
    const upn = readUserPrincipalName(to);
    return upn.ok ? { ok: true, forwarding: { when, to: upn.upn } } : upn;
  }
  const number = readPhoneNumber(to);
  return number.ok ? { ok: true, forwarding: { when, to: number.phoneNumber } } : number;
}

function passwordFault(password: string | null | undefined): string | undefined {
  if (password === null || password === undefined) return undefined;
  const { least, most } = passwordLengths;
  if (password.length >= least && password.length <= most) return undefined;
  return `A password has ${least} to ${most} characters.`;
}

async function readPolicyName(
  policies: CallingPolicyStore,
  tenantId: TenantId,
  name: string = globalPolicyName,
): Promise<string | undefined> {
  return (await policies.find(tenantId, name))?.name;
}

async function hashOf(
  password: string | null | undefined,
  former: User | undefined,
): Promise<string | null> {
  if (password === undefined) return former?.passwordHash ?? null;
  return password === null ? null : hashPassword(password);
}
