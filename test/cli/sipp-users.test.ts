import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeSippUsers } from "../../src/cli/write-sipp-users.ts";
import { type AdminFixture, startAdminFixture, token } from "../admin-api/admin-fixture.ts";

let folder: string;
let fixture: AdminFixture;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "sip-gateway-cli-"));
  fixture = await startAdminFixture({ lab: true });
  await fixture.server.listen({ host: "127.0.0.1", port: 0 });
});
afterAll(async () => {
  await fixture.stop();
  rmSync(folder, { recursive: true, force: true });
});

function url(of = fixture) {
  return `http://127.0.0.1:${of.server.address?.port}`;
}

test("writes a SIPp injection file of signed-in users, the same when done again", async () => {
  const out = join(folder, "users.csv");
  await writeSippUsers({ url: url(), token, count: 5003, out });
  const text = readFileSync(out, "utf8");
  const lines = text.trimEnd().split("\n");
  expect(lines[0]).toBe("SEQUENTIAL");
  expect(lines).toHaveLength(5004);
  expect(lines[1]).toMatch(
    /^\+15550000001;contoso\.example;\[authentication username=\+15550000001 password=[\w-]{24}\]$/,
  );
  expect(lines[5003]).toMatch(/^\+15550005003;/);
  expect(statSync(out).mode & 0o777).toBe(0o600);
  await writeSippUsers({ url: url(), token, count: 5003, out });
  expect(readFileSync(out, "utf8")).toBe(text);
});

test("says what to do when the laboratory is closed, the token wrong, or nothing there", async () => {
  const closed = await startAdminFixture();
  await closed.server.listen({ host: "127.0.0.1", port: 0 });
  const out = join(folder, "none.csv");
  const write = (at: string, by = token) => writeSippUsers({ url: at, token: by, count: 1, out });
  await expect(write(url(closed))).rejects.toThrow(/403.*LAB=true/);
  await expect(write(url(), "wrong")).rejects.toThrow(/401.*token is wrong/);
  const address = url(closed);
  await closed.stop();
  await expect(write(address)).rejects.toThrow(/No gateway answers/);
  expect(() => readFileSync(out)).toThrow();
});
