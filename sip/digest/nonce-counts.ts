import type { Clock } from "../clock.ts";

interface CountedNonce {
  readonly issuedAtMilliseconds: number;
  /** The highest nc accepted. */
  highest: number;
  /** Bit n: `highest - n` was accepted. Requests overtake each other on UDP. */
  accepted: number;
}

const windowBits = 32;
const sweepEvery = 256;

/**
 * Remembers which counts of which nonce were used, so that no credentials work twice (RFC 7616
 * §3.4.6, §5.12). Takes a bounded amount of memory: what is pushed out, and what was issued before
 * the process began, is treated as used.
 *
 * It knows what this node saw. Credentials caught on the way to one node can be used once more on
 * another one within the nonce's lifetime.
 */
export class NonceCounts {
  readonly #clock: Clock;
  readonly #capacity: number;
  readonly #lifetimeMilliseconds: number;
  readonly #startedMilliseconds: number;
  readonly #nonces = new Map<number, CountedNonce>();
  #newNonces = 0;
  #forgottenThroughMilliseconds = 0;

  /** @param options.capacity nonces kept at most, about 150 bytes each */
  constructor(options: { clock: Clock; lifetimeSeconds: number; capacity?: number }) {
    this.#clock = options.clock;
    this.#capacity = options.capacity ?? 200_000;
    this.#lifetimeMilliseconds = options.lifetimeSeconds * 1000;
    this.#startedMilliseconds = options.clock.nowMilliseconds();
  }

  /** How many nonces are kept. */
  get size(): number {
    return this.#nonces.size;
  }

  /**
   * Uses up one count of a nonce.
   * @returns false when it was used before, or may have been
   */
  accept(nonce: { serial: number; issuedAtMilliseconds: number }, count: number): boolean {
    const known = this.#nonces.get(nonce.serial);
    if (known !== undefined) return acceptLater(known, count);
    const { issuedAtMilliseconds } = nonce;
    if (issuedAtMilliseconds < this.#startedMilliseconds) return false;
    if (issuedAtMilliseconds <= this.#forgottenThroughMilliseconds) return false;
    if (++this.#newNonces % sweepEvery === 0 || this.#nonces.size >= this.#capacity)
      this.#makeRoom();
    this.#nonces.set(nonce.serial, { issuedAtMilliseconds, highest: count, accepted: 1 });
    return true;
  }

  /** Nonces come in nearly in the order of their issue, so the oldest are at the front. */
  #makeRoom(): void {
    const deadSince = this.#clock.nowMilliseconds() - this.#lifetimeMilliseconds;
    for (const [serial, { issuedAtMilliseconds }] of this.#nonces) {
      const dead = issuedAtMilliseconds < deadSince;
      if (!dead && this.#nonces.size < this.#capacity) return;
      this.#nonces.delete(serial);
      if (!dead) {
        this.#forgottenThroughMilliseconds = Math.max(
          this.#forgottenThroughMilliseconds,
          issuedAtMilliseconds,
        );
      }
    }
  }
}

function acceptLater(nonce: CountedNonce, count: number): boolean {
  const ahead = count - nonce.highest;
  if (ahead > 0) {
    nonce.accepted = ahead >= windowBits ? 1 : (nonce.accepted << ahead) | 1;
    nonce.highest = count;
    return true;
  }
  if (ahead <= -windowBits) return false;
  const bit = 1 << -ahead;
  if ((nonce.accepted & bit) !== 0) return false;
  nonce.accepted |= bit;
  return true;
}
