import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ensureAdminToken, readAdminToken } from "../../src/config/admin-token.ts";

let root: string;
let folder: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "sip-gateway-token-"));
  folder = join(root, "data");
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test("the first start makes 32 random bytes that only the owner can read", () => {
  const { token, made } = ensureAdminToken(folder);
  expect(made).toBe(true);
  expect(Buffer.from(token, "base64url")).toHaveLength(32);
  expect(readFileSync(join(folder, "admin-token"), "utf8")).toBe(`${token}\n`);
  expect(statSync(join(folder, "admin-token")).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(["admin-token"]);
});

test("every later start finds the same, and closes the file to others again", () => {
  const { token } = ensureAdminToken(folder);
  chmodSync(join(folder, "admin-token"), 0o644);
  expect(ensureAdminToken(folder)).toEqual({ token, made: false });
  expect(statSync(join(folder, "admin-token")).mode & 0o777).toBe(0o600);
  expect(readAdminToken(folder)).toBe(token);
});

test("an empty file is a fault that says what to do, not a token", () => {
  ensureAdminToken(folder);
  writeFileSync(join(folder, "admin-token"), "\n");
  expect(() => ensureAdminToken(folder)).toThrow(/is empty; delete it/);
});

test("reading makes none", () => {
  expect(readAdminToken(folder)).toBeUndefined();
});
