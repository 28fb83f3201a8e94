import type { SignIn, SignInStore } from "./sign-in.ts";
import type { WaitingTimeSource } from "./time-source.ts";

/** How often a node says that it is alive, and looks for the sign-ins of those that are not. */
export const nodeBeatMilliseconds = 20_000;

/** Without a word for this long a node counts as dead: two words may be lost. */
export const nodeLeaseMilliseconds = 3 * nodeBeatMilliseconds;

/** What taking over needs. */
export interface SignInTakeoverDependencies {
  readonly signIns: Pick<SignInStore, "keepAlive" | "listAbandoned" | "takeOver">;
  readonly clock: WaitingTimeSource;
  readonly nodeId: string;
  /** Polls for a sign-in that is this node's now. */
  readonly watch: (signIn: SignIn) => void;
  /** Told of faults; it is tried again. */
  readonly onError: (error: unknown) => void;
}

/**
 * Takes over the pending sign-ins of nodes that have died, so that no user waits for one that does
 * not come back. The store decides which node gets one. A node that was only slow finds that its
 * sign-in is another's, and lets it be.
 */
export class SignInTakeover {
  readonly #needs: SignInTakeoverDependencies;
  #timer: { cancel(): void } | undefined;
  #underWay: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(dependencies: SignInTakeoverDependencies) {
    this.#needs = dependencies;
  }

  /** Says that this node is alive, and goes on saying it. Never rejects. */
  start(): Promise<void> {
    this.#underWay = this.#beat().finally(() => {
      if (this.#stopped) return;
      this.#timer = this.#needs.clock.schedule(nodeBeatMilliseconds, () => void this.start());
    });
    return this.#underWay;
  }

  /** Resolves when what is under way has ended. */
  idle(): Promise<void> {
    return this.#underWay;
  }

  /** Says that this node ends: others may take over what it leaves. Never rejects. */
  async stop(): Promise<void> {
    const hasBegun = this.#timer !== undefined;
    this.#stopped = true;
    this.#timer?.cancel();
    await this.#underWay;
    if (!hasBegun) return;
    const { signIns, clock, nodeId, onError } = this.#needs;
    const now = clock.nowMilliseconds();
    await signIns.keepAlive(nodeId, now, now).catch(onError);
  }

  async #beat(): Promise<void> {
    const { signIns, clock, nodeId, watch, onError } = this.#needs;
    try {
      const now = clock.nowMilliseconds();
      await signIns.keepAlive(nodeId, now, now + nodeLeaseMilliseconds);
      for (const abandoned of await signIns.listAbandoned(now)) {
        if (this.#stopped) return;
        if (await signIns.takeOver(abandoned, nodeId)) watch({ ...abandoned, nodeId });
      }
    } catch (error) {
      onError(error);
    }
  }
}
