import { createHmac, hash, randomInt } from "node:crypto";
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
const serialRange = 2 ** (4 * serialDigits);
const nonceShape = /^[0-9a-f]{56}$/;
const hmacBlockBytes = 64;
const keptRealms = 1000;
const foreign: NonceCheck = { state: "foreign" };

/**
 * Makes nonces and knows them again without keeping any: time of issue, a serial, and an HMAC over
 * both under a key that belongs to the realm (RFC 7616 §5.4). Nodes that share the secret know
 * each other's.
 */
export class NonceIssuer {
  readonly lifetimeMilliseconds: number;
  readonly #secret: Buffer;
  readonly #clock: Clock;
  readonly #macs = new Map<string, StampMac>();
  // A random start, so that the serials of two nodes or two runs do not meet.
  #serial = randomInt(2 ** 48 - 1) * 16;

  /** @param options.secret 32 random bytes or more, the same on every node */
  constructor(options: { secret: Buffer; clock: Clock; lifetimeSeconds: number }) {
    if (options.secret.length < 32) throw new RangeError("the nonce secret needs 32 bytes or more");
    this.#secret = options.secret;
    this.#clock = options.clock;
    this.lifetimeMilliseconds = options.lifetimeSeconds * 1000;
  }

  /** A nonce for one challenge: 56 hex digits. */
  issue(realm: string): string {
    this.#serial = (this.#serial + 1) % serialRange;
    const time = this.#clock.nowMilliseconds().toString(16).padStart(timeDigits, "0");
    const stamp = time + this.#serial.toString(16).padStart(serialDigits, "0");
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

  #macOf(realm: string): StampMac {
    const known = this.#macs.get(realm);
    if (known !== undefined) return known;
    if (this.#macs.size >= keptRealms) this.#macs.clear();
    const mac = new StampMac(createHmac("sha256", this.#secret).update(`nonce:${realm}`).digest());
    this.#macs.set(realm, mac);
    return mac;
  }
}

/**
 * HMAC-SHA-256 (RFC 2104) over the 24 digits of a stamp, cut to 128 bits. `createHmac` takes 2 µs
 * to set up for every use; with the padded keys laid out once, two one-shot hashes take half.
 */
class StampMac {
  readonly #inner = Buffer.alloc(hmacBlockBytes + stampDigits, 0x36);
  readonly #outer = Buffer.alloc(hmacBlockBytes + 32, 0x5c);

  constructor(key: Buffer) {
    for (const [index, byte] of key.entries()) {
      this.#inner[index] = byte ^ 0x36;
      this.#outer[index] = byte ^ 0x5c;
    }
  }

  tag(stamp: string): string {
    this.#inner.write(stamp, hmacBlockBytes, stampDigits, "latin1");
    this.#outer.write(hash("sha256", this.#inner, "binary"), hmacBlockBytes, 32, "latin1");
    return hash("sha256", this.#outer).slice(0, tagDigits);
  }
}
