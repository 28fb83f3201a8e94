import { describe, expect, it } from "vitest";
import { parseMessage } from "../../../sip/message/parse-message.ts";
import { SipRequest, SipResponse } from "../../../sip/message/sip-message.ts";
import { validateRequest, validateResponse } from "../../../sip/message/validate-request.ts";

const fields: Readonly<Record<string, string>> = {
  Via: "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1",
  From: "<sip:a@example.com>;tag=1",
  To: "<sip:b@example.com>",
  "Call-ID": "c1@192.0.2.1",
  CSeq: "1 OPTIONS",
  "Max-Forwards": "70",
};

function request(
  changes: Readonly<Record<string, string | undefined>>,
  startLine = "OPTIONS sip:b@example.com SIP/2.0",
): SipRequest {
  const all = Object.entries({ ...fields, ...changes }).filter(([, value]) => value !== undefined);
  const lines = all.map(([name, value]) => `${name}: ${value}`);
  const message = parseMessage(Buffer.from([startLine, ...lines, "", ""].join("\r\n")));
  if (!(message instanceof SipRequest)) throw new Error("a response");
  return message;
}

describe("validateRequest", () => {
  it("§8.1.1 lets a request pass that has what it must", () => {
    expect(validateRequest(request({}))).toBeUndefined();
    expect(validateRequest(request({ "Max-Forwards": undefined }))).toBeUndefined();
    expect(validateRequest(request({}, "OPTIONS tel:+14255550100 SIP/2.0"))).toBeUndefined();
  });

  it.each(["Via", "From", "To", "Call-ID", "CSeq"])(
    "§8.1.1 answers 400 when %s is missing or empty",
    (name) => {
      for (const value of [undefined, ""]) {
        const fault = validateRequest(request({ [name]: value }));
        expect(fault).toMatchObject({ status: 400, reason: expect.stringContaining(name) });
      }
    },
  );

  it.each(["From", "To", "Call-ID", "CSeq", "Max-Forwards", "Expires", "Content-Type"])(
    "§7.3.1 answers 400 when %s stands twice",
    (name) => {
      const value = fields[name] ?? "1";
      const twice = request({ [name]: value, [name.toLowerCase()]: value });
      expect(validateRequest(twice)).toMatchObject({
        status: 400,
        reason: expect.stringContaining(name),
      });
    },
  );

  it.each([
    ["CSeq", "2147483648 OPTIONS"],
    ["CSeq", "1 INVITE"],
    ["CSeq", "1 options"],
    ["CSeq", "-1 OPTIONS"],
    ["CSeq", "OPTIONS"],
    ["Max-Forwards", "256"],
    ["Max-Forwards", "-1"],
    ["Max-Forwards", "abc"],
    ["Content-Length", "-5"],
    ["Content-Length", "5"],
    ["Content-Length", "99999999999999999999"],
    ["From", '"a <sip:a@example.com>'],
    ["From", "<sip:a@example.com;tag=1"],
    ["To", "<>"],
    ["To", "/"],
    ["To", '"a\\'],
    ["To", "<sip:b@example.com>;tag=1;tag=2"],
    ["Via", "SIP/2.0/UDP"],
    ["Via", "SIP/2.0/UDP 192.0.2.1:99999"],
    ["Via", "SIP/2.0/UDP 192.0.2.1,"],
    ["Via", "SIP/2.0/UDP 192.0.2.1;rport=x"],
    ["Contact", "None"],
    ["Contact", "*, <sip:a@example.com>"],
    ["Contact", "sip:a@example.com?x=y"],
    ["Route", "<sip:a"],
    ["Call-ID", "a b"],
  ])("answers 400 to %s: %s", (name, value) => {
    expect(validateRequest(request({ [name]: value }))).toMatchObject({ status: 400 });
  });

  it.each(["Date", "Expires", "User-Agent", "Retry-After", "X-Anything"])(
    "§8.2 does not look into %s",
    (name) => {
      expect(validateRequest(request({ [name]: ";;,,\\" }))).toBeUndefined();
    },
  );

  it.each([
    ["OPTIONS sip:b@example.com SIP/3.0", 505],
    ["OPTIONS sip:b@example.com SIP/2.0 ", 400],
    ["OPTIONS sip:b@example.com?x=y SIP/2.0", 400],
    ["OPTIONS <sip:b@example.com> SIP/2.0", 400],
    ["OPTIONS sip: SIP/2.0", 400],
    ["OPTIONS urn:service:sos SIP/2.0", 416],
    ["OPTIONS http://example.com/ SIP/2.0", 416],
  ])("answers the start line %j with %i", (line, status) => {
    expect(validateRequest(request({}, line))?.status).toBe(status);
  });

  it("says in the reason what is wrong, and nothing of the input", () => {
    const fault = validateRequest(request({ To: "<sip:<script>@example.com>" }));
    expect(fault?.reason).toMatch(/^Bad Request \(To: [a-zA-Z ]+\)$/);
  });
});

describe("validateResponse", () => {
  it("§18.1.2 finds what a response may not be", () => {
    const response = (status: number, cseq = "1 OPTIONS") => {
      const message = new SipResponse(status, "x");
      for (const [name, value] of Object.entries({ ...fields, CSeq: cseq }))
        message.headers.append(name, value);
      return message;
    };
    expect(validateResponse(response(200))).toBeUndefined();
    expect(validateResponse(response(99))?.where).toBe("start line");
    expect(validateResponse(response(700))?.where).toBe("start line");
    expect(validateResponse(response(200, "x"))?.where).toBe("CSeq");
  });
});
