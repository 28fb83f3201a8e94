import type { Clock } from "../../sip/clock.ts";

/**
 * Lets so many things begin a second and no more: a bucket that fills by the clock and holds what
 * may begin within one second.
 */
export class Pace {
  readonly #clock: Clock;
  readonly #perSecond: number;
  #left: number;
  #filledAtMilliseconds: number;

  constructor(clock: Clock, perSecond: number) {
    this.#clock = clock;
    this.#perSecond = perSecond;
    this.#left = perSecond;
    this.#filledAtMilliseconds = clock.nowMilliseconds();
  }

  /** Whether one more may begin now; it is counted then. */
  take(): boolean {
    this.#fill();
    if (this.#left < 1) return false;
    this.#left--;
    return true;
  }

  #fill(): void {
    const now = this.#clock.nowMilliseconds();
    const gained = ((now - this.#filledAtMilliseconds) * this.#perSecond) / 1000;
    this.#left = Math.min(this.#perSecond, this.#left + Math.max(0, gained));
    this.#filledAtMilliseconds = now;
  }
}
