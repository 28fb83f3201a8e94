import type { Clock } from "../../../sip/clock.ts";

/** When guessing passwords is stopped, and for how long. */
export const passwordBrakeLimits = {
  /** Wrong passwords for one account from one address within the window; then none is heard. */
  mostFailures: 10,
  windowMilliseconds: 60_000,
  /** Pairs of address and account that are remembered; the oldest go first. */
  mostEntries: 20_000,
} as const;

interface Failures {
  count: number;
  readonly sinceMilliseconds: number;
}

/** Counts wrong passwords by network address and account name, in bounded memory. */
export class PasswordBrake {
  readonly #failures = new Map<string, Failures>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether no further password is heard for this account from this address just now. */
  isHeld(address: string, username: string): boolean {
    // Nobody failed of late: the usual case, and one without a string to build.
    if (this.#failures.size === 0) return false;
    const failures = this.#current(keyOf(address, username));
    return failures !== undefined && failures.count >= passwordBrakeLimits.mostFailures;
  }

  recordFailure(address: string, username: string): void {
    const key = keyOf(address, username);
    const failures = this.#current(key);
    if (failures !== undefined) {
      failures.count++;
      return;
    }
    if (this.#failures.size >= passwordBrakeLimits.mostEntries) this.#dropOldest();
    this.#failures.set(key, { count: 1, sinceMilliseconds: this.#clock.nowMilliseconds() });
  }

  #current(key: string): Failures | undefined {
    const failures = this.#failures.get(key);
    if (failures === undefined) return undefined;
    const age = this.#clock.nowMilliseconds() - failures.sinceMilliseconds;
    if (age < passwordBrakeLimits.windowMilliseconds) return failures;
    this.#failures.delete(key);
    return undefined;
  }

  #dropOldest(): void {
    const oldest = this.#failures.keys().next();
    if (oldest.done !== true) this.#failures.delete(oldest.value);
  }
}

function keyOf(address: string, username: string): string {
  return `${address} ${username.slice(0, 128)}`;
}
