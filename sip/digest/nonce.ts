import { createHmac, hash, randomBytes } from "node:crypto";
import type { Clock } from "../clock.ts";
import { equalInConstantTime } from "./hash.ts";

/** What a nonce turned out to be. */
export type NonceCheck =
  | { readonly state: "foreign" }
  | {
      readonly state: "fresh" | "stale";
      /** Tells this nonce from all others; below 2^52. */
      readonly serial: number;
      readonly issuedAtMilliseconds: number;
    };

const timeDigits = 11;
const serialDigits = 13;
const stampDigits = timeDigits + serialDigits;
const tagDigits = 32;
const countDigits = 6;
const serialCounts = 16 ** countDigits;
const nonceShape = /^[0-9a-f]{56}$/;
const keptRealms = 1000;
const foreign: NonceCheck = { state: "foreign" };

/**
 * Makes nonces and knows them again without keeping any: time of issue, a serial, and a MAC over
 * both under a key that belongs to the realm (RFC 7616 §5.4). Nodes that share the secret know
 * each other's.
 */
export class NonceIssuer {
  readonly lifetimeMilliseconds: number;
  readonly #secret: Buffer;
  readonly #clock: Clock;
  readonly #macs = new Map<string, StampMac>();
  // Serials are a random part, so that those of two nodes or two runs do not meet, and a count.
  #serialPrefix = "";
  #serialCount = serialCounts;
  #timeMilliseconds = -1;
  #timeText = "";

  /** @param options.secret 32 random bytes or more, the same on every node */
  constructor(options: { secret: Buffer; clock: Clock; lifetimeSeconds: number }) {
    if (options.secret.length < 32) throw new RangeError("the nonce secret needs 32 bytes or more");
    this.#secret = options.secret;
    this.#clock = options.clock;
    this.lifetimeMilliseconds = options.lifetimeSeconds * 1000;
  }

  /** A nonce for one challenge: 56 hex digits. */
  issue(realm: string): string {
    const stamp = this.#timeNow() + this.#nextSerial();
    return stamp + this.#macOf(realm).tag(stamp);
  }

  /** Whether we made this nonce for this realm, and whether it is still young enough. */
  check(nonce: string, realm: string): NonceCheck {
    if (!nonceShape.test(nonce)) return foreign;
    const stamp = nonce.slice(0, stampDigits);
    if (!equalInConstantTime(nonce.slice(stampDigits), this.#macOf(realm).tag(stamp)))
      return foreign;
    const issuedAtMilliseconds = Number.parseInt(stamp.slice(0, timeDigits), 16);
    const serial = Number.parseInt(stamp.slice(timeDigits), 16);
    // Another node's clock may be ahead of ours, but not by a lifetime.
    const age = Math.abs(this.#clock.nowMilliseconds() - issuedAtMilliseconds);
    const state = age <= this.lifetimeMilliseconds ? "fresh" : "stale";
    return { state, serial, issuedAtMilliseconds };
  }

  // Writing a large number in hex takes half a microsecond, so the text is kept for its millisecond.
  #timeNow(): string {
    const now = this.#clock.nowMilliseconds();
    if (now !== this.#timeMilliseconds) {
      this.#timeMilliseconds = now;
      this.#timeText = Math.trunc(now).toString(16).padStart(timeDigits, "0");
    }
    return this.#timeText;
  }

  #nextSerial(): string {
    if (this.#serialCount >= serialCounts) {
      this.#serialPrefix = randomBytes(4)
        .toString("hex")
        .slice(0, serialDigits - countDigits);
      this.#serialCount = 0;
    }
    // The leading 1 keeps the zeros and goes again.
    const count = (serialCounts + this.#serialCount++).toString(16).slice(1);
    return this.#serialPrefix + count;
  }

  #macOf(realm: string): StampMac {
    const known = this.#macs.get(realm);
    if (known !== undefined) return known;
    if (this.#macs.size >= keptRealms) this.#macs.clear();
    const mac = new StampMac(createHmac("sha512", this.#secret).update(`nonce:${realm}`).digest());
    this.#macs.set(realm, mac);
    return mac;
  }
}

/**
 * A MAC over the 24 digits of a stamp: SHA-256 over one block of secret key and the stamp, cut to
 * 128 bits. For messages of one fixed length this keyed cascade is a pseudorandom function (Bellare,
 * Canetti, Krawczyk 1996), and nothing can be appended, since only 24 digits are ever judged; it
 * takes a third of the time of `createHmac`, which would be the largest part of a challenge.
 */
class StampMac {
  readonly #block: Buffer;

  /** @param key 64 bytes, SHA-256's block, so that the stamp begins a block of its own */
  constructor(key: Buffer) {
    this.#block = Buffer.concat([key, Buffer.alloc(stampDigits)]);
  }

  tag(stamp: string): string {
    this.#block.write(stamp, this.#block.length - stampDigits, stampDigits, "latin1");
    return hash("sha256", this.#block).slice(0, tagDigits);
  }
}
