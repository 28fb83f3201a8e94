import { describe, expect, it } from "vitest";
import { describeRedisTarget, readRedisUrl } from "../../src/stores/redis/redis-url.ts";

describe("REDIS_URL", () => {
  it.each([
    [
      "redis://localhost",
      { kind: "single", tls: false, hosts: [{ host: "localhost", port: 6379 }] },
    ],
    ["redis://127.0.0.1:7000/3", { hosts: [{ host: "127.0.0.1", port: 7000 }], database: 3 }],
    ["redis://[2001:db8::1]:7000", { hosts: [{ host: "2001:db8::1", port: 7000 }] }],
    ["rediss://:p%40ss@host", { tls: true, username: undefined, password: "p@ss" }],
    ["redis://user:a:b@host", { username: "user", password: "a:b" }],
    [
      "redis+sentinel://:secret@a:1,b/mymaster?db=2&sentinelPassword=other",
      {
        kind: "sentinel",
        hosts: [
          { host: "a", port: 1 },
          { host: "b", port: 26_379 },
        ],
        masterName: "mymaster",
        database: 2,
        password: "secret",
        sentinelPassword: "other",
      },
    ],
    [
      "rediss+cluster://a:1,b:2",
      {
        kind: "cluster",
        tls: true,
        hosts: [
          { host: "a", port: 1 },
          { host: "b", port: 2 },
        ],
      },
    ],
  ])("reads %s", (url, expected) => {
    expect(readRedisUrl(url)).toMatchObject(expected);
  });

  it.each([
    "",
    "localhost:6379",
    "http://localhost",
    "redis://",
    "redis://host:0",
    "redis://host:65536",
    "redis://host:port",
    "redis://a:1,b:2",
    "redis://host/name",
    "redis+sentinel://host:1",
    "redis+cluster://host:1?db=1",
    "redis://:%zz@host",
  ])("refuses %j and says what it may be", (url) => {
    expect(() => readRedisUrl(url)).toThrow(/REDIS_URL cannot be used: .*redis\+cluster:\/\//);
  });

  it("never repeats a password", () => {
    expect(() => readRedisUrl("redis://:geheim@host:0")).toThrow(/^(?!.*geheim)/);
    expect(describeRedisTarget(readRedisUrl("redis://user:geheim@host"))).toBe("redis://host:6379");
    expect(
      describeRedisTarget(readRedisUrl("rediss+sentinel://:geheim@a,b:2/m?sentinelPassword=x")),
    ).toBe("rediss+sentinel://a:26379,b:2/m");
  });
});
