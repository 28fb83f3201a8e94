import { randomUUID } from "node:crypto";
import {
  type Administrator,
  type AdministratorRole,
  readAdministratorName,
} from "./administrator.ts";
import type { Stores } from "./stores.ts";
import type { TenantId } from "./tenant.ts";
import type { TimeSource } from "./time-source.ts";

/** What a browser keeps while its administrator is at the OpenID provider; each is base64url. */
export interface PendingAdministratorSignIn {
  readonly state: string;
  readonly nonce: string;
  /** RFC 7636 §4.1. */
  readonly codeVerifier: string;
}

/** How an administrator came back from the OpenID provider. Names are as the provider tells them. */
export type AdministratorSignInAnswer =
  /** `role` is null where the provider gives him none. */
  | {
      readonly outcome: "granted";
      readonly name: string;
      readonly role: AdministratorRole | null;
    }
  | { readonly outcome: "refused" | "unavailable"; readonly reason: string };

/** Signs administrators in at an OpenID provider, by the authorization code flow (OpenID Connect Core §3.1). */
export interface AdministratorIdentityProvider {
  /** Where to send the browser. @throws IdentityProviderError */
  begin(): Promise<{ readonly url: string; readonly pending: PendingAdministratorSignIn }>;
  /** @param query what the provider sent the browser back with, from its question mark on */
  finish(query: string, pending: PendingAdministratorSignIn): Promise<AdministratorSignInAnswer>;
}

/** What became of letting in an administrator whom the OpenID provider knows. */
export type EnterAdministratorOutcome =
  | { readonly outcome: "entered"; readonly administrator: Administrator }
  | {
      readonly outcome: "no-role" | "bad-name" | "name-taken" | "full";
    };

/**
 * Lets in an administrator with the role that the provider gives him now, and notes him among the
 * others. One who has no role any more is removed, and with him his sessions.
 */
export async function enterAdministrator(
  dependencies: Pick<Stores, "administrators" | "administratorSessions"> & {
    readonly clock: TimeSource;
  },
  tenantId: TenantId,
  granted: { readonly name: string; readonly role: AdministratorRole | null },
): Promise<EnterAdministratorOutcome> {
  const { administrators, administratorSessions, clock } = dependencies;
  const reading = readAdministratorName(granted.name);
  if (!reading.ok) return { outcome: "bad-name" };
  const { name } = reading;
  const former = await administrators.find(tenantId, name);
  if (former?.kind === "token") return { outcome: "name-taken" };
  const { role } = granted;
  if (role === null) {
    if (former !== undefined) await administrators.remove(tenantId, name);
    await administratorSessions.removeAll(tenantId, name);
    return { outcome: "no-role" };
  }
  if (former !== undefined) {
    const administrator = await administrators.changeRole(tenantId, name, role);
    if (administrator?.kind === "openid") return { outcome: "entered", administrator };
  }
  const administrator: Administrator = {
    tenantId,
    id: randomUUID(),
    name,
    role,
    kind: "openid",
    tokenHash: null,
    createdAtMilliseconds: clock.nowMilliseconds(),
  };
  const outcome = await administrators.insert(administrator);
  if (outcome === "inserted") return { outcome: "entered", administrator };
  // Somebody else was entered under the name in between, or there is no room.
  return { outcome: outcome === "exists" ? "name-taken" : "full" };
}
