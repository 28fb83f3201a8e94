import type { Clock, Timer } from "../clock.ts";
import { buildResponse } from "../message/build-response.ts";
import type { SipResponse } from "../message/sip-message.ts";
import type { ServerTransaction } from "../transaction/transaction-layer.ts";
import { chooseBestResponse, findBestResponse } from "./best-response.ts";
import type { Branch, BranchFailure } from "./branch.ts";
import type {
  FailedAttempt,
  ForwardAttempt,
  ForwardHandle,
  ForwardObserver,
  ProxyTarget,
} from "./proxy-target.ts";

/** What a response context is made of. */
export interface ResponseContextOptions {
  readonly clock: Clock;
  readonly transaction: ServerTransaction;
  readonly attempt: ForwardAttempt;
  readonly observer: ForwardObserver;
  /** A branch to `target`, not started yet; `siblings` are sent to at the same time. */
  readonly newBranch: (target: ProxyTarget, context: ResponseContext, siblings: number) => Branch;
  /** The search for where to go on failed. */
  readonly onFault: (error: unknown) => void;
}

const elsewhere = 'SIP;cause=200;text="Call completed elsewhere"';

/**
 * Everything that belongs to one request being forwarded (RFC 3261 §16.2, §16.7): its branches,
 * what they were answered with, and what of that goes upstream. Lives as long as one of them.
 */
export class ResponseContext implements ForwardHandle {
  readonly #options: ResponseContextOptions;
  #attempt: ForwardAttempt;
  #waitingGroups: (readonly ProxyTarget[])[];
  readonly #failures: { response: SipResponse; target: ProxyTarget | undefined }[] = [];
  /** How many of the failures belong to former attempts. */
  #formerFailures = 0;
  #branches: Branch[] = [];
  /** Branches of former attempts that were cancelled: their 2xx still counts, nothing else of them does. */
  readonly #givenUp = new Set<Branch>();
  #patience: Timer | undefined;
  #timedOut = false;
  #asksOnward = false;
  #finalSent = false;
  /** No more groups are tried: cancelled, or a 6xx came. */
  #closed = false;
  #cancelled = false;
  #unanswered = false;

  constructor(options: ResponseContextOptions) {
    this.#options = options;
    this.#attempt = options.attempt;
    this.#waitingGroups = [...options.attempt.targetGroups];
  }

  /** Takes over the transaction's CANCEL and sends to the first group. */
  start(): void {
    const { transaction, observer } = this.#options;
    if (transaction.cancelled) {
      // The caller gave up while the user of the proxy was still looking for the targets.
      observer.onCancelled?.();
      this.cancel();
      return;
    }
    transaction.onCancel = (cancel) => {
      observer.onCancelled?.();
      this.cancel(cancel.request.headers.get("Reason"));
    };
    this.#begin();
  }

  cancel(reason?: string): void {
    if (this.#cancelled || this.#finalSent) return;
    this.#cancelled = true;
    this.#closed = true;
    this.#patience?.cancel();
    // Given up between two attempts: what came of the former one is no answer to that.
    if (this.#asksOnward) this.#failures.length = 0;
    this.#cancelBranches(reason);
    this.#proceed();
  }

  onProvisional(response: SipResponse, branch: Branch): void {
    if (this.#finalSent || this.#givenUp.has(branch)) return;
    const { transaction, observer } = this.#options;
    transaction.respond(response);
    observer.onProvisional?.(response, branch.target);
  }

  onFinal(outcome: SipResponse | BranchFailure, branch: Branch): void {
    if (typeof outcome !== "string" && outcome.status < 300) this.#succeed(outcome, branch);
    else if (this.#givenUp.delete(branch)) this.#proceed();
    else if (typeof outcome === "string") this.#keepFailure(outcome, branch);
    else this.#keepRefusal(outcome, branch);
    this.#proceed();
  }

  /** Each 2xx goes upstream, for the caller has to acknowledge each dialog (§16.7 step 5). */
  onFurtherSuccess(response: SipResponse): void {
    this.#options.transaction.respond(response);
  }

  #succeed(response: SipResponse, branch: Branch): void {
    this.#closed = true;
    this.#sendFinal(response, branch.target);
    this.#cancelBranches(elsewhere);
  }

  #keepRefusal(response: SipResponse, branch: Branch): void {
    this.#failures.push({ response, target: branch.target });
    if (response.status < 600) return;
    this.#closed = true;
    this.#cancelBranches(`SIP;cause=${response.status}`);
  }

  #keepFailure(failure: BranchFailure, branch: Branch): void {
    const { request, toTag } = this.#options.transaction;
    if (failure === "timeout" && request.method !== "INVITE") {
      // RFC 4320 §4.2: no 408 to anything but an INVITE; the server transaction ends by itself.
      this.#unanswered = true;
      return;
    }
    const status = statusOf(failure, branch.target);
    const response = buildResponse(request, status, undefined, { toTag });
    this.#failures.push({ response, target: undefined });
  }

  #cancelBranches(reason: string | undefined): void {
    // A branch that was never sent ends right here and asks to proceed: hence the copy.
    for (const branch of [...this.#branches]) branch.cancel(reason);
  }

  #begin(): void {
    const { patienceMilliseconds } = this.#attempt;
    if (patienceMilliseconds !== undefined) {
      const giveUp = () => this.#giveUpAttempt();
      this.#patience = this.#options.clock.schedule(patienceMilliseconds, giveUp);
    }
    this.#proceed();
  }

  /** When every branch has ended: the next group, the next attempt, or the best answer there is. */
  #proceed(): void {
    const rings = this.#branches.some((branch) => !branch.finished);
    if (this.#finalSent || this.#asksOnward || rings) return;
    const next = this.#closed ? undefined : this.#nextGroup();
    if (next !== undefined) {
      this.#branches = next.map((target) => this.#options.newBranch(target, this, next.length));
      for (const branch of this.#branches) branch.start();
      return;
    }
    this.#patience?.cancel();
    const { onward } = this.#attempt;
    if (!this.#closed && onward !== undefined) void this.#goOnward(onward);
    // One of them may still say 2xx, which must not come after a failure (§16.7 step 5).
    else if (this.#givenUp.size === 0) this.#giveBest();
  }

  /** The attempt's time is over. Nobody waits for its branches: a dead phone takes 32 s to end. */
  #giveUpAttempt(): void {
    if (this.#finalSent || this.#closed) return;
    this.#timedOut = true;
    this.#waitingGroups = [];
    const { request, toTag } = this.#options.transaction;
    const response = buildResponse(request, 408, undefined, { toTag });
    this.#failures.push({ response, target: undefined });
    const ringing = this.#branches.filter((branch) => !branch.finished);
    this.#branches = [];
    for (const branch of ringing) this.#givenUp.add(branch);
    for (const branch of ringing) branch.cancel(undefined);
    this.#proceed();
  }

  async #goOnward(onward: NonNullable<ForwardAttempt["onward"]>): Promise<void> {
    this.#asksOnward = true;
    let next: ForwardAttempt | undefined;
    try {
      next = await onward(this.#failedAttempt());
    } catch (error) {
      this.#options.onFault(error);
    }
    this.#asksOnward = false;
    this.#attempt = next ?? { targetGroups: [] };
    this.#waitingGroups = [...this.#attempt.targetGroups];
    this.#formerFailures = this.#failures.length;
    this.#timedOut = false;
    this.#branches = [];
    if (this.#closed) this.#proceed();
    else this.#begin();
  }

  #failedAttempt(): FailedAttempt {
    const failures = this.#failures.slice(this.#formerFailures);
    const best = findBestResponse(failures.map(({ response }) => response));
    return { timedOut: this.#timedOut, status: best?.status ?? 480 };
  }

  #nextGroup(): readonly ProxyTarget[] | undefined {
    for (;;) {
      const group = this.#waitingGroups.shift();
      if (group === undefined || group.length > 0) return group;
    }
  }

  #giveBest(): void {
    const { transaction, observer } = this.#options;
    const { request, toTag } = transaction;
    if (this.#cancelled) {
      const terminated = buildResponse(request, 487, undefined, { toTag });
      this.#failures.push({ response: terminated, target: undefined });
    }
    const best = chooseBestResponse(this.#failures.map(({ response }) => response));
    if (best !== undefined) {
      const target = this.#failures.find(({ response }) => response === best)?.target;
      this.#sendFinal(best, target);
    } else if (this.#unanswered) {
      this.#finalSent = true;
      observer.onUnanswered?.();
    } else {
      this.#sendFinal(buildResponse(request, 480, undefined, { toTag }), undefined);
    }
  }

  #sendFinal(response: SipResponse, target: ProxyTarget | undefined): void {
    const first = !this.#finalSent;
    this.#finalSent = true;
    this.#patience?.cancel();
    this.#options.transaction.respond(response);
    if (first) this.#options.observer.onFinal?.(response, target);
  }
}

/**
 * §16.7 step 4 and §16.9, but for a binding whose flow is gone and cannot be made again: that is a
 * phone which cannot be reached now (RFC 5626 §5.3.1).
 */
function statusOf(failure: BranchFailure, target: ProxyTarget): number {
  switch (failure) {
    case "timeout":
      return 408;
    case "cancelled":
      return 487;
    case "unreachable":
      return target.registered === true ? 480 : 503;
    case "fault":
      return 500;
  }
}
