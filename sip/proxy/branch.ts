import type { Clock, Timer } from "../clock.ts";
import type { SipRequest, SipResponse } from "../message/sip-message.ts";
import { SipParseError } from "../message/sip-parse-error.ts";
import type { ClientTransaction, TransactionLayer } from "../transaction/transaction-layer.ts";
import type { Flow } from "../transport/flow.ts";
import { TransportError } from "../transport/transport-error.ts";
import { NextHopError } from "./next-hop-error.ts";
import type { ProxyTarget } from "./proxy-target.ts";
import { withoutTopVia } from "./without-top-via.ts";

/** Why a branch ended without a response from its target. */
export type BranchFailure = "timeout" | "unreachable" | "cancelled" | "fault";

/** What a branch tells its response context. Responses come without our Via. */
export interface BranchEvents {
  onProvisional(response: SipResponse, branch: Branch): void;
  /** The first final response, or why there is none. Once. */
  onFinal(outcome: SipResponse | BranchFailure, branch: Branch): void;
  /** A further 2xx to an INVITE: repeated, or of another fork downstream. */
  onFurtherSuccess(response: SipResponse): void;
}

/** What a branch is made of. */
export interface BranchOptions {
  readonly target: ProxyTarget;
  readonly clock: Clock;
  readonly transactions: TransactionLayer;
  /** Timer C, for an INVITE; undefined for other requests. */
  readonly timerCMilliseconds: number | undefined;
  readonly selectFlow: (target: ProxyTarget) => Promise<Flow>;
  /** The copy for this target by this flow, and its branch parameter. */
  readonly buildCopy: (target: ProxyTarget, flow: Flow) => { copy: SipRequest; branch: string };
  readonly events: BranchEvents;
  readonly onFault: (error: unknown) => void;
}

/** One copy of a request on its way to one target (RFC 3261 §16.6 steps 7 to 11). */
export class Branch {
  readonly target: ProxyTarget;
  readonly #options: BranchOptions;
  #client: ClientTransaction | undefined;
  #timerC: Timer | undefined;
  #finished = false;
  #cancelled = false;
  #rangTooLong = false;

  constructor(options: BranchOptions) {
    this.#options = options;
    this.target = options.target;
  }

  get finished(): boolean {
    return this.#finished;
  }

  /** Sends at once where the target's flow is open, otherwise once a flow was found. */
  start(): void {
    const { flow } = this.target;
    if (flow?.open) {
      this.#attempt(() => this.#send(flow));
      return;
    }
    this.#options.selectFlow(this.target).then(
      (found) => this.#attempt(() => this.#send(found)),
      (error: unknown) => this.#fail(error),
    );
  }

  /** Cancels what was sent (held until a provisional response came), or never sends it. */
  cancel(reason: string | undefined): void {
    if (this.#finished) return;
    this.#cancelled = true;
    if (this.#client !== undefined) this.#client.cancel(reason);
    else this.#finish("cancelled");
  }

  #send(flow: Flow): void {
    if (this.#finished) return;
    const { copy, branch } = this.#options.buildCopy(this.target, flow);
    this.#client = this.#options.transactions.request(
      copy,
      flow,
      {
        onResponse: (response) => this.#receive(response),
        onTimeout: () => this.#finish(this.#cancelled ? "cancelled" : "timeout"),
        onTransportError: (error) => this.#fail(error),
      },
      { branch },
    );
    this.#startTimerC();
  }

  #receive(response: SipResponse): void {
    // A 100 is meant for this hop, and says nothing of the callee: it does not feed Timer C either.
    if (response.status === 100) return;
    const upstream = withoutTopVia(response);
    if (response.status < 200) {
      this.#startTimerC();
      this.#options.events.onProvisional(upstream, this);
    } else if (!this.#finished) {
      // The caller cancelled nothing, so the answer to our own CANCEL is not for its ears.
      const timedOut = this.#rangTooLong && !this.#cancelled && response.status === 487;
      this.#finish(timedOut ? "timeout" : upstream);
    } else {
      this.#options.events.onFurtherSuccess(upstream);
    }
  }

  /** §16.8: a branch that rings too long is cancelled; without any answer Timer B is first. */
  #startTimerC(): void {
    const { clock, timerCMilliseconds } = this.#options;
    if (timerCMilliseconds === undefined) return;
    this.#timerC?.cancel();
    this.#timerC = clock.schedule(timerCMilliseconds, () => {
      this.#rangTooLong = true;
      this.#client?.cancel();
    });
  }

  #attempt(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    if (this.#finished) return;
    if (error instanceof TransportError || error instanceof NextHopError) {
      this.#finish(this.#cancelled ? "cancelled" : "unreachable");
      return;
    }
    if (!(error instanceof SipParseError)) this.#options.onFault(error);
    this.#finish("fault");
  }

  #finish(outcome: SipResponse | BranchFailure): void {
    if (this.#finished) return;
    this.#finished = true;
    this.#timerC?.cancel();
    this.#options.events.onFinal(outcome, this);
  }
}
