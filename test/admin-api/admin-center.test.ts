import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type AdminFixture, startAdminFixture } from "./admin-fixture.ts";

let folder: string;
let fixture: AdminFixture;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "sip-gateway-page-"));
  mkdirSync(join(folder, "assets"));
  writeFileSync(
    join(folder, "index.html"),
    '<title>page</title><script nonce="%CSP_NONCE%"></script>',
  );
  writeFileSync(join(folder, "assets", "index-abc.js"), "let page;");
  writeFileSync(join(folder, ".built-from"), "x");
  fixture = await startAdminFixture({ adminCenterFolder: folder });
});

afterEach(async () => {
  await fixture.stop();
  rmSync(folder, { recursive: true });
});

function visit(url: string, accept = "text/html,application/xhtml+xml") {
  return fixture.server.app.inject({ url, headers: { accept } });
}

describe("the admin center's page", () => {
  test.each(["/", "/devices", "/devices/80:5e:c0:aa:bb:cc", "/users"])("is at %s", async (url) => {
    const response = await visit(url);
    expect(response.statusCode).toBe(200);
    expect(response.body).toContain("<title>page</title>");
    expect(response.headers).toMatchObject({
      "cache-control": "no-store",
      "x-frame-options": "DENY",
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
    });
  });

  test("bears a nonce of its own at each visit, and allows nothing inline without it", async () => {
    const nonces = await Promise.all(
      [1, 2].map(async () => {
        const { body, headers } = await visit("/");
        const nonce = /nonce="([^"]+)"/.exec(body)?.[1] ?? "none";
        const policy = String(headers["content-security-policy"]);
        expect(policy).toContain(`style-src 'self' 'nonce-${nonce}'`);
        expect(policy).not.toContain("unsafe");
        return nonce;
      }),
    );
    expect(new Set(nonces).size).toBe(2);
  });

  test("has assets that browsers keep, and tells nothing of how it was built", async () => {
    const asset = await visit("/assets/index-abc.js", "*/*");
    expect(asset.body).toBe("let page;");
    expect(asset.headers["cache-control"]).toContain("immutable");
    expect((await visit("/.built-from", "*/*")).statusCode).toBe(404);
    expect((await visit("/assets/../../package.json", "*/*")).statusCode).toBe(404);
  });

  test("is no answer to programs, nor to a path of the API", async () => {
    const program = await visit("/devices", "application/json");
    expect(program.statusCode).toBe(404);
    expect(program.headers["content-type"]).toContain("application/problem+json");
    expect((await visit("/api/v1/nothing")).statusCode).toBe(401);
  });

  test("that is not built says what to do", async () => {
    const other = await startAdminFixture();
    const response = await other.server.app.inject({ url: "/" });
    expect(response.statusCode).toBe(503);
    expect(response.body).toContain("npm start");
    await other.stop();
  });
});

describe("POST /devices/look-up", () => {
  test("tells those that are there, in the order asked for, each once", async () => {
    for (const macAddress of ["80:5e:c0:00:00:01", "80:5e:c0:00:00:02"]) {
      await fixture.call({ method: "POST", url: "/api/v1/devices", payload: { macAddress } });
    }
    const macAddresses = ["805EC0000002", "80:5e:c0:00:00:99", "80-5e-c0-00-00-01", "805ec0000002"];
    const answer = await fixture.call({
      method: "POST",
      url: "/api/v1/devices/look-up",
      payload: { macAddresses },
    });
    expect(answer.status).toBe(200);
    expect(answer.json.items.map((one: { macAddress: string }) => one.macAddress)).toEqual([
      "80:5e:c0:00:00:02",
      "80:5e:c0:00:00:01",
    ]);
  });

  test("400 names what is no MAC address, and too many", async () => {
    const wrong = await fixture.call({
      method: "POST",
      url: "/api/v1/devices/look-up",
      payload: { macAddresses: ["80:5e"] },
    });
    expect(wrong).toMatchObject({ status: 400 });
    const many = { macAddresses: new Array(501).fill("805ec0000001") };
    const answer = await fixture.call({
      method: "POST",
      url: "/api/v1/devices/look-up",
      payload: many,
    });
    expect(answer.status).toBe(400);
  });
});
