import { type AdvanceBulkSignInDependencies, advanceBulkSignIn } from "./advance-bulk-sign-in.ts";
import { beginBulkSignIn, type NewBulkSignInOutcome } from "./begin-bulk-sign-in.ts";
import { type BulkSignIn, isAtWork } from "./bulk-sign-in.ts";
import { nodeBeatMilliseconds } from "./sign-in-takeover.ts";
import type { TenantId } from "./tenant.ts";
import type { WaitingTimeSource } from "./time-source.ts";

/** Between two looks whether phones have registered as their users. */
const lookIntervalMilliseconds = 1000;

/** After a fault, before a batch is tried again. */
const retryIntervalMilliseconds = 5000;

/** What running batches needs. */
export type BulkSignInRunnerDependencies = Omit<AdvanceBulkSignInDependencies, "clock"> & {
  readonly clock: WaitingTimeSource;
  readonly nodeId: string;
  /** Told of faults; the batch is tried again until its time is over. */
  readonly onError: (error: unknown) => void;
};

/**
 * Carries out the batches that this node took, each until all its lines have ended, and once started
 * also those of nodes that have died: the store decides which node gets one. The only owner of these
 * timers.
 */
export class BulkSignInRunner {
  readonly #needs: BulkSignInRunnerDependencies;
  /** The ids of those that are being carried out. */
  readonly #taken = new Set<string>();
  /** By the id of the batch, those that wait for their next step. */
  readonly #timers = new Map<string, { cancel(): void }>();
  readonly #underWay = new Set<Promise<void>>();
  #lookTimer: { cancel(): void } | undefined;
  #stopped = false;

  constructor(dependencies: BulkSignInRunnerDependencies) {
    this.#needs = dependencies;
  }

  /**
   * Takes up the batches that this node left at work when it last ended, and from now on those of
   * nodes that die. Who is alive, the poller for sign-ins says: start it before.
   * @throws StoreUnavailableError
   */
  async start(): Promise<void> {
    for (const batch of await this.#needs.bulkSignIns.listAtWork(this.#needs.nodeId)) {
      this.#take(batch);
    }
    this.#lookForAbandoned();
    await this.idle();
  }

  /**
   * Writes the batch of a file and has it carried out in the background.
   * @throws ImportFileError, StoreUnavailableError
   */
  async begin(tenantId: TenantId, csv: string, actor: string): Promise<NewBulkSignInOutcome> {
    const result = await beginBulkSignIn(this.#needs, tenantId, csv, actor);
    if (result.outcome === "begun") this.#take(result.batch);
    return result;
  }

  /** Resolves when the steps that are under way have ended. */
  async idle(): Promise<void> {
    await Promise.all(this.#underWay);
  }

  /** Begins nothing more, and resolves when what is under way has ended. Batches stay at work. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#lookTimer?.cancel();
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
    await this.idle();
  }

  #take(batch: BulkSignIn): void {
    if (!isAtWork(batch) || this.#taken.has(batch.id)) return;
    this.#taken.add(batch.id);
    this.#wait(batch, 0);
  }

  #lookForAbandoned(): void {
    const look = this.#takeAbandoned().finally(() => {
      this.#underWay.delete(look);
      if (this.#stopped) return;
      this.#lookTimer = this.#needs.clock.schedule(nodeBeatMilliseconds, () =>
        this.#lookForAbandoned(),
      );
    });
    this.#underWay.add(look);
  }

  /** Never rejects: what could not be taken over now is at the next look. */
  async #takeAbandoned(): Promise<void> {
    const { bulkSignIns, clock, nodeId, onError } = this.#needs;
    try {
      for (const batch of await bulkSignIns.listAbandoned(clock.nowMilliseconds())) {
        if (this.#stopped) return;
        if (await bulkSignIns.takeOver(batch, nodeId)) this.#take({ ...batch, nodeId });
      }
    } catch (error) {
      onError(error);
    }
  }

  #wait(batch: BulkSignIn, delayMilliseconds: number): void {
    if (this.#stopped) return;
    const timer = this.#needs.clock.schedule(delayMilliseconds, () => {
      this.#timers.delete(batch.id);
      const step = this.#step(batch).finally(() => this.#underWay.delete(step));
      this.#underWay.add(step);
    });
    this.#timers.set(batch.id, timer);
  }

  async #step(batch: BulkSignIn): Promise<void> {
    try {
      const advanced = await advanceBulkSignIn(this.#needs, batch, () => this.#stopped);
      if (advanced !== undefined && isAtWork(advanced))
        this.#wait(advanced, lookIntervalMilliseconds);
      else this.#taken.delete(batch.id);
    } catch (error) {
      this.#needs.onError(error);
      await this.#retry(batch);
    }
  }

  /** From what was saved last: the fault came after some of it was done. */
  async #retry(batch: BulkSignIn): Promise<void> {
    const { bulkSignIns, onError } = this.#needs;
    const saved = await bulkSignIns.find(batch.tenantId, batch.id).catch((error: unknown) => {
      onError(error);
      return batch;
    });
    // Another node's by now: it was taken over.
    if (saved?.nodeId !== this.#needs.nodeId) this.#taken.delete(batch.id);
    else this.#wait(saved, retryIntervalMilliseconds);
  }
}
