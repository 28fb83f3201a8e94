import type { Clock, Timer } from "../../sip/clock.ts";

interface LabTimer {
  readonly dueMilliseconds: number;
  readonly action: () => void;
  handle: Timer;
}

/**
 * The laboratory's clock: runs like another one and can be moved forward. Timers that fall due by
 * a move fire at once, in the order in which they were due.
 */
export class LabClock implements Clock {
  readonly #machine: Clock;
  readonly #timers = new Set<LabTimer>();
  #aheadMilliseconds = 0;

  constructor(machine: Clock) {
    this.#machine = machine;
  }

  nowMilliseconds(): number {
    return this.#machine.nowMilliseconds() + this.#aheadMilliseconds;
  }

  schedule(delayMilliseconds: number, action: () => void): Timer {
    const timer: LabTimer = {
      dueMilliseconds: this.nowMilliseconds() + delayMilliseconds,
      action,
      handle: { cancel: () => {} },
    };
    this.#timers.add(timer);
    this.#arm(timer);
    return {
      cancel: () => {
        timer.handle.cancel();
        this.#timers.delete(timer);
      },
    };
  }

  /** Moves the gateway's time forward. @returns the time it then is, in milliseconds. */
  advance(milliseconds: number): number {
    this.#aheadMilliseconds += milliseconds;
    const timers = [...this.#timers].sort((a, b) => a.dueMilliseconds - b.dueMilliseconds);
    for (const timer of timers) {
      timer.handle.cancel();
      this.#arm(timer);
    }
    return this.nowMilliseconds();
  }

  #arm(timer: LabTimer): void {
    const remaining = Math.max(0, timer.dueMilliseconds - this.nowMilliseconds());
    timer.handle = this.#machine.schedule(remaining, () => {
      this.#timers.delete(timer);
      timer.action();
    });
  }
}
