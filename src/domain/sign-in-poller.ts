import { type CompleteSignInDependencies, completeSignIn } from "./complete-sign-in.ts";
import { settleUnsuccessful } from "./settle-sign-in.ts";
import type { AuthorizationPoll, IdentityProvider, SignIn } from "./sign-in.ts";
import { SignInTakeover } from "./sign-in-takeover.ts";
import type { WaitingTimeSource } from "./time-source.ts";

/** How much longer to wait after each `slow_down` (RFC 8628 §3.5). */
const slowDownMilliseconds = 5000;

/** Longest wait between two polls of an identity provider that does not answer. */
const longestIntervalMilliseconds = 60_000;

/** What polling needs. */
export type SignInPollerDependencies = Omit<CompleteSignInDependencies, "clock"> & {
  readonly clock: WaitingTimeSource;
  readonly identityProvider: IdentityProvider;
  readonly nodeId: string;
  /** Told of faults; the sign-in is tried again until it expires. */
  readonly onError: (error: unknown) => void;
};

interface Watch {
  signIn: SignIn;
  intervalMilliseconds: number;
  timer: { cancel(): void } | undefined;
}

/**
 * Asks the identity provider whether users have signed in, for the sign-ins that this node began
 * or took over: each at its own interval, until it is granted, denied, expired or replaced. The only owner of
 * these timers.
 */
export class SignInPoller {
  readonly #needs: SignInPollerDependencies;
  /** By the id of the sign-in. */
  readonly #watches = new Map<string, Watch>();
  readonly #underWay = new Set<Promise<void>>();
  readonly #takeover: SignInTakeover;
  #stopped = false;

  constructor(dependencies: SignInPollerDependencies) {
    this.#needs = dependencies;
    this.#takeover = new SignInTakeover({
      ...dependencies,
      watch: (signIn) => this.watch(signIn),
    });
  }

  /** How many sign-ins are waited for. */
  get pending(): number {
    return this.#watches.size;
  }

  /**
   * Takes up the sign-ins that this node left pending when it last ended, and from now on those of
   * nodes that die. @throws StoreUnavailableError
   */
  async start(): Promise<void> {
    for (const signIn of await this.#needs.signIns.listPending(this.#needs.nodeId)) {
      this.watch(signIn);
    }
    await this.#takeover.start();
  }

  /** Polls for a sign-in from now on; one whose grant is known already is completed at once. */
  watch(signIn: SignIn): void {
    if (this.#stopped || this.#watches.has(signIn.id)) return;
    const intervalMilliseconds = signIn.intervalSeconds * 1000;
    const watch: Watch = { signIn, intervalMilliseconds, timer: undefined };
    this.#watches.set(signIn.id, watch);
    this.#wait(watch, signIn.upn === null ? intervalMilliseconds : 0);
  }

  /** Resolves when the polls that are under way have ended. */
  async idle(): Promise<void> {
    await this.#takeover.idle();
    await Promise.all(this.#underWay);
  }

  /** Polls no more, and resolves when what is under way has ended. Pending sign-ins stay pending. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const { timer } of this.#watches.values()) timer?.cancel();
    this.#watches.clear();
    await this.#takeover.stop();
    await this.idle();
  }

  #wait(watch: Watch, delayMilliseconds: number): void {
    const left = watch.signIn.expiresAtMilliseconds - this.#needs.clock.nowMilliseconds();
    const delay = Math.max(0, Math.min(delayMilliseconds, left));
    watch.timer = this.#needs.clock.schedule(delay, () => {
      const step = this.#step(watch).finally(() => this.#underWay.delete(step));
      this.#underWay.add(step);
    });
  }

  async #step(watch: Watch): Promise<void> {
    let isOver = false;
    try {
      isOver = await this.#poll(watch);
    } catch (error) {
      watch.intervalMilliseconds = longer(watch.intervalMilliseconds);
      this.#needs.onError(error);
    }
    if (this.#stopped) return;
    if (isOver) this.#watches.delete(watch.signIn.id);
    else this.#wait(watch, watch.intervalMilliseconds);
  }

  /** @returns whether the sign-in has come to its end */
  async #poll(watch: Watch): Promise<boolean> {
    const { signIns, identityProvider, clock, nodeId } = this.#needs;
    const { tenantId, macAddress, id } = watch.signIn;
    const stored = await signIns.find(tenantId, macAddress);
    if (stored === undefined || stored.id !== id || stored.status !== "pending") return true;
    // This node was silent for too long, and another has taken it over. With a grant both may complete it.
    if (stored.nodeId !== nodeId && stored.upn === null) return true;
    watch.signIn = stored;
    if (stored.upn !== null) {
      await completeSignIn(this.#needs, stored, stored.upn);
      return true;
    }
    if (clock.nowMilliseconds() >= stored.expiresAtMilliseconds) return this.#expire(stored);
    return this.#heed(watch, await identityProvider.poll(stored.deviceCode));
  }

  async #heed(watch: Watch, answer: AuthorizationPoll): Promise<boolean> {
    switch (answer.outcome) {
      case "pending":
        if (answer.slowDown) watch.intervalMilliseconds += slowDownMilliseconds;
        return false;
      case "unavailable":
        watch.intervalMilliseconds = longer(watch.intervalMilliseconds);
        return false;
      case "granted":
        await completeSignIn(this.#needs, watch.signIn, answer.upn);
        return true;
      case "denied": {
        const reason = `The sign-in was denied: ${answer.reason}`;
        await settleUnsuccessful(this.#needs, watch.signIn, "failed", reason);
        return true;
      }
      case "expired":
        return this.#expire(watch.signIn);
    }
  }

  async #expire(signIn: SignIn): Promise<boolean> {
    const reason = "The pairing code expired before the user signed in. Start the sign-in again.";
    await settleUnsuccessful(this.#needs, signIn, "expired", reason);
    return true;
  }
}

/** Backs off from who does not answer (RFC 8628 §3.5). */
function longer(intervalMilliseconds: number): number {
  return Math.max(
    intervalMilliseconds,
    Math.min(2 * intervalMilliseconds, longestIntervalMilliseconds),
  );
}
