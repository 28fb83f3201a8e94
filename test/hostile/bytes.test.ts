import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BesiegedGateway } from "./besieged-gateway.ts";
import { askStream, seededBytes, sendDatagrams } from "./raw-sockets.ts";

const seed = 20_260_105;
let gateway: BesiegedGateway;
let before: number;

beforeAll(async () => {
  gateway = await BesiegedGateway.start();
  before = gateway.residentMegabytes();
});

afterAll(() => gateway?.stop());

function portOf(url: string): number {
  return Number(new URL(url).port);
}

function invite(contentLength: string, body = ""): string {
  return [
    "INVITE sip:+14255550100@contoso.example SIP/2.0",
    "Via: SIP/2.0/TCP 127.0.0.1:5060;branch=z9hG4bKoversized",
    "Max-Forwards: 70",
    "From: <sip:+14255550101@contoso.example>;tag=1",
    "To: <sip:+14255550100@contoso.example>",
    "Call-ID: oversized",
    "CSeq: 1 INVITE",
    ...(contentLength === "" ? [] : [`Content-Length: ${contentLength}`]),
    "",
    body,
  ].join("\r\n");
}

describe("random bytes", () => {
  it("on the UDP port: dropped", async () => {
    const random = seededBytes(seed);
    const datagrams = Array.from({ length: 3000 }, (_, index) => random(1 + (index % 1400)));
    await sendDatagrams(gateway.sipPort, datagrams);
    await gateway.expectWell("3,000 random datagrams", before);
  });

  it.each([
    ["SIP over TCP", () => gateway.sipPort],
    ["SIP over TLS", () => gateway.process.sipTlsPort],
    ["provisioning", () => portOf(gateway.process.provisioningUrl)],
    ["admin", () => portOf(gateway.process.adminUrl)],
  ])(
    "on the port of %s: the connection ends or waits, and others are served",
    async (what, port) => {
      const random = seededBytes(seed + 1);
      for (let round = 0; round < 40; round++) await askStream(port(), random(1000), 20);
      await gateway.expectWell(`Random bytes to ${what}`, before);
    },
  );
});

describe("truncated messages", () => {
  const folder = join(import.meta.dirname, "../conformance/rfc4475/messages");
  const message = (name: string) => readFileSync(join(folder, name));

  it("on UDP, at every byte of every message of RFC 4475", async () => {
    const names = readdirSync(folder).filter((name) => name.endsWith(".dat"));
    function* pieces() {
      for (const name of names) {
        const whole = message(name);
        for (let length = 1; length < whole.length; length++) yield whole.subarray(0, length);
      }
    }
    const sent = await sendDatagrams(gateway.sipPort, pieces());
    expect(sent).toBeGreaterThan(20_000);
    await gateway.expectWell(`${sent} truncated datagrams`, before);
  }, 60_000);

  it("on TCP, a sample, each followed by a hang-up", async () => {
    const whole = message("wsinv.dat");
    for (let length = 1; length < whole.length; length += 23) {
      await askStream(gateway.sipPort, whole.subarray(0, length), 5);
    }
    await gateway.expectWell("Truncated streams", before);
  });
});

describe("oversized messages", () => {
  it("datagrams as large as UDP carries", async () => {
    const filler = "x".repeat(60_000);
    const large = invite("0").replace("Max-Forwards", `X-Filler: ${filler}\r\nMax-Forwards`);
    const manyHeaders = invite("0").replace(
      "Max-Forwards",
      `${"a: b\r\n".repeat(9000)}Max-Forwards`,
    );
    const manyVias = invite("0").replace(
      "Max-Forwards",
      `${"v: SIP/2.0/UDP h;branch=z9hG4bK1\r\n".repeat(1500)}Max-Forwards`,
    );
    const manyContacts = invite("0").replace(
      "Max-Forwards",
      `Contact: ${"<sip:a@b>,".repeat(5000)}<sip:a@b>\r\nMax-Forwards`,
    );
    const started = performance.now();
    for (const text of [large, manyHeaders, manyVias, manyContacts]) {
      await sendDatagrams(gateway.sipPort, Array(50).fill(Buffer.from(text)));
    }
    await gateway.expectWell("200 datagrams of 60 KB", before);
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it("a header section of 1 MB on TCP: 64 KiB are read, then the connection ends", async () => {
    const text = invite("0").replace("Max-Forwards", `X: ${"x".repeat(1_048_576)}\r\nMax-Forwards`);
    expect((await askStream(gateway.sipPort, text)).closed).toBe(true);
    await gateway.expectWell("A header section of 1 MB", before);
  });

  it("§18.3 a Content-Length of 2 GB on TCP: 513 before memory is taken, then the end", async () => {
    const outcome = await askStream(gateway.sipPort, invite("2147483648"));
    expect(outcome.received).toMatch(/^SIP\/2\.0 513 /);
    expect(outcome.closed).toBe(true);
    await gateway.expectWell("A Content-Length of 2 GB", before);
  });

  it.each([
    ["-1", "-1"],
    ["2³²", "4294967296"],
    ["2⁶⁴ + 1", "18446744073709551617"],
    ["1e3", "1e3"],
    ["0x10", "0x10"],
    ["two numbers", "12 13"],
    ["NaN", "NaN"],
    ["400 digits", "9".repeat(400)],
  ])("a Content-Length of %s on TCP: an error, then the connection ends", async (_what, length) => {
    const outcome = await askStream(gateway.sipPort, invite(length));
    expect(outcome.received).toMatch(/^SIP\/2\.0 (?:400|513) /);
    expect(outcome.closed).toBe(true);
  });

  it("§18.3 no Content-Length on TCP: an answer, never a silent drop", async () => {
    const outcome = await askStream(gateway.sipPort, invite(""));
    expect(outcome.received).toMatch(/^SIP\/2\.0 400 .*Content-Length/);
    expect(outcome.closed).toBe(true);
    await gateway.expectWell("No Content-Length", before);
  });
});
