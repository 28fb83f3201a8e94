import type { Clock, Timer } from "../../sip/clock.ts";

interface PendingTimer {
  readonly dueMilliseconds: number;
  readonly order: number;
  readonly action: () => void;
}

/** A clock that stands still until it is told to move; timers fire in order of their due time. */
export class FakeClock implements Clock {
  #now: number;
  #order = 0;
  readonly #pending = new Set<PendingTimer>();

  constructor(startMilliseconds = Date.parse("2026-01-05T08:00:00Z")) {
    this.#now = startMilliseconds;
  }

  nowMilliseconds(): number {
    return this.#now;
  }

  schedule(delayMilliseconds: number, action: () => void): Timer {
    const timer: PendingTimer = {
      dueMilliseconds: this.#now + Math.max(0, delayMilliseconds),
      order: this.#order++,
      action,
    };
    this.#pending.add(timer);
    return { cancel: () => void this.#pending.delete(timer) };
  }

  /** How many timers are still to fire. */
  get pendingTimers(): number {
    return this.#pending.size;
  }

  /** Moves time forward and fires each timer at its own due time, also those set on the way. */
  advance(milliseconds: number): void {
    const end = this.#now + milliseconds;
    for (;;) {
      const next = this.#nextDue(end);
      if (next === undefined) break;
      this.#pending.delete(next);
      this.#now = next.dueMilliseconds;
      next.action();
    }
    this.#now = end;
  }

  /** Like `advance`, and lets promises settle after each timer. */
  async advanceAsync(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    await settle();
    for (;;) {
      const next = this.#nextDue(end);
      if (next === undefined) break;
      this.#pending.delete(next);
      this.#now = next.dueMilliseconds;
      next.action();
      await settle();
    }
    this.#now = end;
  }

  #nextDue(end: number): PendingTimer | undefined {
    let next: PendingTimer | undefined;
    for (const timer of this.#pending) {
      if (timer.dueMilliseconds > end) continue;
      if (
        next === undefined ||
        timer.dueMilliseconds < next.dueMilliseconds ||
        (timer.dueMilliseconds === next.dueMilliseconds && timer.order < next.order)
      ) {
        next = timer;
      }
    }
    return next;
  }
}

function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
