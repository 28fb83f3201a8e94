import type { Clock, Timer } from "../clock.ts";
import type { TimerName } from "./timer-values.ts";

/** The timers of one transaction, each running at most once. Its owner calls `stop`. */
export class RunningTimers {
  readonly #clock: Clock;
  readonly #fire: (timer: TimerName) => void;
  readonly #running = new Map<TimerName, Timer>();

  constructor(clock: Clock, fire: (timer: TimerName) => void) {
    this.#clock = clock;
    this.#fire = fire;
  }

  /** Starts a timer, or starts it anew where it runs. */
  start(name: TimerName, milliseconds: number): void {
    this.cancel(name);
    const timer = this.#clock.schedule(milliseconds, () => {
      this.#running.delete(name);
      this.#fire(name);
    });
    this.#running.set(name, timer);
  }

  cancel(name: TimerName): void {
    this.#running.get(name)?.cancel();
    this.#running.delete(name);
  }

  /** Ends all of them. */
  stop(): void {
    for (const timer of this.#running.values()) timer.cancel();
    this.#running.clear();
  }
}
