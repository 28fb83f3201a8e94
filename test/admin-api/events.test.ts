import { type ClientRequest, get, type IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { eventStreamLimits } from "../../src/admin-api/event-clients.ts";
import type { TenantId } from "../../src/domain/tenant.ts";
import { type AdminFixture, startAdminFixture, tenant, token } from "./admin-fixture.ts";

const mostKeptCharacters = 5000;

let fixture: AdminFixture;
const requests: ClientRequest[] = [];

beforeEach(async () => {
  fixture = await startAdminFixture();
  await fixture.server.listen({ host: "127.0.0.1", port: 0 });
});
afterEach(async () => {
  for (const request of requests.splice(0)) request.destroy();
  await fixture.stop();
});

/** A stream over a real socket, and what has come of it so far. */
interface Stream {
  readonly response: IncomingMessage;
  /** Resolves when the text so far has `part` in it. */
  until(part: string): Promise<string>;
  readonly ended: Promise<void>;
}

function open(): Promise<Stream> {
  return new Promise((resolve, reject) => {
    const request = get(
      {
        host: "127.0.0.1",
        port: fixture.server.address?.port,
        path: "/api/v1/events",
        headers: { authorization: `Bearer ${token}` },
        agent: false,
      },
      (response) => resolve(streamOf(response)),
    );
    request.on("error", reject);
    requests.push(request);
  });
}

function streamOf(response: IncomingMessage): Stream {
  let text = "";
  const waiting = new Set<() => void>();
  response.setEncoding("utf8");
  response.on("error", () => response.destroy());
  const ended = new Promise<void>((resolve) => response.on("close", resolve));
  response.on("data", (chunk: string) => {
    text = (text + chunk).slice(-mostKeptCharacters);
    for (const wake of waiting) wake();
  });
  const until = (part: string) =>
    new Promise<string>((resolve) => {
      const look = () => {
        if (!text.includes(part)) return;
        waiting.delete(look);
        resolve(text);
      };
      waiting.add(look);
      look();
    });
  return { response, until, ended };
}

function publish(subject: string, tenantId: TenantId = tenant.id) {
  fixture.stores.liveEvents.publish({
    type: "device",
    tenantId,
    atMilliseconds: fixture.clock.nowMilliseconds(),
    subject,
    change: "enrolled",
  });
}

test("tells what changes, as it changes, to every open page", async () => {
  const streams = [await open(), await open()];
  for (const { response, until } of streams) {
    expect(response.statusCode).toBe(200);
    expect(response.headers["content-type"]).toMatch(/^text\/event-stream/);
    await until("retry: 3000\n\n");
  }
  const payload = { macAddress: "805ec0000001", location: "" };
  await fixture.call({ method: "POST", url: "/api/v1/devices", payload });
  for (const { until } of streams) {
    const text = await until("event: device\n");
    const data = /^data: (.*)$/m.exec(text)?.[1] ?? "";
    expect(JSON.parse(data)).toEqual({
      type: "device",
      at: "2026-01-05T08:00:00.000Z",
      subject: "80:5e:c0:00:00:01",
      change: "added",
    });
  }
});

test("tells of users and calling policies that were written, and of the devices they are signed in on", async () => {
  const { until } = await open();
  await until("retry");
  const call = (method: "PUT" | "DELETE" | "POST", path: string, payload?: object) =>
    fixture.call({ method, url: `/api/v1${path}`, ...(payload === undefined ? {} : { payload }) });
  await call("PUT", "/calling-policies/Sales", {});
  await call("PUT", "/calling-policies/Sales", { busyOnBusy: true });
  await call("PUT", "/calling-policies/Sales", { busyOnBusy: true });
  await call("PUT", "/users/adele@contoso.example", { displayName: "Adele" });
  await call("POST", "/devices", { macAddress: "805ec0000001", location: "" });
  await fixture.change("805ec0000001", { state: "signed-in", upn: "adele@contoso.example" });
  await call("PUT", "/users/adele@contoso.example", { displayName: "Adele V." });
  await fixture.enforcer.idle();
  await call("DELETE", "/calling-policies/Sales");
  await call("DELETE", "/users/adele@contoso.example");
  const text = await until('"adele@contoso.example","change":"deleted"');
  const told = [...text.matchAll(/^data: (.*)$/gm)].map(([, data]) => JSON.parse(data ?? ""));
  const lines = told.map(({ type, subject, change }) => `${type} ${subject} ${change}`);
  expect(lines.filter((line) => /policy|user|assigned/.test(line))).toEqual([
    "policy Sales created",
    "policy Sales changed",
    "user adele@contoso.example created",
    "user adele@contoso.example changed",
    "device 80:5e:c0:00:00:01 assigned",
    "policy Sales deleted",
    "user adele@contoso.example deleted",
  ]);
});

test("a subject with line breaks forges no event, and other tenants' events stay theirs", async () => {
  const { until } = await open();
  await until("retry");
  publish("other", "99999999-2222-4333-8444-555555555555" as TenantId);
  publish("x\n\nevent: command\ndata: {}");
  publish("last");
  const text = await until('"last"');
  expect(text).not.toContain('"other"');
  expect(text.match(/^event: /gm)).toHaveLength(2);
  expect(text).not.toMatch(/^event: command/m);
});

test("a heartbeat keeps the stream open", async () => {
  const { until } = await open();
  await until("retry");
  fixture.clock.advance(eventStreamLimits.heartbeatMilliseconds);
  await until(": still here");
  fixture.clock.advance(eventStreamLimits.heartbeatMilliseconds);
  expect((await until(": still here")).length).toBeGreaterThan(0);
});

test("a reader who does not read is let go, and the others are not held up", async () => {
  const sockets: Socket[] = [];
  fixture.server.app.server.on("connection", (socket: Socket) => sockets.push(socket));
  const slow = await open();
  slow.response.pause();
  const fast = await open();
  await fast.until("retry");
  const [slowSocket, fastSocket] = sockets;
  // The kernel's buffers fill first: the slow one goes when ours would grow past the bound.
  const text = "x".repeat(100_000);
  for (let count = 1; count < 500 && slowSocket?.destroyed === false; count++) {
    publish(`${text}${count}!`);
    await fast.until(`x${count}!`);
  }
  expect([slowSocket?.destroyed, fastSocket?.destroyed]).toEqual([true, false]);
});

test("too many streams are refused with 503 and Retry-After", async () => {
  const streams: Stream[] = [];
  for (let count = 0; count < eventStreamLimits.clients; count++) streams.push(await open());
  const { response } = await open();
  expect(response.statusCode).toBe(503);
  expect(response.headers["retry-after"]).toBe("30");
});

test("closing the server ends open streams and does not wait for them", async () => {
  const { until, ended } = await open();
  await until("retry");
  await Promise.all([fixture.server.close(), ended]);
  expect(fixture.clock.pendingTimers).toBe(0);
});
