import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BesiegedGateway } from "./besieged-gateway.ts";
import { askDatagram, askStream } from "./raw-sockets.ts";

let gateway: BesiegedGateway;
let before: number;

beforeAll(async () => {
  gateway = await BesiegedGateway.start();
  before = gateway.residentMegabytes();
});

afterAll(async () => {
  try {
    await gateway.expectWell("All broken requests", before);
  } finally {
    await gateway.stop();
  }
});

let counted = 0;

/** An OPTIONS with some header lines replaced (by name), left out (undefined) or added. */
function optionsWith(
  changes: Readonly<Record<string, string | readonly string[] | undefined>>,
  start = "OPTIONS sip:127.0.0.1 SIP/2.0",
): string {
  const method = start.slice(0, start.indexOf(" "));
  const fields: Record<string, string | readonly string[] | undefined> = {
    Via: `Via: SIP/2.0/UDP 127.0.0.1:OWNPORT;branch=z9hG4bKbroken${++counted}`,
    "Max-Forwards": "Max-Forwards: 70",
    From: "From: <sip:probe@127.0.0.1>;tag=1",
    To: "To: <sip:127.0.0.1>",
    "Call-ID": `Call-ID: broken-${counted}`,
    CSeq: `CSeq: 1 ${method}`,
    ...changes,
  };
  const lines = Object.values(fields).flatMap((lines) => lines ?? []);
  return `${start}\r\n${lines.join("\r\n")}\r\nContent-Length: 0\r\n\r\n`;
}

/** The status of the answer; undefined when there is none. */
async function statusOf(text: string, patienceMilliseconds = 2000): Promise<number | undefined> {
  const answer = await askDatagram(gateway.sipPort, text, patienceMilliseconds);
  return answer === undefined ? undefined : Number(/^SIP\/2\.0 ([0-9]{3}) /.exec(answer)?.[1]);
}

const contacts = { Contact: "Contact: <sip:a@127.0.0.1:9>" };
const register = "REGISTER sip:contoso.example SIP/2.0";
const silenceMilliseconds = 250;

describe("header smuggling", () => {
  it.each([
    ["a tab", "\t"],
    ["a space", " "],
  ])(
    "§7.3.1 %s before the colon belongs to no name: the header counts as itself",
    async (_, space) => {
      const second = `Call-ID${space}: another`;
      expect(await statusOf(optionsWith({ Second: second }))).toBe(400);
    },
  );

  it.each([
    ["NUL", "\u0000"],
    ["vertical tab", "\u000b"],
    ["form feed", "\u000c"],
    ["DEL", "\u007f"],
    ["a no-break space", "\u00a0"],
    ["CR", "\r"],
  ])(
    "%s before a colon: the request is refused, whoever else would read a header there",
    async (_, byte) => {
      const status = await statusOf(optionsWith({ Second: `Content-Length${byte}: 100` }));
      expect(status).toBe(400);
    },
  );

  it("on TCP, Content-Length with a space before the colon frames like any other", async () => {
    const smuggled = optionsWith({}, "OPTIONS sip:127.0.0.1 SIP/2.0");
    const outer = optionsWith({ Via: "Via: SIP/2.0/TCP 127.0.0.1;branch=z9hG4bKouter" }).replace(
      "Content-Length: 0",
      `Content-Length : ${Buffer.byteLength(smuggled)}`,
    );
    const { received } = await askStream(gateway.sipPort, outer + smuggled, 500);
    expect(received.match(/^SIP\/2\.0 200/gm)).toHaveLength(1);
  });

  it("on TCP, two Content-Lengths that differ: 400 and the end, nothing read as a second request", async () => {
    const smuggled = optionsWith({});
    const outer = optionsWith({
      Via: "Via: SIP/2.0/TCP 127.0.0.1;branch=z9hG4bKouter",
      Second: `l: ${Buffer.byteLength(smuggled)}`,
    });
    const { received, closed } = await askStream(gateway.sipPort, outer + smuggled, 1000);
    expect(received.match(/^SIP\/2\.0 [0-9]{3}/gm)).toEqual(["SIP/2.0 400"]);
    expect(closed).toBe(true);
  });

  it("a bare LF ends no header: what follows it is no header of its own", async () => {
    const status = await statusOf(optionsWith({ Subject: "Subject: a\nCall-ID: another" }));
    expect([400, undefined]).toContain(status);
  });
});

describe("duplicated headers", () => {
  it.each(["From", "To", "Call-ID", "CSeq", "Max-Forwards"])("§7.3.1 two %s: 400", async (name) => {
    const lines: Record<string, string> = {
      From: "f: <sip:other@127.0.0.1>;tag=2",
      To: "t: <sip:other@127.0.0.1>",
      "Call-ID": "i: other",
      CSeq: "CSeq: 2 OPTIONS",
      "Max-Forwards": "Max-Forwards: 1",
    };
    expect(await statusOf(optionsWith({ Second: lines[name] }))).toBe(400);
  });

  it("two To headers, the second with an empty tag: 400", async () => {
    expect(await statusOf(optionsWith({ Second: "To: <sip:127.0.0.1>;tag=" }))).toBe(400);
  });
});

describe("inputs that broke real servers", () => {
  it.each([
    ["no transport", "Via: SIP/2.0 127.0.0.1:OWNPORT;branch=z9hG4bK1"],
    ["no host", "Via: SIP/2.0/UDP ;branch=z9hG4bK1"],
    ["empty", "Via: "],
    ["commas only", "Via: ,,,"],
    ["a port of six digits", "Via: SIP/2.0/UDP 127.0.0.1:999999;branch=z9hG4bK1"],
    ["an unterminated IPv6 address", "Via: SIP/2.0/UDP [::1;branch=z9hG4bK1"],
    ["rport of text", "Via: SIP/2.0/UDP 127.0.0.1:OWNPORT;branch=z9hG4bK1;rport=abc"],
    ["an unterminated quote", 'Via: SIP/2.0/UDP 127.0.0.1:OWNPORT;branch="z9hG4bK1'],
  ])("malformed Via, %s: 400 or nothing", async (_what, via) => {
    expect([400, undefined]).toContain(
      await statusOf(optionsWith({ Via: via }), silenceMilliseconds),
    );
  });

  it("a request without a Via, or without a From: nothing, and 400", async () => {
    expect(await statusOf(optionsWith({ Via: undefined }), silenceMilliseconds)).toBeUndefined();
    expect(await statusOf(optionsWith({ From: undefined }))).toBe(400);
  });

  it("very long tags and branches: answered, and given back whole", async () => {
    const long = "a".repeat(20_000);
    const text = optionsWith({
      Via: `Via: SIP/2.0/UDP 127.0.0.1:OWNPORT;branch=z9hG4bK${long}`,
      From: `From: <sip:probe@127.0.0.1>;tag=${long}`,
    });
    const answer = await askDatagram(gateway.sipPort, text);
    expect(answer).toMatch(/^SIP\/2\.0 200 /);
    expect(answer?.split(long)).toHaveLength(3);
  });

  it.each([
    ["an unterminated quote in To", { To: 'To: "Probe <sip:127.0.0.1>' }],
    ["a lone slash", { To: "To: /" }],
    ["a trailing backslash", { To: 'To: "Probe\\' }],
    ["a port that is none", { To: "To: <sip:127.0.0.1:99999999>" }],
    ["a port of letters", { From: "From: <sip:probe@127.0.0.1:sip>;tag=1" }],
    ["CSeq of 2³¹", { CSeq: "CSeq: 2147483648 OPTIONS" }],
    ["CSeq of 2³²", { CSeq: "CSeq: 4294967296 OPTIONS" }],
    ["CSeq of 30 digits", { CSeq: `CSeq: ${"9".repeat(30)} OPTIONS` }],
    ["a negative CSeq", { CSeq: "CSeq: -1 OPTIONS" }],
    ["a Max-Forwards of 2³²", { "Max-Forwards": "Max-Forwards: 4294967296" }],
    ["Contact: None", { Contact: "Contact: None" }],
  ])("%s: 400", async (_what, changes) => {
    expect(await statusOf(optionsWith(changes))).toBe(400);
  });

  it.each([
    ["in the Request-URI: 416", {}, "OPTIONS urn:service:sos SIP/2.0", [416]],
    ["in To: answered", { To: "To: <urn:service:sos>" }, undefined, [200, 400, 404]],
    [
      "in Contact of a REGISTER: refused or challenged",
      { Contact: "Contact: <urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6>" },
      register,
      [400, 401],
    ],
  ])("a urn: URI %s", async (_what, changes, start, statuses) => {
    expect(statuses).toContain(await statusOf(optionsWith(changes, start)));
  });

  it.each([
    ["of one word", "Authorization: Digest"],
    ["cut in a value", 'Authorization: Digest username="a", realm="contoso.ex'],
    [
      "without a response",
      'Authorization: Digest username="a", realm="contoso.example", nonce="n"',
    ],
    ["of commas", "Authorization: Digest ,,,,"],
    ["empty", "Authorization: "],
  ])("§10.3 an Authorization %s: 400 or 401, never let in", async (_what, authorization) => {
    const text = optionsWith({ ...contacts, Authorization: authorization }, register);
    expect([400, 401]).toContain(await statusOf(text));
  });

  it("§10.3 Contact: * beside another Contact, unauthenticated: 400 or 401", async () => {
    const text = optionsWith({ Contact: ["Contact: *", "Contact: <sip:a@127.0.0.1:9>"] }, register);
    expect([400, 401]).toContain(await statusOf(text));
  });

  it("CRLF that is escaped in a URI or quoted in a name makes no header in the answer", async () => {
    const answer = await askDatagram(
      gateway.sipPort,
      optionsWith({
        From: 'From: "a%0d%0aX-Evil: 1\\\r\n X-Evil: 2" <sip:p%0D%0AX-Evil:3@h>;tag=1',
      }),
    );
    expect(answer ?? "").not.toMatch(/^X-Evil/m);
  });

  it.each([
    ["no token", ""],
    ["one of invented bytes", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA@"],
    ["one of another form", "%00%ff..%2f@"],
  ])(
    "§16.4 a Route of ours with %s is believed in nothing: 400, 403 or 481",
    async (_what, token) => {
      const text = optionsWith(
        {
          To: "To: <sip:victim@127.0.0.1>;tag=2",
          Route: `Route: <sip:${token}127.0.0.1:${gateway.sipPort};lr>`,
        },
        "BYE sip:victim@127.0.0.1:9 SIP/2.0",
      );
      expect([400, 403, 481]).toContain(await statusOf(text));
    },
  );

  it("plain HTTP on the SIP port: no crash, and the connection ends", async () => {
    const outcome = await askStream(gateway.sipPort, "GET / HTTP/1.1\r\nHost: gateway\r\n\r\n");
    expect(outcome.closed).toBe(true);
  });

  it("SIP on the HTTP ports: 400", async () => {
    for (const url of [gateway.process.adminUrl, gateway.process.provisioningUrl]) {
      const outcome = await askStream(Number(new URL(url).port), optionsWith({}));
      expect(outcome.received).toMatch(/^HTTP\/1\.1 400 /);
    }
  });
});
