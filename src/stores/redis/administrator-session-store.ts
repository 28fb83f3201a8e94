import {
  type AdministratorSession,
  type AdministratorSessionStore,
  sessionLimits,
} from "../../domain/administrator-session.ts";
import type { TenantId } from "../../domain/tenant.ts";
import { fold } from "../fold.ts";
import type { RedisConnection } from "./redis-connection.ts";
import { tenantKey } from "./redis-keys.ts";

/**
 * Redis drops a session this long after its last moment. Its time goes on while the laboratory moves
 * the gateway's, and that only lets a session of the laboratory be kept longer or be gone early.
 */
const keptAfterEndMilliseconds = 10 * 60 * 1000;

/** Administrators' sessions in Redis: a key each, and for each administrator the order of his own. */
export class RedisAdministratorSessionStore implements AdministratorSessionStore {
  readonly #connection: RedisConnection;

  constructor(connection: RedisConnection) {
    this.#connection = connection;
  }

  async put(session: AdministratorSession): Promise<void> {
    const { tenantId, idHash, administratorName, createdAtMilliseconds } = session;
    await this.#connection.runScript(
      "put-administrator-session",
      [sessionKey(tenantId, idHash), orderKey(tenantId, administratorName)],
      [
        encode(session),
        createdAtMilliseconds,
        sessionLimits.lifetimeMilliseconds + keptAfterEndMilliseconds,
        sessionLimits.most,
        idHash,
        sessionKey(tenantId, ""),
      ],
    );
  }

  async find(tenantId: TenantId, idHash: string): Promise<AdministratorSession | undefined> {
    const key = sessionKey(tenantId, idHash);
    const text = await this.#connection.run((redis) => redis.get(key));
    return text === null ? undefined : decode(text);
  }

  async noteUse(tenantId: TenantId, idHash: string, usedAtMilliseconds: number): Promise<void> {
    const keys = [sessionKey(tenantId, idHash)];
    const values = [usedAtMilliseconds];
    await this.#connection.runScript("note-administrator-session-use", keys, values);
  }

  /** Its place in the order stays until the order is trimmed or expires; it leads nowhere. */
  async remove(tenantId: TenantId, idHash: string): Promise<void> {
    await this.#connection.run((redis) => redis.del(sessionKey(tenantId, idHash)));
  }

  async removeAll(tenantId: TenantId, administratorName: string): Promise<void> {
    const keys = [orderKey(tenantId, administratorName)];
    const values = [sessionKey(tenantId, "")];
    await this.#connection.runScript("remove-administrator-sessions", keys, values);
  }
}

/** When it was last used stands before the document, for the script. */
function encode({ usedAtMilliseconds, ...document }: AdministratorSession): string {
  return `${usedAtMilliseconds} ${JSON.stringify(document)}`;
}

function decode(text: string): AdministratorSession {
  const space = text.indexOf(" ");
  const document = JSON.parse(text.slice(space)) as AdministratorSession;
  return { ...document, usedAtMilliseconds: Number(text.slice(0, space)) };
}

function sessionKey(tenantId: TenantId, idHash: string): string {
  return tenantKey(tenantId, `administrator-session:${idHash}`);
}

function orderKey(tenantId: TenantId, administratorName: string): string {
  return tenantKey(tenantId, `administrator-sessions-of:${fold(administratorName)}`);
}
