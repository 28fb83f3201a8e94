import { describe, expect, test } from "vitest";
import { hashPassword, verifyPassword } from "../../src/domain/password-hash.ts";

describe("a password's hash", () => {
  test("RFC 7914 names its parameters, has a salt of its own, and fits its password alone", async () => {
    const [first, second] = await Promise.all([hashPassword("secret"), hashPassword("secret")]);
    expect(first).toMatch(/^scrypt\$N=32768,r=8,p=3\$[\w+/]{22}==\$[\w+/]{43}=$/);
    expect(first).not.toBe(second);
    expect(await verifyPassword("secret", first)).toBe(true);
    expect(await verifyPassword("Secret", first)).toBe(false);
  });

  test("with other parameters is still verified", async () => {
    // RFC 7914 §12, with 64 bytes of key: P = "password", S = "NaCl", N = 1024, r = 8, p = 16.
    const key =
      "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162" +
      "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640";
    const base64 = Buffer.from(key, "hex").toString("base64");
    const hash = `scrypt$N=1024,r=8,p=16$${Buffer.from("NaCl").toString("base64")}$${base64}`;
    expect(await verifyPassword("password", hash)).toBe(true);
    expect(await verifyPassword("passwort", hash)).toBe(false);
  });

  test("RFC 8265 §4.2.2 fits however the characters were composed", async () => {
    const hash = await hashPassword("caf\u00e9");
    expect(await verifyPassword("cafe\u0301", hash)).toBe(true);
  });

  test("that is not there fits no password", async () => {
    expect(await verifyPassword("secret", null)).toBe(false);
  });

  test("is made of 1 to 256 characters only", async () => {
    await expect(hashPassword("")).rejects.toThrow(RangeError);
    await expect(hashPassword("x".repeat(257))).rejects.toThrow(RangeError);
    expect(await verifyPassword("x".repeat(257), null)).toBe(false);
  });

  test.each(["", "plain", "scrypt$N=1048576,r=64,p=1$c2FsdHNhbHQ=$", "bcrypt$x"])(
    "%j cannot be read, and costs nothing",
    async (hash) => {
      await expect(verifyPassword("secret", hash)).rejects.toThrow("cannot be read");
    },
  );
});
