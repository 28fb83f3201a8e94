import { describe, expect, it } from "vitest";
import { type FramerEvent, StreamFramer } from "../../../sip/message/stream-framer.ts";

function message(callId: string, body = "", length: string = String(body.length)): string {
  return [
    "MESSAGE sip:b@example.com SIP/2.0",
    "Via: SIP/2.0/TCP 192.0.2.1;branch=z9hG4bK1",
    "From: <sip:a@example.com>;tag=1",
    "To: <sip:b@example.com>",
    `Call-ID: ${callId}`,
    "CSeq: 1 MESSAGE",
    `Content-Length: ${length}`,
    "",
    body,
  ].join("\r\n");
}

function push(framer: StreamFramer, text: string): FramerEvent[] {
  return framer.push(Buffer.from(text));
}

/** `a:body` for a message with this Call-ID, the kind for anything else. */
function summary(events: readonly FramerEvent[]): string[] {
  return events.map((event) =>
    event.kind === "message" ? `${event.message.callId}:${event.message.body}` : event.kind,
  );
}

describe("StreamFramer", () => {
  it("§18.3 finds several messages and a part of one in a read", () => {
    const framer = new StreamFramer();
    const whole = message("a", "1\r\n\r\n2") + message("b") + message("c", "xyz");
    expect(summary(push(framer, whole.slice(0, -2)))).toEqual(["a:1\r\n\r\n2", "b:"]);
    expect(summary(push(framer, whole.slice(-2)))).toEqual(["c:xyz"]);
  });

  it("§18.3 reads the same from every split in two, and byte by byte", () => {
    const whole = `${message("a", "body\r\n")}\r\n\r\n${message("b")}\r\n`;
    for (let cut = 0; cut <= whole.length; cut++) {
      const framer = new StreamFramer();
      const events = [...push(framer, whole.slice(0, cut)), ...push(framer, whole.slice(cut))];
      expect(
        summary(events).filter((event) => event !== "pong"),
        `cut at ${cut}`,
      ).toEqual(["a:body\r\n", "ping", "b:"]);
    }
    const framer = new StreamFramer();
    const events = [...Buffer.from(whole)].flatMap((byte) => framer.push(Buffer.from([byte])));
    expect(summary(events)).toEqual(["a:body\r\n", "pong", "ping", "b:", "pong"]);
  });

  it("RFC 5626 §4.4.1 tells a ping from a pong", () => {
    expect(summary(push(new StreamFramer(), "\r\n\r\n"))).toEqual(["ping"]);
    expect(summary(push(new StreamFramer(), "\r\n"))).toEqual(["pong"]);
    expect(summary(push(new StreamFramer(), "\r\n\r\n\r\n\r\n"))).toEqual(["ping", "ping"]);
    expect(summary(push(new StreamFramer(), `\r\n${message("a")}`))).toEqual(["pong", "a:"]);
  });

  it("RFC 5626 §4.4.1 takes a CRLF after a message that follows a pong for a new pong", () => {
    const framer = new StreamFramer();
    const events = ["\r\n", message("a"), "\r\n"].flatMap((text) => push(framer, text));
    expect(summary(events)).toEqual(["pong", "a:", "pong"]);
  });

  it("§20.14 refuses a stream message without Content-Length, with an answer, and stops", () => {
    const framer = new StreamFramer();
    const [event, ...rest] = push(
      framer,
      message("a").replace(/Content-Length: 0\r\n/, "") + message("b"),
    );
    expect(rest).toEqual([]);
    expect(event).toMatchObject({
      kind: "error",
      fatal: true,
      error: { status: 400, where: "Content-Length" },
    });
    expect(event?.kind === "error" && event.answerable?.callId).toBe("a");
    expect(push(framer, message("c"))).toEqual([]);
  });

  it.each([
    "-1",
    "4294967296",
    "2147483648",
    "99999999999999999999",
    "0x10",
    "1 2",
    "",
    "1e3",
    "+5",
  ])("§20.14 refuses the Content-Length %j before taking memory for it", (length) => {
    const before = process.memoryUsage().arrayBuffers;
    const [event] = push(new StreamFramer(), message("a", "", length));
    expect(event).toMatchObject({ kind: "error", fatal: true });
    expect(event?.kind === "error" && [400, 513].includes(event.error.status)).toBe(true);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10_000_000);
  });

  it("§21.5.7 refuses a body over the limit with 513 and an answer", () => {
    const framer = new StreamFramer({ headerBytes: 1000, bodyBytes: 10 });
    expect(summary(push(framer, message("a", "0123456789")))).toEqual(["a:0123456789"]);
    const [event] = push(framer, message("b", "0123456789x"));
    expect(event).toMatchObject({ kind: "error", fatal: true, error: { status: 513 } });
    expect(event?.kind === "error" && event.answerable?.callId).toBe("b");
  });

  it("refuses a header section over the limit as soon as it is over, in one read or in many", () => {
    const framer = new StreamFramer({ headerBytes: 1000, bodyBytes: 10 });
    expect(push(framer, `OPTIONS sip:a SIP/2.0\r\nX: ${"y".repeat(900)}`)).toEqual([]);
    const [event] = push(framer, "y".repeat(200));
    expect(event).toMatchObject({ kind: "error", fatal: true, answerable: undefined });
    const long = message("a").replace("Call-ID", `X: ${"y".repeat(2000)}\r\nCall-ID`);
    expect(push(new StreamFramer({ headerBytes: 1000, bodyBytes: 10 }), long)[0]).toMatchObject({
      fatal: true,
    });
  });

  it("goes on after a malformed header line, since it knows where the next message begins", () => {
    const events = push(
      new StreamFramer(),
      message("a", "xy").replace("CSeq", "broken\r\nCSeq") + message("b"),
    );
    expect(summary(events)).toEqual(["error", "b:"]);
    expect(events[0]).toMatchObject({
      kind: "error",
      fatal: false,
      answerable: { method: "MESSAGE" },
    });
  });

  it("stops at what is not SIP", () => {
    expect(push(new StreamFramer(), "GET / HTTP/1.1\r\nHost: a\r\n\r\n")[0]).toMatchObject({
      kind: "error",
      fatal: true,
    });
    expect(push(new StreamFramer(), "\rX")[0]).toMatchObject({ kind: "error", fatal: true });
  });

  it("reads a long header section byte by byte in linear time", () => {
    const elapsed = (size: number) => {
      const bytes = Buffer.from(
        message("a").replace("Call-ID", `X: ${"y\r\n ".repeat(size / 4)}\r\nCall-ID`),
      );
      const framer = new StreamFramer({ headerBytes: 200_000, bodyBytes: 10 });
      const before = process.cpuUsage();
      for (let index = 0; index < bytes.length; index++)
        framer.push(bytes.subarray(index, index + 1));
      const used = process.cpuUsage(before);
      return used.user + used.system;
    };
    elapsed(10_000);
    const short = elapsed(15_000);
    expect(elapsed(150_000)).toBeLessThan(short * 40 + 50_000);
  });

  it("does not keep hold of the chunk it was given", () => {
    const framer = new StreamFramer();
    const chunk = Buffer.from(message("a", "body"));
    const events = framer.push(chunk);
    chunk.fill(0);
    expect(summary(events)).toEqual(["a:body"]);
  });
});
