import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { type HttpExchange, PhoneHttp } from "../../../src/lab/simulated-phones/phone-http.ts";
import { FakeClock } from "../../support/fake-clock.ts";

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  servers.length = 0;
});

/** The URL of a server on this machine that answers so. */
async function serve(listener: RequestListener, host = "127.0.0.1"): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://${host}:${(server.address() as AddressInfo).port}`;
}

function newPhoneHttp(clock = new FakeClock()) {
  const exchanges: HttpExchange[] = [];
  const http = new PhoneHttp({ clock, onExchange: (exchange) => exchanges.push(exchange) });
  return { http, exchanges };
}

describe("a phone's HTTP", () => {
  it("comes back when a busy server says so (429, Retry-After)", async () => {
    const clock = new FakeClock();
    const { http, exchanges } = newPhoneHttp(clock);
    let asked = 0;
    const url = await serve((_request, reply) => {
      asked++;
      if (asked === 1) reply.writeHead(429, { "retry-after": "30" }).end("Too many");
      else reply.end("text");
    });
    const text = http.getText(`${url}/a.cfg`, "Phone/1");
    // While it waits there is no deadline but the one timer that makes it come back.
    await expect.poll(() => exchanges.length).toBe(1);
    await expect.poll(() => clock.pendingTimers).toBe(1);
    clock.advance(29_999);
    expect(asked).toBe(1);
    clock.advance(1);
    expect(await text).toBe("text");
  });

  it("gives up on a server that does not answer", async () => {
    const clock = new FakeClock();
    let asked = false;
    const url = await serve(() => {
      asked = true;
    });
    const reply = newPhoneHttp(clock).http.get(`${url}/a.cfg`, "Phone/1");
    reply.catch(() => undefined);
    await expect.poll(() => asked).toBe(true);
    clock.advance(20_000);
    await expect(reply).rejects.toThrow("no answer within 20 s");
  });

  it("follows 301 and 302, and not for ever", async () => {
    const url = await serve((request, reply) => {
      const next = request.url === "/a" ? "/b" : request.url === "/b" ? undefined : "/round";
      if (next === undefined) reply.end("here");
      else reply.writeHead(302, { location: next }).end();
    });
    const { http } = newPhoneHttp();
    expect(await http.getText(`${url}/a`, "Phone/1")).toBe("here");
    await expect(http.get(`${url}/round`, "Phone/1")).rejects.toThrow("redirects for ever");
  });

  it("takes no file that is larger than a mebibyte, and no body that it does not want", async () => {
    const url = await serve((_request, reply) => reply.end(Buffer.alloc(2 ** 20 + 1)));
    const { http } = newPhoneHttp();
    await expect(http.get(`${url}/a`, "Phone/1")).rejects.toThrow("larger than");
    const image = await http.get(`${url}/image`, "Phone/1", { reads: false });
    expect(image).toMatchObject({ status: 200, body: "" });
  });

  it("says what phones say, and hides the secret of a next URL from whoever looks on", async () => {
    let headers: unknown;
    const url = await serve((request, reply) => {
      headers = request.headers;
      reply.statusCode = 404;
      reply.end("Not here\nat all");
    }, "emea.localhost");
    const { http, exchanges } = newPhoneHttp();
    const text = http.getText(`${url}/emea/device/secretsecret/a.cfg`, "Phone/1");
    await expect(text).rejects.toThrow("GET /emea/device/***/a.cfg was answered 404: Not here");
    expect(headers).toEqual({
      "user-agent": "Phone/1",
      accept: "*/*",
      host: url.replace("http://", ""),
      connection: "close",
    });
    expect(exchanges).toEqual([{ method: "GET", path: "/emea/device/***/a.cfg", status: 404 }]);
  });
});
