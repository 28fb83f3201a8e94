import { Writable } from "node:stream";
import { describe, expect, test } from "vitest";
import { createLogger } from "../../src/observability/logger.ts";

const secret = "hunter2-hunter2";

function record(pretty = false) {
  const lines: string[] = [];
  const destination = new Writable({
    decodeStrings: false,
    write(line: string, _encoding, done) {
      lines.push(line);
      done();
    },
  });
  const logger = createLogger({ level: "debug", nodeId: "node-1", pretty, destination });
  return { logger, lines, text: () => lines.join("") };
}

test("a line is one JSON object with level, time and node", () => {
  const { logger, lines } = record();
  logger.info({ macAddress: "805ec0000001", text: "two\nlines" }, "a device was added");
  expect(lines).toHaveLength(1);
  expect(lines[0]?.trimEnd()).not.toContain("\n");
  expect(JSON.parse(lines[0] ?? "")).toEqual({
    level: "info",
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    node: "node-1",
    macAddress: "805ec0000001",
    text: "two\nlines",
    msg: "a device was added",
  });
});

describe("no secret passes", () => {
  test.each([
    "password",
    "adminPassword",
    "passwd",
    "token",
    "ADMIN_TOKEN",
    "authorization",
    "Proxy-Authorization",
    "secret",
    "urlSecret",
    "digest",
    "ha1",
    "nonce",
    "cnonce",
    "cookie",
    "credentials",
    "verificationCode",
  ])("in a field called %s, at any depth", (name) => {
    const { logger, text } = record();
    logger.info({ [name]: secret }, "top");
    logger.info({ request: { headers: [{ [name]: secret }] } }, "deep");
    logger.info({ [name]: { inner: secret } }, "a whole object");
    logger.child({ [name]: secret }).info("bound");
    logger.setBindings({ [name]: secret });
    logger.info("bound later");
    expect(text()).not.toContain(secret);
    expect(text().match(/\[redacted\]/g)?.length).toBeGreaterThanOrEqual(4);
  });

  test("in a code of digits, while an error's code is told", () => {
    const { logger, text } = record();
    logger.info({ code: "123456", device: { code: 654321 } }, "dialled");
    logger.error({ err: Object.assign(new Error("no"), { code: "ECONNREFUSED" }) }, "failed");
    logger.info({ code: "STORE_UNAVAILABLE" }, "failed");
    expect(text()).not.toMatch(/123456|654321/);
    expect(text()).toContain("ECONNREFUSED");
    expect(text()).toContain("STORE_UNAVAILABLE");
  });

  test.each([
    ["a bearer token", `Authorization: Bearer ${secret}`],
    ["a digest's response", `Digest username="x", response="${secret}", uri="sip:x"`],
    ["a nonce", `Digest realm="x", nonce="${secret}"`],
    ["a URL's password", `cannot reach redis://default:${secret}@redis.example:6379`],
    ["a URL's password without a user", `cannot reach rediss://:${secret}@redis.example`],
    ["a next URL", `GET /emea/device/${secret}/805ec0000001.cfg`],
    ["a query's token", `GET /x?token=${secret}&y=1`],
  ])("in the text: %s", (_case, text) => {
    const { logger, text: written } = record();
    logger.info(text);
    logger.info({ line: text }, "field");
    logger.error(new Error(text));
    logger.error({ err: new Error("outer", { cause: new Error(text) }) }, "cause");
    expect(written()).not.toContain(secret);
    for (const line of written().trim().split("\n")) expect(() => JSON.parse(line)).not.toThrow();
  });

  test("in a dialled code, in whatever way its stars are written", () => {
    const { logger, text } = record();
    logger.info({ uri: "sip:*55*123456@gateway" }, "INVITE sip:%2a55%2A123456@gateway");
    expect(text()).not.toContain("123456");
    expect(text()).toContain("*55*");
  });

  test("in lines for people either", () => {
    const { logger, text } = record(true);
    logger.info({ password: secret }, `Bearer ${secret}`);
    expect(text()).toContain("INFO");
    expect(text()).not.toContain(secret);
  });
});

test("fields that go round in circles or too deep are cut, not followed", () => {
  const { logger, text } = record();
  const circle: Record<string, unknown> = { name: "circle" };
  circle.self = circle;
  logger.info({ circle, list: Array.from({ length: 10_000 }, (_, index) => index) }, "hostile");
  expect(text()).toContain("[too deep]");
  expect(text().length).toBeLessThan(5000);
});
