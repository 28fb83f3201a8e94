import { type EnforceDependencies, enforcePolicy, enforceUser } from "./enforce-user.ts";
import type { TenantId } from "./tenant.ts";

/**
 * Enforces changes of users and policies in the background, one after the other in the order of the
 * changes, so that a policy of many users holds up nobody.
 */
export class Enforcer {
  readonly #needs: EnforceDependencies;
  readonly #onError: (error: unknown) => void;
  /** Ends when all that was asked for so far is done. */
  #last: Promise<void> = Promise.resolve();
  #stopped = false;

  /** @param onError told of faults; the rest is still enforced */
  constructor(dependencies: EnforceDependencies, onError: (error: unknown) => void) {
    this.#needs = dependencies;
    this.#onError = onError;
  }

  /** A user was written. Returns at once. */
  userChanged(tenantId: TenantId, upn: string): void {
    this.#enqueue(async () => void (await enforceUser(this.#needs, tenantId, upn)));
  }

  /** The settings of a calling policy are others now. Returns at once. */
  policyChanged(tenantId: TenantId, policyName: string): void {
    this.#enqueue(() => enforcePolicy(this.#needs, tenantId, policyName, () => this.#stopped));
  }

  /** Resolves when all that was asked for so far is done. */
  idle(): Promise<void> {
    return this.#last;
  }

  /** Begins nothing more, and resolves when what is under way has ended. */
  stop(): Promise<void> {
    this.#stopped = true;
    return this.#last;
  }

  #enqueue(work: () => Promise<void>): void {
    this.#last = this.#last
      .then(() => (this.#stopped ? undefined : work()))
      .catch((error: unknown) => this.#onError(error));
  }
}
