import { describe, expect, it } from "vitest";
import { SipParseError } from "../../../sip/message/sip-parse-error.ts";
import {
  decodeUser,
  escapeUser,
  formatUri,
  isSipUri,
  parseUri,
  type SipUri,
  sameSipUri,
} from "../../../sip/message/sip-uri.ts";

function sipUri(text: string): SipUri {
  const uri = parseUri(text);
  if (!isSipUri(uri)) throw new Error(`${text} is no SIP URI`);
  return uri;
}

describe("parseUri", () => {
  it("§19.1.1 takes a SIP URI apart and leaves escapes as they are", () => {
    expect(
      parseUri("SIPS:al%69ce:p%20w@Example.COM:5061;Transport=TCP;lr;x=%41?Subject=a%20b&to=c"),
    ).toEqual({
      scheme: "sips",
      user: "al%69ce",
      password: "p%20w",
      host: "example.com",
      port: 5061,
      parameters: new Map([
        ["transport", "TCP"],
        ["lr", null],
        ["x", "%41"],
      ]),
      headers: "Subject=a%20b&to=c",
    });
  });

  it.each([
    "sip:example.com",
    "sip:a@[2001:db8::1]:5060",
    "sip:+1-425-555;ext=7@example.com;user=phone",
    "tel:+1-425-555-0100;phone-context=example.com",
    "urn:service:sos",
    "sips:a:@b;lr",
  ])("formats %s as it came", (text) => {
    expect(formatUri(parseUri(text))).toBe(text);
  });

  it.each([
    "",
    "sip",
    "sip:",
    ":",
    "sip:@b",
    "sip:a@",
    "sip:a@b@c",
    "sip:a@b:",
    "sip:a@b:0x1",
    "sip:a@b:70000",
    "sip:a@-b",
    "sip:a@b..c",
    "sip:a@1.2.3.256",
    "sip:a@1.2.3",
    "sip:a@[1.2.3.4]",
    "sip:a@[::g]",
    "sip:a@b;",
    "sip:a@b;;lr",
    "sip:a@b;lr=",
    "sip:a@b;x=1;X=2",
    "sip:a b@c",
    "sip:a@b ",
    "sip:ä@b",
    "sip:a%4@b",
    "sip:a%zz@b",
    "<sip:a@b>",
    "tel:",
    "1tel:5",
    "tel:a b",
    "urn:\u0000",
  ])("refuses %j", (text) => {
    expect(() => parseUri(text)).toThrow(SipParseError);
  });

  it("refuses a SIP URI that is too long for the full grammar without running it", () => {
    expect(() => parseUri(`sip:a@${"b-.".repeat(20_000)}c`)).toThrow(SipParseError);
  });
});

describe("sameSipUri", () => {
  it.each([
    ["sip:%61lice@atlanta.com;transport=TCP", "sip:alice@AtLanTa.CoM;Transport=tcp"],
    ["sip:carol@chicago.com", "sip:carol@chicago.com;newparam=5"],
    ["sip:carol@chicago.com", "sip:carol@chicago.com;security=on"],
    [
      "sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com",
      "sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com",
    ],
    [
      "sip:alice@atlanta.com?subject=project%20x&priority=urgent",
      "sip:alice@atlanta.com?priority=urgent&subject=project%20x",
    ],
    ["sip:a%2cb@c.com", "sip:a%2Cb@c.com"],
  ])("§19.1.4 %s equals %s", (a, b) => {
    expect(sameSipUri(sipUri(a), sipUri(b))).toBe(true);
    expect(sameSipUri(sipUri(b), sipUri(a))).toBe(true);
  });

  it.each([
    ["sip:ALICE@AtLanTa.CoM;Transport=udp", "sip:alice@AtLanTa.CoM;Transport=UDP"],
    ["sip:bob@biloxi.com", "sip:bob@biloxi.com:5060"],
    ["sip:bob@biloxi.com", "sip:bob@biloxi.com;transport=udp"],
    ["sip:bob@biloxi.com", "sip:bob@biloxi.com:6000;transport=tcp"],
    ["sip:carol@chicago.com", "sip:carol@chicago.com?Subject=next%20meeting"],
    ["sip:bob@phone21.boxesbybob.com", "sip:bob@192.0.2.4"],
    ["sip:carol@chicago.com;security=on", "sip:carol@chicago.com;security=off"],
    ["sip:a@b", "sips:a@b"],
    ["sip:a@b", "sip:b"],
    ["sip:a:x@b", "sip:a@b"],
    ["sip:a%2cb@c.com", "sip:a,b@c.com"],
    ["sip:a@b;maddr=c", "sip:a@b"],
  ])("§19.1.4 %s is not %s", (a, b) => {
    expect(sameSipUri(sipUri(a), sipUri(b))).toBe(false);
    expect(sameSipUri(sipUri(b), sipUri(a))).toBe(false);
  });
});

describe("escapeUser and decodeUser", () => {
  it.each(["+14255550100", "a b", "é@漢", "%41", 'x"<>\\', "a;b?c/d", ""])(
    "§25.1 %j survives both",
    (text) => {
      expect(decodeUser(escapeUser(text))).toBe(text);
      if (text !== "") expect(sipUri(`sip:${escapeUser(text)}@b`).user).toBe(escapeUser(text));
    },
  );

  it("reads escapes that are not UTF-8 as ISO 8859-1", () => {
    expect(decodeUser("M%FCller")).toBe("Müller");
  });
});
