import { randomFillSync } from "node:crypto";

/** Random bytes are fetched this many at a time: one call costs as much as a hundred from the pool. */
const pool = Buffer.allocUnsafeSlow(4096);
let used = pool.length;

function randomHex(bytes: number): string {
  if (used + bytes > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += bytes;
  return pool.toString("hex", used - bytes, used);
}

/** A From or To tag of 64 random bits (RFC 3261 §19.3 asks for 32 at least). */
export function newTag(): string {
  return randomHex(8);
}

/** A Via branch with the magic cookie (RFC 3261 §8.1.1.7) and 96 random bits. */
export function newBranch(): string {
  return `z9hG4bK${randomHex(12)}`;
}

/** A Call-ID of 128 random bits (RFC 3261 §8.1.1.4), with `@host` behind it when a host is given. */
export function newCallId(host?: string): string {
  const random = randomHex(16);
  return host === undefined ? random : `${random}@${host}`;
}
