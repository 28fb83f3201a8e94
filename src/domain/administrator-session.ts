import type { TenantId } from "./tenant.ts";

/** How long a session lasts: in all, and without a request. */
export const sessionLimits = {
  lifetimeMilliseconds: 12 * 3_600_000,
  idleMilliseconds: 2 * 3_600_000,
  /** Use is written down when it was last written so long ago. */
  noteMilliseconds: 60_000,
  /** Of one administrator; the oldest ends when there are more. */
  most: 20,
} as const;

/** A browser in which an administrator is signed in. */
export interface AdministratorSession {
  readonly tenantId: TenantId;
  /** SHA-256 of the id that the browser holds, in base64url. */
  readonly idHash: string;
  readonly administratorName: string;
  /** It ends with the administrator of this id, and is not of another of the same name. */
  readonly administratorId: string;
  readonly createdAtMilliseconds: number;
  readonly usedAtMilliseconds: number;
}

/** Until when a session holds if it is not used again. */
export function sessionExpiresAt(session: AdministratorSession): number {
  return Math.min(
    session.createdAtMilliseconds + sessionLimits.lifetimeMilliseconds,
    session.usedAtMilliseconds + sessionLimits.idleMilliseconds,
  );
}

/** Where sessions are kept, for all nodes. Whoever reads judges expiry; later writes collect what has expired. */
export interface AdministratorSessionStore {
  /** Writes a new session; the administrator's oldest go when he has more than {@link sessionLimits}. */
  put(session: AdministratorSession): Promise<void>;
  find(tenantId: TenantId, idHash: string): Promise<AdministratorSession | undefined>;
  /** Notes when a session was used; one that has ended stays so. */
  noteUse(tenantId: TenantId, idHash: string, usedAtMilliseconds: number): Promise<void>;
  remove(tenantId: TenantId, idHash: string): Promise<void>;
  /** Ends all of an administrator; names are compared without regard to case. */
  removeAll(tenantId: TenantId, administratorName: string): Promise<void>;
}
