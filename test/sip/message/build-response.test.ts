import { describe, expect, it } from "vitest";
import { buildResponse, reasonPhrase } from "../../../sip/message/build-response.ts";
import { parseMessage } from "../../../sip/message/parse-message.ts";
import { serializeMessage } from "../../../sip/message/serialize-message.ts";
import { SipRequest } from "../../../sip/message/sip-message.ts";

function request(to: string, extra: readonly string[] = []): SipRequest {
  const lines = [
    "INVITE sip:b@example.com SIP/2.0",
    "Via: SIP/2.0/UDP p1.example.com;branch=z9hG4bK2;received=192.0.2.9",
    "Record-Route: <sip:p1.example.com;lr>",
    "Max-Forwards: 69",
    "v: SIP/2.0/UDP 192.0.2.1;rport;branch=z9hG4bK1",
    'From: "Ä" <sip:a@example.com>;tag=1',
    `To: ${to}`,
    "Call-ID: c1",
    "CSeq: 1 INVITE",
    ...extra,
  ];
  const message = parseMessage(Buffer.from([...lines, "", "body"].join("\r\n")));
  if (!(message instanceof SipRequest)) throw new Error("a response");
  return message;
}

describe("buildResponse", () => {
  it("§8.2.6.2 copies Via, From, To, Call-ID and CSeq as they came, and adds the To tag", () => {
    const response = buildResponse(request("<sip:b@example.com>"), 200, undefined, {
      toTag: "t9",
      headers: [["Contact", "<sip:b@192.0.2.2>"]],
      body: Buffer.from("answer"),
    });
    expect(serializeMessage(response).toString()).toBe(
      [
        "SIP/2.0 200 OK",
        "Via: SIP/2.0/UDP p1.example.com;branch=z9hG4bK2;received=192.0.2.9",
        "Via: SIP/2.0/UDP 192.0.2.1;rport;branch=z9hG4bK1",
        'From: "Ä" <sip:a@example.com>;tag=1',
        "To: <sip:b@example.com>;tag=t9",
        "Call-ID: c1",
        "CSeq: 1 INVITE",
        "Contact: <sip:b@192.0.2.2>",
        "Content-Length: 6",
        "",
        "answer",
      ].join("\r\n"),
    );
  });

  it.each([
    ["<sip:b@example.com>;tag=x", "<sip:b@example.com>;tag=x"],
    ["<sip:b@example.com> ; TAG = x", "<sip:b@example.com> ; TAG = x"],
    ["sip:b@example.com;x=tag", "sip:b@example.com;x=tag;tag=t9"],
    ["<sip:b@example.com;tag=uri>", "<sip:b@example.com;tag=uri>;tag=t9"],
    ['";tag=1" <sip:b@example.com>;x', '";tag=1" <sip:b@example.com>;x;tag=t9'],
    ['"open <sip:b@example.com>', '"open <sip:b@example.com>;tag=t9'],
    ['"open <sip:b@example.com>;tag=x', '"open <sip:b@example.com>;tag=x'],
  ])("§8.2.6.2 with To %s answers To %s", (to, expected) => {
    const response = buildResponse(request(to), 404, undefined, { toTag: "t9" });
    expect(response.headers.get("To")).toBe(expected);
  });

  it("§8.2.6.1 leaves To without a tag in a 100, and copies Timestamp", () => {
    const response = buildResponse(
      request("<sip:b@example.com>", ["Timestamp: 54"]),
      100,
      undefined,
      { toTag: "t9" },
    );
    expect([response.headers.get("To"), response.headers.get("Timestamp")]).toEqual([
      "<sip:b@example.com>",
      "54",
    ]);
    expect(
      buildResponse(request("<sip:b@example.com>", ["Timestamp: 54"]), 180).headers.has(
        "Timestamp",
      ),
    ).toBe(false);
  });

  it("copies the first of a header that may stand once only", () => {
    const response = buildResponse(
      request("<sip:b@example.com>", ["To: <sip:other@example.com>", "CSeq: 2 INVITE"]),
      400,
    );
    expect(response.headers.getAll("To")).toEqual(["<sip:b@example.com>"]);
    expect(response.headers.getAll("CSeq")).toEqual(["1 INVITE"]);
  });

  it("§21 gives the standard reason phrase unless told another", () => {
    expect(buildResponse(request("<sip:b@example.com>"), 404).reason).toBe("Not Found");
    expect(
      buildResponse(request("<sip:b@example.com>"), 403, "Wrong verification code").reason,
    ).toBe("Wrong verification code");
    expect(reasonPhrase(499)).toBe("Bad Request");
  });

  it("does not change the request", () => {
    const original = request("<sip:b@example.com>");
    const before = serializeMessage(original);
    buildResponse(original, 200, undefined, { toTag: "t9" }).headers.set("Via", "x");
    expect(serializeMessage(original)).toEqual(before);
  });
});
