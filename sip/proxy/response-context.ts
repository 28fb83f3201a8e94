import { buildResponse } from "../message/build-response.ts";
import type { SipResponse } from "../message/sip-message.ts";
import type { ServerTransaction } from "../transaction/transaction-layer.ts";
import { chooseBestResponse } from "./best-response.ts";
import type { Branch, BranchFailure } from "./branch.ts";
import type { ForwardHandle, ForwardObserver, ProxyTarget } from "./proxy-target.ts";

/** What a response context is made of. */
export interface ResponseContextOptions {
  readonly transaction: ServerTransaction;
  readonly targetGroups: readonly (readonly ProxyTarget[])[];
  readonly observer: ForwardObserver;
  /** A branch to `target`, not started yet; `siblings` are sent to at the same time. */
  readonly newBranch: (target: ProxyTarget, context: ResponseContext, siblings: number) => Branch;
}

const elsewhere = 'SIP;cause=200;text="Call completed elsewhere"';

/**
 * Everything that belongs to one request being forwarded (RFC 3261 §16.2, §16.7): its branches,
 * what they were answered with, and what of that goes upstream. Lives as long as one of them.
 */
export class ResponseContext implements ForwardHandle {
  readonly #options: ResponseContextOptions;
  readonly #waitingGroups: (readonly ProxyTarget[])[];
  readonly #failures: { response: SipResponse; target: ProxyTarget | undefined }[] = [];
  #branches: Branch[] = [];
  #finalSent = false;
  /** No more groups are tried: cancelled, or a 6xx came. */
  #closed = false;
  #cancelled = false;
  #unanswered = false;

  constructor(options: ResponseContextOptions) {
    this.#options = options;
    this.#waitingGroups = [...options.targetGroups];
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
    this.#proceed();
  }

  cancel(reason?: string): void {
    if (this.#cancelled || this.#finalSent) return;
    this.#cancelled = true;
    this.#closed = true;
    this.#cancelBranches(reason);
    this.#proceed();
  }

  onProvisional(response: SipResponse, branch: Branch): void {
    if (this.#finalSent) return;
    const { transaction, observer } = this.#options;
    transaction.respond(response);
    observer.onProvisional?.(response, branch.target);
  }

  onFinal(outcome: SipResponse | BranchFailure, branch: Branch): void {
    if (typeof outcome === "string") this.#keepFailure(outcome, branch);
    else if (outcome.status < 300) this.#succeed(outcome, branch);
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

  /** When every branch has ended: the next group, or the best answer there is. */
  #proceed(): void {
    if (this.#finalSent || this.#branches.some((branch) => !branch.finished)) return;
    const next = this.#closed ? undefined : this.#nextGroup();
    if (next === undefined) {
      this.#giveBest();
      return;
    }
    this.#branches = next.map((target) => this.#options.newBranch(target, this, next.length));
    for (const branch of this.#branches) branch.start();
  }

  #nextGroup(): readonly ProxyTarget[] | undefined {
    for (;;) {
      const group = this.#waitingGroups.shift();
      if (group === undefined || group.length > 0) return group;
    }
  }

  #giveBest(): void {
    const { transaction, observer } = this.#options;
    const best = chooseBestResponse(this.#failures.map(({ response }) => response));
    if (best !== undefined) {
      const target = this.#failures.find(({ response }) => response === best)?.target;
      this.#sendFinal(best, target);
    } else if (this.#unanswered) {
      this.#finalSent = true;
      observer.onUnanswered?.();
    } else {
      const status = this.#cancelled ? 487 : 480;
      const { request, toTag } = transaction;
      this.#sendFinal(buildResponse(request, status, undefined, { toTag }), undefined);
    }
  }

  #sendFinal(response: SipResponse, target: ProxyTarget | undefined): void {
    const first = !this.#finalSent;
    this.#finalSent = true;
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
