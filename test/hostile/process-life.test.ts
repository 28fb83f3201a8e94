import { spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { freePorts } from "../support/free-ports.ts";
import { mediaPorts, projectRoot } from "../support/gateway-process.ts";
import { SipTestPhone } from "../support/sip-test-phone.ts";
import { BesiegedGateway } from "./besieged-gateway.ts";
import { openStream } from "./raw-sockets.ts";

const mostStopMilliseconds = 5000;
const cleanUps: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

interface Ended {
  readonly exitCode: number | null;
  readonly output: string;
}

/** Runs the gateway until it ends by itself. */
async function runGateway(environment: Record<string, string>): Promise<Ended> {
  const folder = await mkdtemp(join(tmpdir(), "sip-gateway-life-"));
  const names = ["SIP_PORT", "SIP_TLS_PORT", "SIP_WS_PORT", "PROVISIONING_PORT", "ADMIN_PORT"];
  const ports = await freePorts(names.length);
  const child = spawn(process.execPath, ["src/main.ts"], {
    cwd: projectRoot,
    env: {
      PATH: process.env.PATH,
      BIND_ADDRESS: "127.0.0.1",
      DATA_DIR: folder,
      MEDIA_PORTS: mediaPorts,
      ...Object.fromEntries(names.map((name, index) => [name, String(ports[index])])),
      ...environment,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8");
    stream.on("data", (text: string) => {
      output += text;
    });
  }
  const late = setTimeout(() => child.kill("SIGKILL"), 15_000);
  await once(child, "close");
  clearTimeout(late);
  await rm(folder, { recursive: true, force: true });
  return { exitCode: child.exitCode, output };
}

async function holdTcp(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  cleanUps.push(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

async function holdUdp(): Promise<number> {
  const socket = createSocket("udp4");
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  cleanUps.push(() => void socket.close());
  return socket.address().port;
}

describe("a port that is taken", () => {
  it.each([
    ["SIP_PORT", "UDP", holdUdp],
    ["SIP_PORT", "TCP", holdTcp],
    ["SIP_TLS_PORT", "TCP", holdTcp],
    ["PROVISIONING_PORT", "TCP", holdTcp],
    ["ADMIN_PORT", "TCP", holdTcp],
  ])("%s over %s: exit code 1, and the port is named", async (name, _transport, hold) => {
    const port = await hold();
    const { exitCode, output } = await runGateway({ [name]: String(port) });
    expect(exitCode).toBe(1);
    expect(output).toMatch(new RegExp(`cannot start: .*EADDRINUSE.*\\b${port}\\b`));
  });
});

describe("bad settings", () => {
  it("exit code 2, and one line for each with its name, what it was and what it may be", async () => {
    const { exitCode, output } = await runGateway({
      SIP_PORT: "abc",
      ADMIN_PORT: "99999999",
      PROVISIONING_ACCESS: "maybe",
      LAB: "perhaps",
      LOG_LEVEL: "loud",
      REDIS_URL: "http://user:hidden@redis",
    });
    expect(exitCode).toBe(2);
    const lines = output.trim().split("\n");
    expect(lines).toHaveLength(6);
    const text = output;
    expect(text).toContain('SIP_PORT is "abc"; it may be a port from 0 to 65535');
    expect(text).toContain('PROVISIONING_ACCESS is "maybe"; it may be open, known or token.');
    for (const name of ["ADMIN_PORT", "LAB", "LOG_LEVEL", "REDIS_URL"]) {
      expect(lines.filter((line) => line.startsWith(name))).toHaveLength(1);
    }
    expect(text).not.toContain("hidden");
  });

  it("a configuration file that is not there: exit code 2 and its name", async () => {
    const { exitCode, output } = await runGateway({ GATEWAY_CONFIG: "/nowhere/gateway.yaml" });
    expect(exitCode).toBe(2);
    expect(output).toContain("/nowhere/gateway.yaml");
  });
});

describe("SIGTERM", () => {
  it("exits 0 within 5 s while calls ring, streams are open and HTTP requests are in flight", async () => {
    const gateway = await BesiegedGateway.start();
    cleanUps.push(() => gateway.stop());
    const [first, second] = await gateway.admin.sampleUsers(1, 2);
    if (first === undefined || second === undefined) throw new Error("no sample users");
    const caller = await SipTestPhone.open(gateway.sipPort, first);
    const callee = await SipTestPhone.open(gateway.sipPort, second, "TCP");
    cleanUps.push(
      () => caller.close(),
      () => callee.close(),
    );
    expect((await callee.register()).status).toBe(200);
    const ringing = caller.call({ method: "INVITE", uri: callee.aor });
    ringing.catch(() => undefined);
    callee.respond(await callee.incoming("INVITE"), 180);
    await caller.provisional(180);

    // A request whose body has not come, a stream of events, and idle connections of every kind.
    const adminPort = Number(new URL(gateway.process.adminUrl).port);
    const http = await openStream(adminPort);
    let answer = "";
    http.on("data", (chunk: Buffer) => {
      answer += chunk.toString("utf8");
    });
    const body = JSON.stringify({ macAddress: "80:5e:c0:00:51:61", location: "Lobby" });
    http.write(
      `POST /api/v1/devices HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer ${gateway.process.token}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 10)}`,
    );
    const events = await fetch(`${gateway.process.adminUrl}/api/v1/events`, {
      headers: { authorization: `Bearer ${gateway.process.token}` },
    });
    expect(events.status).toBe(200);
    await openStream(gateway.sipPort);
    await openStream(gateway.process.sipTlsPort);
    await openStream(Number(new URL(gateway.process.provisioningUrl).port));

    const started = performance.now();
    const ended = gateway.process.terminate();
    setTimeout(() => http.write(body.slice(10)), 200);
    expect(await ended).toBe(0);
    expect(performance.now() - started).toBeLessThan(mostStopMilliseconds);
    expect(gateway.process.output).not.toContain("cut off");
    expect(answer).toMatch(/^HTTP\/1\.1 201 /);
    expect(gateway.process.output).not.toMatch(/uncaught|unhandled|met a fault/i);
  }, 40_000);

  it("does not wait for an upload that stalls longer than 3 s, and closes the storage all the same", async () => {
    const gateway = await BesiegedGateway.start();
    cleanUps.push(() => gateway.stop());
    const url = new URL(gateway.process.provisioningUrl);
    const upload = await openStream(Number(url.port));
    upload.write(
      "PUT /noam/0004f2000001-app.log HTTP/1.1\r\nHost: gateway\r\nContent-Length: 9\r\n\r\nx",
    );
    await gateway.registrationMilliseconds("UDP");
    const started = performance.now();
    expect(await gateway.process.terminate()).toBe(0);
    expect(performance.now() - started).toBeLessThan(4400);
    expect(gateway.process.output).not.toContain("cut off");
  }, 40_000);

  it("answers at once the wrong code whose answer is held back", async () => {
    const gateway = await BesiegedGateway.start();
    cleanUps.push(() => gateway.stop());
    await gateway.admin.generateCode(gateway.account.user);
    const phone = await SipTestPhone.open(gateway.sipPort, gateway.account);
    cleanUps.push(() => phone.close());
    const tryWrongCode = (code: string) =>
      phone.call({ method: "INVITE", uri: `sip:*55*${code}@${gateway.account.domain}` });
    for (const code of ["000001", "000002", "000003"]) await tryWrongCode(code);
    phone.received.length = 0;

    const heldBack = tryWrongCode("000004");
    await phone.provisional(100);
    const started = performance.now();
    const ended = gateway.process.terminate();
    expect((await heldBack).reason).toBe("Wrong verification code");
    // It would have been held back for two seconds.
    expect(performance.now() - started).toBeLessThan(1500);
    expect(await ended).toBe(0);
  }, 40_000);
});
