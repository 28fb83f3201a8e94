import { errors, type StateAdapter } from "oidc-provider";
import type { FoundIdentityState, IdentityStateStore } from "../../domain/identity-state.ts";
import type { TimeSource } from "../../domain/time-source.ts";

/** What has expired is kept a little, so that who comes late is told `expired` and not `unknown`. */
const keptAfterExpirySeconds = 10 * 60;
/** For what oidc-provider gives no lifetime. */
const defaultLifetimeSeconds = 60 * 60;

/** oidc-provider's state of one kind, in a store of ours (its documentation, "Adapter"). */
export class IdentityStateAdapter implements StateAdapter {
  readonly #kind: string;
  readonly #store: IdentityStateStore;
  readonly #clock: TimeSource;

  constructor(kind: string, store: IdentityStateStore, clock: TimeSource) {
    this.#kind = kind;
    this.#store = store;
    this.#clock = clock;
  }

  upsert(id: string, payload: Record<string, unknown>, expiresIn?: number): Promise<void> {
    const now = this.#clock.nowMilliseconds();
    const lifetimeSeconds = (expiresIn ?? defaultLifetimeSeconds) + keptAfterExpirySeconds;
    const record = {
      kind: this.#kind,
      id,
      document: JSON.stringify(payload),
      alias: textOrNull(this.#kind === "DeviceCode" ? payload.userCode : payload.uid),
      grantId: textOrNull(payload.grantId),
      expiresAtMilliseconds: now + lifetimeSeconds * 1000,
    };
    return this.#store.put(record, now);
  }

  async find(id: string): Promise<Record<string, unknown> | undefined> {
    return payloadOf(await this.#store.find(this.#kind, id));
  }

  async findByUserCode(userCode: string): Promise<Record<string, unknown> | undefined> {
    return payloadOf(await this.#store.findByAlias(this.#kind, userCode));
  }

  async findByUid(uid: string): Promise<Record<string, unknown> | undefined> {
    return payloadOf(await this.#store.findByAlias(this.#kind, uid));
  }

  /** @throws InvalidGrant when another node, or another request, was faster */
  async consume(id: string): Promise<void> {
    const isFirst = await this.#store.consume(this.#kind, id, this.#clock.nowMilliseconds());
    if (!isFirst) throw new errors.InvalidGrant("already consumed");
  }

  destroy(id: string): Promise<void> {
    return this.#store.remove(this.#kind, id);
  }

  revokeByGrantId(grantId: string): Promise<void> {
    return this.#store.removeByGrant(grantId);
  }
}

function payloadOf(found: FoundIdentityState | undefined): Record<string, unknown> | undefined {
  if (found === undefined) return undefined;
  const payload = JSON.parse(found.document) as Record<string, unknown>;
  if (found.consumedAtMilliseconds === null) return payload;
  return { ...payload, consumed: Math.floor(found.consumedAtMilliseconds / 1000) };
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
