import type { TimeSource } from "./time-source.ts";

/** How many tries one name or address has in a window of time. */
export interface AttemptLimit {
  readonly tries: number;
  readonly windowMilliseconds: number;
}

/** Names remembered; the one heard of first goes when there are more. */
const mostNames = 10_000;

interface Window {
  readonly endsAtMilliseconds: number;
  tries: number;
}

/** Counts tries by a name, in bounded memory. */
export class AttemptBrake {
  readonly #clock: TimeSource;
  readonly #limit: AttemptLimit;
  readonly #windows = new Map<string, Window>();

  constructor(clock: TimeSource, limit: AttemptLimit) {
    this.#clock = clock;
    this.#limit = limit;
  }

  /** Seconds until this name may try again; 0: now. */
  waitSeconds(name: string): number {
    const window = this.#windows.get(name);
    const left = (window?.endsAtMilliseconds ?? 0) - this.#clock.nowMilliseconds();
    if (window === undefined || left <= 0 || window.tries < this.#limit.tries) return 0;
    return Math.ceil(left / 1000);
  }

  count(name: string): void {
    const now = this.#clock.nowMilliseconds();
    const window = this.#windows.get(name);
    if (window !== undefined && window.endsAtMilliseconds > now) {
      window.tries++;
      return;
    }
    this.#windows.delete(name);
    this.#makeRoom();
    const endsAtMilliseconds = now + this.#limit.windowMilliseconds;
    this.#windows.set(name, { endsAtMilliseconds, tries: 1 });
  }

  /** Takes one counted try back: it was right. */
  forgive(name: string): void {
    const window = this.#windows.get(name);
    if (window !== undefined && window.tries > 0) window.tries--;
  }

  #makeRoom(): void {
    if (this.#windows.size < mostNames) return;
    for (const name of this.#windows.keys()) {
      this.#windows.delete(name);
      return;
    }
  }
}
