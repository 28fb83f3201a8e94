import { enforceMissed } from "./enforce-missed.ts";
import { type EnforceDependencies, enforcePolicy, enforceUser } from "./enforce-user.ts";
import type { Stores } from "./stores.ts";
import type { TenantId } from "./tenant.ts";
import type { WaitingTimeSource } from "./time-source.ts";

/** When a node that has started first looks for what an earlier one left undone: phones come back before. */
export const firstWalkMilliseconds = 60_000;

/** Between two looks at everybody who is signed in. */
export const walkIntervalMilliseconds = 3_600_000;

/** What an enforcer needs. */
export type EnforcerDependencies = EnforceDependencies &
  Pick<Stores, "tenants"> & { readonly clock: WaitingTimeSource };

/**
 * Enforces changes of users and policies in the background, one after the other in the order of the
 * changes, so that a policy of many users holds up nobody. What is queued is in memory alone; once
 * started, it also looks at everybody who is signed in, for what a crash cut short.
 */
export class Enforcer {
  readonly #needs: EnforcerDependencies;
  readonly #onError: (error: unknown) => void;
  /** Ends when all that was asked for so far is done. */
  #last: Promise<void> = Promise.resolve();
  #walk: Promise<void> = Promise.resolve();
  #timer: { cancel(): void } | undefined;
  #stopped = false;

  /** @param onError told of faults; the rest is still enforced */
  constructor(dependencies: EnforcerDependencies, onError: (error: unknown) => void) {
    this.#needs = dependencies;
    this.#onError = onError;
  }

  /** From now on looks once an hour for what was missed, first after a minute. */
  start(): void {
    this.#walkAfter(firstWalkMilliseconds);
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
  async idle(): Promise<void> {
    await this.#walk;
    await this.#last;
  }

  /** Begins nothing more, and resolves when what is under way has ended. */
  stop(): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
    return this.idle();
  }

  #enqueue(work: () => Promise<void>): void {
    this.#last = this.#last
      .then(() => (this.#stopped ? undefined : work()))
      .catch((error: unknown) => this.#onError(error));
  }

  /** Beside the queue, not in it: a change that was just made waits for no walk. */
  #walkAfter(delayMilliseconds: number): void {
    this.#timer = this.#needs.clock.schedule(delayMilliseconds, () => {
      const onError = this.#onError;
      this.#walk = enforceMissed({ ...this.#needs, onError, isStopped: () => this.#stopped })
        .catch(onError)
        .finally(() => {
          if (!this.#stopped) this.#walkAfter(walkIntervalMilliseconds);
        });
    });
  }
}
