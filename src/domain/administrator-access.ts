import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { type ActingAdministrator, firstAdministratorName } from "./administrator.ts";
import {
  type AdministratorSession,
  sessionExpiresAt,
  sessionLimits,
} from "./administrator-session.ts";
import { hashSecret, looksLikeAdministratorToken } from "./administrator-token.ts";
import type { Stores } from "./stores.ts";
import type { TenantId } from "./tenant.ts";
import type { TimeSource } from "./time-source.ts";

/** An administrator who has proven who he is. */
export interface KnownAdministrator extends ActingAdministrator {
  /** What his sessions are tied to. */
  readonly id: string;
}

/** A session that holds. */
export interface LiveSession {
  readonly administrator: KnownAdministrator;
  /** What the page must send with each change, which another site's page cannot know. */
  readonly csrfToken: string;
  /** If it is not used again. */
  readonly expiresAtMilliseconds: number;
}

/** A session that has just begun. */
export interface OpenedSession extends LiveSession {
  /** What the browser holds: 32 random bytes in base64url. */
  readonly id: string;
}

/** What access is judged by. */
export interface AdministratorAccessDependencies {
  readonly stores: Pick<Stores, "administrators" | "administratorSessions">;
  readonly clock: TimeSource;
  readonly tenantId: TenantId;
  /** The first administrator's token. */
  readonly firstToken: string;
}

/** Says who brings a token or a session, and begins and ends sessions. */
export class AdministratorAccess {
  readonly #dependencies: AdministratorAccessDependencies;
  readonly #firstTokenHash: string;
  readonly #first: KnownAdministrator;

  constructor(dependencies: AdministratorAccessDependencies) {
    this.#dependencies = dependencies;
    this.#firstTokenHash = hashSecret(dependencies.firstToken);
    // A session begun with the first administrator's token ends with it.
    const id = `first-${hashSecret(this.#firstTokenHash)}`;
    this.#first = { id, name: firstAdministratorName, role: "administrator" };
  }

  /**
   * Whose token this is. Hashes are compared, so that the time it takes says neither how much of a
   * token is right nor how long it is.
   */
  async byToken(token: string): Promise<KnownAdministrator | undefined> {
    const { stores, tenantId } = this.#dependencies;
    const tokenHash = hashSecret(token);
    if (areEqual(tokenHash, this.#firstTokenHash)) return this.#first;
    if (!looksLikeAdministratorToken(token)) return undefined;
    const found = await stores.administrators.findByTokenHash(tenantId, tokenHash);
    return found?.kind === "token" && areEqual(found.tokenHash ?? "", tokenHash)
      ? found
      : undefined;
  }

  /** Begins a session. */
  async openSession(administrator: KnownAdministrator): Promise<OpenedSession> {
    const { stores, clock, tenantId } = this.#dependencies;
    const id = randomBytes(32).toString("base64url");
    const now = clock.nowMilliseconds();
    const session: AdministratorSession = {
      tenantId,
      idHash: hashSecret(id),
      administratorName: administrator.name,
      administratorId: administrator.id,
      createdAtMilliseconds: now,
      usedAtMilliseconds: now,
    };
    await stores.administratorSessions.put(session);
    return { id, ...liveSession(id, session, administrator) };
  }

  /**
   * The session of this id, with the role that its administrator has now.
   * @returns undefined when there is none, when it has expired, and when its administrator is no more
   */
  async bySession(id: string): Promise<LiveSession | undefined> {
    const { stores, clock, tenantId } = this.#dependencies;
    const found = await this.#findSession(id);
    if (found === undefined) return undefined;
    const { session, administrator } = found;
    const now = clock.nowMilliseconds();
    if (now - session.usedAtMilliseconds < sessionLimits.noteMilliseconds) {
      return liveSession(id, session, administrator);
    }
    await stores.administratorSessions.noteUse(tenantId, session.idHash, now);
    return liveSession(id, { ...session, usedAtMilliseconds: now }, administrator);
  }

  /** Whether a session holds still. Asking is no use of it, and lets it end in its time. */
  async sessionHolds(id: string): Promise<boolean> {
    return (await this.#findSession(id)) !== undefined;
  }

  /** Ends a session; one that is not there is ended already. */
  async closeSession(id: string): Promise<void> {
    const { stores, tenantId } = this.#dependencies;
    await stores.administratorSessions.remove(tenantId, hashSecret(id));
  }

  async #findSession(id: string) {
    const { stores, clock, tenantId } = this.#dependencies;
    if (!/^[\w-]{43}$/.test(id)) return undefined;
    const session = await stores.administratorSessions.find(tenantId, hashSecret(id));
    if (session === undefined) return undefined;
    if (sessionExpiresAt(session) <= clock.nowMilliseconds()) return undefined;
    const administrator = await this.#administratorOf(session);
    return administrator === undefined ? undefined : { session, administrator };
  }

  async #administratorOf(session: AdministratorSession): Promise<KnownAdministrator | undefined> {
    const { stores, tenantId } = this.#dependencies;
    const isFirst = session.administratorName === firstAdministratorName;
    const found = isFirst
      ? this.#first
      : await stores.administrators.find(tenantId, session.administratorName);
    return found?.id === session.administratorId ? found : undefined;
  }
}

/** Whether two secrets are equal, in a time that says nothing of either. */
export function areEqual(one: string, other: string): boolean {
  return timingSafeEqual(digest(one), digest(other));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

function liveSession(
  id: string,
  session: AdministratorSession,
  administrator: KnownAdministrator,
): LiveSession {
  return {
    administrator,
    // Of the id, so that it need not be kept, and that whoever reads the storage cannot make it.
    csrfToken: createHmac("sha256", id).update("csrf").digest("base64url"),
    expiresAtMilliseconds: sessionExpiresAt(session),
  };
}
