import { describe, expect, it } from "vitest";
import { NonceIssuer } from "../../../sip/digest/nonce.ts";
import { NonceCounts } from "../../../sip/digest/nonce-counts.ts";
import { FakeClock } from "../../support/fake-clock.ts";

const secret = Buffer.alloc(32, 7);
const realm = "contoso.example";

describe("nonces", () => {
  const clock = new FakeClock();
  const issuer = new NonceIssuer({ secret, clock, lifetimeSeconds: 300 });

  it("are known again, until their lifetime is over", () => {
    const nonce = issuer.issue(realm);
    expect(issuer.check(nonce, realm).state).toBe("fresh");
    clock.advance(300_000);
    expect(issuer.check(nonce, realm).state).toBe("fresh");
    clock.advance(1);
    expect(issuer.check(nonce, realm).state).toBe("stale");
  });

  it("are known to every node that shares the secret, and to no other", () => {
    const nonce = issuer.issue(realm);
    const sister = new NonceIssuer({ secret, clock, lifetimeSeconds: 300 });
    const stranger = new NonceIssuer({ secret: Buffer.alloc(32, 8), clock, lifetimeSeconds: 300 });
    expect(sister.check(nonce, realm).state).toBe("fresh");
    expect(stranger.check(nonce, realm).state).toBe("foreign");
  });

  it("belong to their realm", () => {
    expect(issuer.check(issuer.issue(realm), "fabrikam.example").state).toBe("foreign");
  });

  it("are foreign when any digit was changed", () => {
    const nonce = issuer.issue(realm);
    for (let index = 0; index < nonce.length; index++) {
      const other = nonce[index] === "0" ? "1" : "0";
      const changed = nonce.slice(0, index) + other + nonce.slice(index + 1);
      expect(issuer.check(changed, realm).state).toBe("foreign");
    }
    for (const text of ["", "x", nonce.toUpperCase(), `${nonce}0`, nonce.slice(1)]) {
      expect(issuer.check(text, realm).state).toBe("foreign");
    }
  });

  it("differ from each other", () => {
    const issued = new Set(Array.from({ length: 1000 }, () => issuer.issue(realm)));
    expect(issued.size).toBe(1000);
  });

  it("want a secret that is worth the name", () => {
    expect(
      () => new NonceIssuer({ secret: Buffer.alloc(16), clock, lifetimeSeconds: 300 }),
    ).toThrow(RangeError);
  });
});

describe("counts of nonces", () => {
  const clock = new FakeClock();
  const nonce = (serial: number, issuedAtMilliseconds = clock.nowMilliseconds()) => ({
    serial,
    issuedAtMilliseconds,
  });

  it("RFC 7616 §3.4.6 accept each count once", () => {
    const counts = new NonceCounts({ clock, lifetimeSeconds: 300 });
    expect([1, 1, 2, 2, 3].map((count) => counts.accept(nonce(1), count))).toEqual([
      true,
      false,
      true,
      false,
      true,
    ]);
  });

  it("take requests that overtook each other, within a window", () => {
    const counts = new NonceCounts({ clock, lifetimeSeconds: 300 });
    expect([40, 39, 9, 8, 39, 41, 10].map((count) => counts.accept(nonce(1), count))).toEqual([
      true,
      true,
      true,
      false,
      false,
      true,
      true,
    ]);
    expect(counts.accept(nonce(1), 0xffffffff)).toBe(true);
    expect(counts.accept(nonce(1), 41)).toBe(false);
  });

  it("treat what was issued before the start as used", () => {
    const before = nonce(1);
    clock.advance(1);
    const counts = new NonceCounts({ clock, lifetimeSeconds: 300 });
    expect(counts.accept(before, 1)).toBe(false);
    expect(counts.accept(nonce(2), 1)).toBe(true);
  });

  it("stay within their capacity, and treat what was pushed out as used", () => {
    const counts = new NonceCounts({ clock, lifetimeSeconds: 300, capacity: 10 });
    const first = nonce(1);
    expect(counts.accept(first, 1)).toBe(true);
    for (let serial = 2; serial <= 11; serial++) {
      clock.advance(10);
      expect(counts.accept(nonce(serial), 1)).toBe(true);
    }
    expect(counts.size).toBe(10);
    expect(counts.accept(first, 1)).toBe(false);
    expect(counts.accept(first, 2)).toBe(false);
  });

  it("forget nonces that nobody can use any more", () => {
    const counts = new NonceCounts({ clock, lifetimeSeconds: 300 });
    for (let serial = 0; serial < 1000; serial++) counts.accept(nonce(serial), 1);
    clock.advance(301_000);
    for (let serial = 1000; serial < 1300; serial++) counts.accept(nonce(serial), 1);
    expect(counts.size).toBeLessThanOrEqual(300);
  });
});
