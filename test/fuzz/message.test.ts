import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { buildResponse } from "../../sip/message/build-response.ts";
import { parseContacts } from "../../sip/message/contact.ts";
import { parseCSeq } from "../../sip/message/cseq.ts";
import { parseDigestHeader } from "../../sip/message/digest-header.ts";
import { formatAddress, parseAddress, parseAddressList } from "../../sip/message/name-address.ts";
import { parseMessage } from "../../sip/message/parse-message.ts";
import { serializeMessage } from "../../sip/message/serialize-message.ts";
import type { SipMessage } from "../../sip/message/sip-message.ts";
import { SipParseError } from "../../sip/message/sip-parse-error.ts";
import {
  decodeUser,
  formatUri,
  isSipUri,
  parseUri,
  sameSipUri,
} from "../../sip/message/sip-uri.ts";
import { splitList } from "../../sip/message/split-list.ts";
import { type FramerEvent, StreamFramer } from "../../sip/message/stream-framer.ts";
import { validateRequest, validateResponse } from "../../sip/message/validate-request.ts";
import { formatVia, parseVias } from "../../sip/message/via.ts";

/** The same pseudo-random numbers on every run (mulberry32), so that a failure can be repeated. */
class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** 0 to `limit` − 1. */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  }

  bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.below(256)));
  }
}

const folder = new URL("../conformance/rfc4475/messages/", import.meta.url);
const samples = readdirSync(folder)
  .filter((file) => file.endsWith(".dat"))
  .map((file) => readFileSync(new URL(file, folder)));

const troublesome = [
  "\r\n",
  "\r",
  "\n",
  "\0",
  ":",
  ";",
  ",",
  '"',
  "<",
  ">",
  "\\",
  "%",
  "@",
  "[",
  "]",
  "=",
  " ",
  "\t",
  "é",
  "\uFFFD",
  "2147483648",
  "-1",
  "*",
  "SIP/2.0",
  "sip:",
];

/** One to four changes: bytes turned, cut out, doubled, moved, or something troublesome put in. */
function mutate(random: Random, original: Buffer): Buffer {
  let bytes = Buffer.from(original);
  for (let change = random.below(4); change >= 0; change--) {
    const at = random.below(bytes.length + 1);
    const length = random.below(20);
    const piece = bytes.subarray(at, at + length);
    const before = bytes.subarray(0, at);
    const behind = bytes.subarray(at + length);
    switch (random.below(5)) {
      case 0:
        if (at < bytes.length) bytes[at] = random.below(256);
        break;
      case 1:
        bytes = Buffer.concat([before, behind]);
        break;
      case 2:
        bytes = Buffer.concat([before, piece, piece, behind]);
        break;
      case 3:
        bytes = Buffer.concat([
          before,
          Buffer.from(troublesome[random.below(troublesome.length)] ?? ""),
          bytes.subarray(at),
        ]);
        break;
      default:
        bytes = bytes.subarray(0, at);
    }
  }
  return bytes;
}

/** Runs `read`; a SipParseError is an answer, anything else fails the test. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof SipParseError) return undefined;
    throw error;
  }
}

const readers: readonly ((value: string) => unknown)[] = [
  parseAddress,
  parseVias,
  parseCSeq,
  parseDigestHeader,
  splitList,
  decodeUser,
  (value) => parseContacts([value]),
  (value) => parseAddressList([value, value]),
];

/** What is written from what was read is read as the same again. */
function expectRoundTrips(value: string): void {
  const address = attempt(() => parseAddress(value));
  if (address !== undefined) expect(parseAddress(formatAddress(address)), value).toEqual(address);
  const vias = attempt(() => parseVias(value));
  for (const via of vias ?? []) expect(parseVias(formatVia(via)), value).toEqual([via]);
  const uri = attempt(() => parseUri(value));
  if (uri === undefined) return;
  expect(parseUri(formatUri(uri)), value).toEqual(uri);
  if (isSipUri(uri)) expect(sameSipUri(uri, { ...uri })).toBe(true);
}

function exercise(message: SipMessage): void {
  for (const [, value] of message.headers) {
    for (const read of readers) attempt(() => read(value));
    expectRoundTrips(value);
  }
  if (message.kind === "response") {
    validateResponse(message);
    return;
  }
  attempt(() => message.uri);
  expectRoundTrips(message.requestUri);
  const fault = validateRequest(message);
  const response = buildResponse(message, fault?.status ?? 200, fault?.reason, { toTag: "fuzz" });
  const again = parseMessage(serializeMessage(response));
  expect(again.headers.getAll("Via")).toEqual(message.headers.getAll("Via"));
  if (fault !== undefined) return;
  // What passes the validator can be read without a catch.
  expect(message.topVia.host).not.toBe("");
  expect(message.cseq.method).toBe(message.method);
  void [message.from, message.to, message.contacts, message.callId, message.uri];
}

function parseAndExercise(bytes: Buffer): void {
  const message = attempt(() => parseMessage(bytes));
  if (message === undefined) return;
  exercise(message);
  const written = serializeMessage(message);
  const again = parseMessage(written);
  expect([...again.headers].filter(([name]) => name !== "Content-Length")).toEqual(
    [...message.headers].filter(([name]) => name !== "Content-Length"),
  );
  expect(again.body).toEqual(message.body);
  expect(serializeMessage(again)).toEqual(written);
}

/** What came out of the framer, comparable between two ways of cutting the same bytes. */
function summary(events: readonly FramerEvent[]): unknown[] {
  const told = events.map((event) => {
    if (event.kind === "message") return serializeMessage(event.message).toString("latin1");
    return event.kind === "error" ? `${event.error.message} ${event.fatal}` : event.kind;
  });
  // A ping that came in two reads is told as a pong and a ping.
  return told.filter((event) => event !== "pong");
}

/** Runs `step` with its own random numbers until `milliseconds` of CPU are used, at least 50 times. */
function fuzz(seed: number, milliseconds: number, step: (random: Random) => void): void {
  const start = process.cpuUsage();
  for (let round = 0; ; round++) {
    if (round >= 50 && round % 16 === 0) {
      const used = process.cpuUsage(start);
      if (used.user + used.system > milliseconds * 1000) return;
    }
    if (round === 20_000) return;
    const random = new Random(seed * 100_003 + round);
    try {
      step(random);
    } catch (error) {
      throw new Error(`seed ${seed}, round ${round}`, { cause: error });
    }
  }
}

describe("hostile input", () => {
  it("random bytes give a message or a SipParseError", () => {
    fuzz(1, 300, (random) => parseAndExercise(random.bytes(random.below(300))));
  });

  it("random header values give a value or a SipParseError, and what is read can be written", () => {
    const alphabet = [
      ...troublesome,
      "a",
      "b.c",
      "1",
      "sips:",
      "tel:+1",
      ";tag",
      "z9hG4bK",
      "SIP/2.0/UDP ",
      "Digest ",
      "realm=",
      "REGISTER",
    ];
    fuzz(2, 1000, (random) => {
      const pieces = Array.from(
        { length: random.below(14) },
        () => alphabet[random.below(alphabet.length)],
      );
      const value = pieces.join("");
      for (const read of readers) attempt(() => read(value));
      expectRoundTrips(value);
    });
  });

  it("mutated and truncated messages give a message or a SipParseError; written and read again they are the same", () => {
    fuzz(3, 1500, (random) => {
      parseAndExercise(mutate(random, samples[random.below(samples.length)] ?? Buffer.alloc(0)));
    });
  });

  it("a stream gives the same messages however it is cut, and never throws", () => {
    fuzz(4, 1000, (random) => {
      const parts = Array.from(
        { length: 3 },
        () => samples[random.below(samples.length)] ?? Buffer.alloc(0),
      );
      const whole =
        random.below(2) === 0 ? Buffer.concat(parts) : mutate(random, Buffer.concat(parts));
      const cut = new StreamFramer();
      const events: FramerEvent[] = [];
      for (let start = 0; start < whole.length; ) {
        const end = start + 1 + random.below(400);
        events.push(...cut.push(whole.subarray(start, end)));
        start = end;
      }
      expect(summary(events)).toEqual(summary(new StreamFramer().push(whole)));
    });
  });

  it.each([
    ["commas", (size: number) => ",".repeat(size)],
    ["open quotes", (size: number) => '"\\'.repeat(size / 2)],
    ["open brackets", (size: number) => "<".repeat(size)],
    ["semicolons", (size: number) => `<sip:a@b>${";".repeat(size)}`],
    [
      "parameters",
      (size: number) =>
        `<sip:a@b>${Array.from({ length: size / 5 }, (_, index) => `;${index.toString(36)}`).join("")}`,
    ],
    ["labels", (size: number) => `sip:a@${"a.".repeat(size / 2)}b`],
    ["escapes", (size: number) => `sip:${"%41".repeat(size / 3)}@b`],
    ["white space", (size: number) => `x${" ".repeat(size)}y <sip:a@b>${" ".repeat(size)};x`],
    ["addresses", (size: number) => "<sip:a@b>,".repeat(size / 10)],
    ["Vias", (size: number) => "SIP/2.0/UDP a,".repeat(size / 14)],
  ])("a long header of %s takes time in proportion to its length", (_, make) => {
    const value = make(60_000);
    const start = process.cpuUsage();
    for (const read of readers) attempt(() => read(value));
    attempt(() => parseUri(value));
    const used = process.cpuUsage(start);
    expect(used.user + used.system).toBeLessThan(400_000);
  });
});

describe("headers of unusual shape", () => {
  const request = (line: string, count: number) =>
    Buffer.from(
      [
        "REGISTER sip:b SIP/2.0",
        "Via: SIP/2.0/UDP a;branch=z9hG4bKa",
        "From: <sip:a@b>;tag=1",
        "To: <sip:a@b>",
        "Call-ID: a",
        "CSeq: 1 REGISTER",
        ...Array.from({ length: count }, () => line),
        "",
        "",
      ].join("\r\n"),
    );

  it.each(["Contact", "Route", "Record-Route", "Path"])(
    "one datagram full of them in %s does not hold the gateway up",
    (name) => {
      const bytes = request(`${name}: <sip:a@b-> ;x=${"y".repeat(200)}`, 240);
      const message = parseMessage(bytes);
      if (message.kind === "response") throw new Error("a response");
      const start = process.cpuUsage();
      expect(validateRequest(message)?.status).toBe(400);
      const used = process.cpuUsage(start);
      expect(used.user + used.system).toBeLessThan(100_000);
    },
  );

  it("a few of them are read", () => {
    const message = parseMessage(request("Contact: <sip:a@b-> ;x", 3));
    expect(message.contacts.length).toBe(3);
  });
});
