import { describe, expect, test } from "vitest";
import { RateLimit } from "../../provisioning-http/rate-limit.ts";

describe("the limit of requests per address", () => {
  test("counts each address alone, and anew every minute", () => {
    let now = 60_000;
    const limit = new RateLimit(2, () => now);
    expect([limit.take("192.0.2.1"), limit.take("192.0.2.1")]).toEqual([undefined, undefined]);
    now += 20_000;
    expect(limit.take("192.0.2.1")).toBe(40);
    expect(limit.take("192.0.2.2")).toBeUndefined();
    now += 40_000;
    expect(limit.take("192.0.2.1")).toBeUndefined();
  });

  test("takes an IPv6 network of 64 bits for one address, however it is written", () => {
    const limit = new RateLimit(1, () => 0);
    expect(limit.take("2001:db8:0:1::1")).toBeUndefined();
    expect(limit.take("2001:db8:0:1:ffff::2")).toBe(60);
    expect(limit.take("2001:db8:0:2::1")).toBeUndefined();
    expect(limit.take("::ffff:192.0.2.1")).toBeUndefined();
    expect(limit.take("192.0.2.1")).toBe(60);
    expect(limit.take("fe80::1%eth0")).toBeUndefined();
    expect(limit.take("fe80::2%eth1")).toBe(60);
  });

  test("keeps no more than 20,000 counts: the rest share one", () => {
    const limit = new RateLimit(1, () => 0);
    for (let count = 0; count < 20_000; count++) {
      expect(limit.take(`10.0.${count >> 8}.${count & 255}`)).toBeUndefined();
    }
    expect(limit.take("198.51.100.1")).toBeUndefined();
    expect(limit.take("198.51.100.2")).toBe(60);
    expect(limit.take("10.0.0.1")).toBe(60);
  });
});
