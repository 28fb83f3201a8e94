import { describe, expect, it } from "vitest";
import { parseMessage } from "../../../sip/message/parse-message.ts";
import { serializeMessage } from "../../../sip/message/serialize-message.ts";
import { SipRequest, SipResponse } from "../../../sip/message/sip-message.ts";
import { SipParseError } from "../../../sip/message/sip-parse-error.ts";
import { validateRequest } from "../../../sip/message/validate-request.ts";

const mandatory = [
  "Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1",
  "From: <sip:a@example.com>;tag=1",
  "To: <sip:b@example.com>",
  "Call-ID: c1",
  "CSeq: 1 OPTIONS",
];

function lines(...all: string[]): Buffer {
  return Buffer.from(all.join("\r\n"));
}

function request(extra: readonly string[] = [], body = ""): Buffer {
  return lines("OPTIONS sip:b@example.com SIP/2.0", ...mandatory, ...extra, "", body);
}

function parseRequest(bytes: Buffer): SipRequest {
  const message = parseMessage(bytes);
  if (!(message instanceof SipRequest)) throw new Error("a response");
  return message;
}

function refusal(bytes: Buffer): SipParseError {
  try {
    parseMessage(bytes);
  } catch (error) {
    if (error instanceof SipParseError) return error;
    throw error;
  }
  throw new Error("not refused");
}

describe("parseMessage", () => {
  it("§7.3.3 reads compact names, §7.3.1 in any case, as their full ones", () => {
    const { headers } = parseRequest(
      lines(
        "OPTIONS sip:b SIP/2.0",
        "v: 1",
        "F: 2",
        "t: 3",
        "i: 4",
        "CSEQ: 5",
        "m: 6",
        "l: 0",
        "K: 7",
        "",
        "",
      ),
    );
    expect([...headers].map(([name]) => name)).toEqual([
      "Via",
      "From",
      "To",
      "Call-ID",
      "CSeq",
      "Contact",
      "Content-Length",
      "Supported",
    ]);
    expect(headers.get("cseq")).toBe("5");
    expect(headers.get("k")).toBe("7");
  });

  it("§7.3.1 unfolds a value to one space for each line", () => {
    const { headers } = parseRequest(
      request(["Subject: I know you're there,", "   pick up", "\tthe phone"]),
    );
    expect(headers.get("Subject")).toBe("I know you're there, pick up the phone");
  });

  it("§25.1 HCOLON: takes white space before the colon, but nothing else", () => {
    expect(parseRequest(request(["Subject \t: x"])).headers.get("Subject")).toBe("x");
    for (const name of ["Subject\u0000", "Subject\u000b", "Sub ject", "Subject\u00a0", ""]) {
      expect(refusal(request([`${name}: x`])).partial?.callId).toBe("c1");
    }
  });

  it("keeps unknown headers, their spelling and the order of all", () => {
    const extra = ["X-Vendor-Thing: 1", "x-lower: 2", "X-Vendor-Thing: 3"];
    const { headers } = parseRequest(request(extra));
    expect([...headers].slice(5)).toEqual([
      ["X-Vendor-Thing", "1"],
      ["x-lower", "2"],
      ["X-Vendor-Thing", "3"],
    ]);
  });

  it("§7.5 passes over empty lines before the start line", () => {
    expect(parseRequest(Buffer.concat([Buffer.from("\r\n\r\n\r\n"), request()])).method).toBe(
      "OPTIONS",
    );
  });

  it("§18.3 drops what a datagram holds beyond Content-Length", () => {
    expect(parseRequest(request(["Content-Length: 3"], "abcdef")).body.toString()).toBe("abc");
  });

  it("§18.3 answers 400 when the datagram ends before Content-Length", () => {
    const message = parseRequest(request(["Content-Length: 7"], "abcdef"));
    expect(message.body.toString()).toBe("abcdef");
    expect(validateRequest(message)).toMatchObject({
      status: 400,
      reason: expect.stringContaining("Content-Length"),
    });
  });

  it("§18.3 takes the whole rest as body without Content-Length", () => {
    expect(parseRequest(request([], "abcdef")).body.toString()).toBe("abcdef");
  });

  it("§7 refuses a CR or LF that stands alone, since others may see the end of a line there", () => {
    for (const value of ["a\nVia: x", "a\rVia: x", "a\n\tb"]) {
      const error = refusal(request([`Subject: ${value}`]));
      expect(error.detail).toBe("a CR or LF stands alone");
      expect(error.partial?.headers.has("Subject")).toBe(false);
      expect(error.partial?.headers.count("Via")).toBe(1);
    }
    expect(() => parseMessage(Buffer.from(request().toString().replaceAll("\r\n", "\n")))).toThrow(
      SipParseError,
    );
  });

  it("leaves enough of a request with a malformed header to answer 400", () => {
    const error = refusal(request(["no colon here"]));
    expect(error.status).toBe(400);
    expect(error.partial?.cseq).toEqual({ number: 1, method: "OPTIONS" });
  });

  it("refuses more than 256 header fields", () => {
    const many = Array.from({ length: 252 }, (_, index) => `X-${index}: y`);
    expect(refusal(request(many)).detail).toBe("too many header fields");
    expect(parseRequest(request(many.slice(1))).headers.size).toBe(256);
  });

  it.each([
    "",
    "GET / HTTP/1.1",
    "SIP/2.0 abc OK",
    "SIP/2.0 200OK",
    "HELLO",
    "\u0000",
    " INVITE sip:a SIP/2.0",
  ])("§7.1, §7.2 refuses the start line %j without anything to answer", (line) => {
    expect(refusal(lines(line, ...mandatory, "", "")).partial).toBeUndefined();
  });

  it("§7.2 reads a status line with and without a reason phrase", () => {
    for (const [line, reason] of [
      ["SIP/2.0 200 OK", "OK"],
      ["SIP/2.0 180 ", ""],
      ["SIP/2.0 180", ""],
    ] as const) {
      const message = parseMessage(lines(line, ...mandatory, "", ""));
      if (!(message instanceof SipResponse)) throw new Error("a request");
      expect(message.reason).toBe(reason);
    }
  });

  it("§7.1 reads the version in any case", () => {
    const message = parseRequest(lines("OPTIONS sip:b@example.com sip/2.0", ...mandatory, "", ""));
    expect(message.version).toBe("SIP/2.0");
    expect(validateRequest(message)).toBeUndefined();
  });

  it("reads a header section that is not UTF-8 as ISO 8859-1", () => {
    const bytes = Buffer.from(request(['Subject: "M\u00fcller"']).toString(), "latin1");
    expect(parseRequest(bytes).headers.get("Subject")).toBe('"M\u00fcller"');
    expect(parseRequest(request(["Subject: \ufffd \u00fc"])).headers.get("Subject")).toBe(
      "\ufffd \u00fc",
    );
  });
});

describe("serializeMessage", () => {
  it("gives back what was parsed: order, unknown headers, UTF-8, binary bodies", () => {
    const body = Buffer.from([0, 255, 13, 10, 13, 10, 195]);
    const head = request([
      'P-Thing: "漢字" <sip:é>;x="ü"',
      "X-A: 1",
      `Content-Length: ${body.length}`,
    ]);
    const bytes = Buffer.concat([head, body]);
    expect(serializeMessage(parseMessage(bytes))).toEqual(bytes);
  });

  it("§20.14 sets Content-Length to the body's size, in its place or last", () => {
    const message = parseRequest(request(["Content-Length: 3", "X-Last: 1"], "abc"));
    message.body = Buffer.from("12345");
    expect(serializeMessage(message).toString()).toContain(
      "Content-Length: 5\r\nX-Last: 1\r\n\r\n12345",
    );
    message.headers.delete("Content-Length");
    expect(serializeMessage(message).toString()).toContain(
      "X-Last: 1\r\nContent-Length: 5\r\n\r\n12345",
    );
  });

  it("refuses a line break in the start line", () => {
    const message = new SipResponse(403, "No\r\nX-Evil: 1");
    expect(() => serializeMessage(message)).toThrow(SipParseError);
    expect(() => serializeMessage(new SipRequest("INVITE", "sip:a\nb"))).toThrow(SipParseError);
  });
});
