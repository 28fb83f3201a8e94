import type { TimeSource } from "../domain/time-source.ts";

/** Limits of wrong tokens. */
export const wrongTokenLimits = {
  /** From one address within a window, before the rest go unread. */
  tries: 20,
  windowMilliseconds: 60_000,
  /** Addresses remembered; the one heard of first goes when there are more. */
  addresses: 10_000,
} as const;

interface Window {
  endsAtMilliseconds: number;
  tries: number;
}

/** Counts wrong tokens by address, in bounded memory. Who brings the right one is never held up. */
export class WrongTokenBrake {
  readonly #clock: TimeSource;
  readonly #windows = new Map<string, Window>();

  constructor(clock: TimeSource) {
    this.#clock = clock;
  }

  /**
   * Counts a wrong token.
   * @returns seconds until this address is heard again; 0 while it still is
   */
  countWrong(address: string): number {
    const now = this.#clock.nowMilliseconds();
    let window = this.#windows.get(address);
    if (window === undefined || window.endsAtMilliseconds <= now) {
      this.#windows.delete(address);
      this.#makeRoom();
      window = { endsAtMilliseconds: now + wrongTokenLimits.windowMilliseconds, tries: 0 };
      this.#windows.set(address, window);
    }
    window.tries++;
    if (window.tries <= wrongTokenLimits.tries) return 0;
    return Math.ceil((window.endsAtMilliseconds - now) / 1000);
  }

  #makeRoom(): void {
    if (this.#windows.size < wrongTokenLimits.addresses) return;
    for (const address of this.#windows.keys()) {
      this.#windows.delete(address);
      return;
    }
  }
}
