import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FirmwareFolder } from "../../provisioning-http/firmware-folder.ts";
import { createProvisioningServer } from "../../provisioning-http/provisioning-server.ts";
import { RecordingDirectory } from "./recording-directory.ts";

const polyAgent = "FileTransport PolycomVVX-VVX_400-UA/5.9.5.7430 Type/Application";
const directory = new RecordingDirectory();
let folder: string;
let server: FastifyInstance;
let port: number;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "firmware-"));
  const root = path.join(folder, "firmware");
  for (const [name, content] of [
    ["yealink/t46s/T46S-66.86.0.9.rom", "old image"],
    ["yealink/t46s/T46S-66.86.0.15.rom", "0123456789"],
    ["yealink/t46s/.hidden", "secret"],
    ["poly/vvx_400/sip.ld", "whole image"],
    ["poly/vvx_400/3111-46157-002.sip.ld", "split image"],
    ["cisco/8841/sip88xx.12-0-3MPP.loads", "loads"],
    ["audiocodes/440HD/440HD_2.2.16.681.img", "image"],
  ] as const) {
    await mkdir(path.join(root, path.dirname(name)), { recursive: true });
    await writeFile(path.join(root, name), content);
  }
  await writeFile(path.join(folder, "private.txt"), "private");
  await symlink(path.join(folder, "private.txt"), path.join(root, "yealink/t46s/link.rom"));
  server = createProvisioningServer({
    directory,
    regions: ["noam", "emea", "apac"],
    nowMilliseconds: () => 0,
    firmware: new FirmwareFolder(root, () => 0),
  });
  const url = await server.listen({ host: "127.0.0.1", port: 0 });
  port = Number(new URL(url).port);
});

afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

function get(url: string, headers: Record<string, string> = {}, method = "GET") {
  return fetch(`http://127.0.0.1:${port}${url}`, { method, headers });
}

/** Sends bytes as they are and returns all that comes back until the server closes. */
function exchange(bytes: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  socket.end(bytes);
  return text(socket);
}

describe("the firmware folder", () => {
  const url = "/firmware/yealink/t46s/T46S-66.86.0.15.rom";

  test("serves an image, its ranges, its ETag and its HEAD", async () => {
    const whole = await get(url);
    expect([whole.status, await whole.text()]).toEqual([200, "0123456789"]);
    expect(whole.headers.get("content-type")).toBe("application/octet-stream");
    const part = await get(url, { range: "bytes=2-4" });
    expect([part.status, await part.text()]).toEqual([206, "234"]);
    expect(part.headers.get("content-range")).toBe("bytes 2-4/10");
    const beyond = await get(url, { range: "bytes=10-" });
    expect([beyond.status, beyond.headers.get("content-range")]).toEqual([416, "bytes */10"]);
    const etag = whole.headers.get("etag") ?? "";
    // Not by fetch, which adds `Cache-Control: no-cache` to such a request.
    const again = await server.inject({ url, headers: { "if-none-match": etag } });
    expect([again.statusCode, again.body]).toEqual([304, ""]);
    const head = await get(url, {}, "HEAD");
    expect([head.headers.get("content-length"), await head.text()]).toEqual(["10", ""]);
    expect((await get(`/emea${url}`)).status).toBe(200);
  });

  test("is named in the configuration, the newest image of the model, as an absolute URL", async () => {
    const yealink = await get("/emea/805ec0aabbcc.cfg", {
      "user-agent": "Yealink SIP-T46S 66.83.0.1 805ec0aabbcc",
    });
    const newest = "http://192.0.2.10:8080/firmware/yealink/t46s/T46S-66.86.0.15.rom";
    expect(await yealink.text()).toContain(`static.firmware.url = ${newest}\n`);
    const cisco = await get("/$PSN.xml", {
      "user-agent": "Cisco-CP-8841-3PCC/11.3.5 (00562b043615)",
    });
    expect(await cisco.text()).toContain(
      '<Upgrade_Rule ua="na">http://192.0.2.10:8080/firmware/cisco/8841/sip88xx.12-0-3MPP.loads<',
    );
    const master = await get("/0004f2aabbcc.cfg", { "user-agent": polyAgent });
    expect(await master.text()).toContain(
      `APP_FILE_PATH="http://127.0.0.1:${port}/firmware/poly/vvx_400/sip.ld"`,
    );
  });

  test("is not named for a model it has no image for", async () => {
    const response = await get("/805ec0aabbcc.cfg", {
      "user-agent": "Yealink SIP-T48S 66.86.0.15 805ec0aabbcc",
    });
    expect(await response.text()).not.toContain("firmware");
  });

  test("serves what Poly and AudioCodes phones ask for by a name of their own", async () => {
    const headers = { "user-agent": polyAgent };
    expect(await (await get("/emea/sip.ld", headers)).text()).toBe("whole image");
    expect(await (await get("/emea/3111-46157-002.sip.ld", headers)).text()).toBe("split image");
    expect((await get("/emea/3111-99999-002.sip.ld", headers)).status).toBe(404);
    expect(await (await get("/440HD.img")).text()).toBe("image");
  });

  test.each([
    "/firmware/yealink/t46s/.hidden",
    "/firmware/yealink/t46s/link.rom",
    "/firmware/yealink/t46s",
    "/firmware/yealink/t46s/",
    "/firmware",
    "/firmware/yealink/t46s/missing.rom",
    "/firmware/yealink/t46s/T46S-66.86.0.15.rom/x",
  ])("%s is not served", async (path) => {
    expect((await get(path)).status).toBe(404);
  });
});

describe("raw requests", () => {
  const raw = (target: string, headers = "Host: 127.0.0.1\r\n") =>
    exchange(`GET ${target} HTTP/1.1\r\n${headers}Connection: close\r\n\r\n`);

  test.each([
    "/firmware/../../private.txt",
    "/firmware/yealink/../../../private.txt",
    "/firmware/yealink/t46s/%2e%2e%2f%2e%2e%2f%2e%2e%2fprivate.txt",
    "/firmware/yealink/t46s/..%5c..%5cprivate.txt",
    "/firmware/yealink/%2e%2e/%2e%2e/private.txt",
    "/emea/%00.cfg",
    "/%",
    `/${"a".repeat(4000)}`,
    "http://127.0.0.1/firmware/../private.txt",
    "*",
  ])("GET %s gives nothing away", async (target) => {
    const response = await raw(target);
    expect(response).toMatch(/^HTTP\/1\.1 40[04] /);
    expect(response).not.toContain("private\n");
    expect(response.split("\r\n\r\n")[1]).not.toBe("private");
  });

  test("a Host header that is none is 400", async () => {
    expect(await raw("/805ec0aabbcc.cfg", 'Host: a"b\r\n')).toMatch(/^HTTP\/1\.1 400 /);
    expect(await raw("/805ec0aabbcc.cfg", "")).toMatch(/^HTTP\/1\.1 400 /);
  });

  test("HTTP/1.0 without a Host header is 400 with a text, not a crash", async () => {
    expect(await exchange("GET /805ec0aabbcc.cfg HTTP/1.0\r\n\r\n")).toMatch(/^HTTP\/1\.1 400 /);
  });

  test("a region in the Host header", async () => {
    const before = directory.asked.length;
    const response = await raw("/805ec0aabbcc.cfg", "Host: EMEA.gateway.example:8080\r\n");
    expect(response).toMatch(/^HTTP\/1\.1 200 /);
    expect(directory.asked[before]?.region).toBe("emea");
  });

  test("an upload that announces a gigabyte is refused once a mebibyte has come", async () => {
    const head =
      "PUT /0004f2aabbcc-app.log HTTP/1.1\r\nHost: x\r\nContent-Length: 1073741824\r\n\r\n";
    const response = await exchange(head + "a".repeat(1024 * 1024 + 1));
    expect(response).toMatch(/^HTTP\/1\.1 413 /);
  });

  test("methods of other protocols are 405 or no HTTP at all", async () => {
    const response = await exchange("PROPFIND /x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    expect(response).toMatch(/^HTTP\/1\.1 405 /);
    expect(await exchange("REGISTER sip:x SIP/2.0\r\n\r\n")).toMatch(/^HTTP\/1\.1 400 /);
  });
});
