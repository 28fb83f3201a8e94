import type { Clock, Timer } from "../clock.ts";
import type { SipResponse } from "../message/sip-message.ts";
import { defaultTimerValues, type TimerValues } from "../transaction/timer-values.ts";

/** What an accepted INVITE is made of. */
export interface AcceptedInviteOptions {
  readonly clock: Clock;
  /** The INVITE's server transaction, or whatever sends a response on its flow. */
  readonly transaction: { respond(response: SipResponse): void };
  /** The 2xx, with To tag and Contact. */
  readonly response: SipResponse;
  /** No ACK came in 64 × T1: the session should be ended by a BYE (RFC 3261 §13.3.1.4). */
  readonly onAbandoned: () => void;
  readonly timers?: Pick<TimerValues, "T1" | "T2">;
}

/**
 * A UAS's 2xx to an INVITE, sent again and again until the ACK comes (RFC 3261 §13.3.1.4): after
 * T1, then at doubled intervals up to T2, also on reliable transports, since the 2xx crosses
 * every hop by itself.
 */
export class AcceptedInvite {
  readonly #options: AcceptedInviteOptions;
  readonly #T2: number;
  #repeat: Timer | undefined;
  #end: Timer | undefined;

  /** Sends the 2xx at once. */
  constructor(options: AcceptedInviteOptions) {
    this.#options = options;
    const { T1, T2 } = options.timers ?? defaultTimerValues;
    this.#T2 = T2;
    options.transaction.respond(options.response);
    this.#end = options.clock.schedule(64 * T1, () => {
      this.stop();
      options.onAbandoned();
    });
    this.#scheduleRepeat(T1);
  }

  /** The ACK came. */
  acknowledge(): void {
    this.stop();
  }

  /** Sends nothing any more and never calls `onAbandoned`. */
  stop(): void {
    this.#repeat?.cancel();
    this.#end?.cancel();
    this.#repeat = undefined;
    this.#end = undefined;
  }

  #scheduleRepeat(delayMilliseconds: number): void {
    this.#repeat = this.#options.clock.schedule(delayMilliseconds, () => {
      this.#options.transaction.respond(this.#options.response);
      this.#scheduleRepeat(Math.min(delayMilliseconds * 2, this.#T2));
    });
  }
}
