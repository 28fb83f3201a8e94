import { describe, expect, it } from "vitest";
import { parseContacts } from "../../../sip/message/contact.ts";
import { parseCSeq } from "../../../sip/message/cseq.ts";
import { parseDigestHeader } from "../../../sip/message/digest-header.ts";
import { newBranch, newCallId, newTag } from "../../../sip/message/identifiers.ts";
import {
  formatAddress,
  parseAddress,
  parseAddressList,
} from "../../../sip/message/name-address.ts";
import { formatParameters } from "../../../sip/message/parameters.ts";
import { SipParseError } from "../../../sip/message/sip-parse-error.ts";
import { splitList } from "../../../sip/message/split-list.ts";
import { formatVia, parseVias, withViaParameters } from "../../../sip/message/via.ts";

describe("addresses", () => {
  it("§20.10 gives parameters behind a bare URI to the header", () => {
    const address = parseAddress('sip:a@b;tag=1;+sip.instance="<urn:x>"');
    expect(address.uri).toMatchObject({ user: "a", host: "b", parameters: new Map() });
    expect(address.parameters).toEqual(
      new Map([
        ["tag", "1"],
        ["+sip.instance", "<urn:x>"],
      ]),
    );
  });

  it("§25.1 unquotes display names and values, and quotes them again", () => {
    const text = '"A \\"B\\" \\\\" <sip:a@b;lr>;x="1;2";tag=t';
    const address = parseAddress(text);
    expect(address.displayName).toBe('A "B" \\');
    expect(formatAddress(address)).toBe(text);
  });

  it("RFC 3840 §9 keeps the quotes of feature tags", () => {
    const parameters = new Map([
      ["+sip.instance", "<urn:uuid:1>"],
      ["+x.y", "TRUE"],
      ["methods", "INVITE"],
      ["q", "0.5"],
    ]);
    expect(formatParameters(parameters)).toBe(
      ';+sip.instance="<urn:uuid:1>";+x.y="TRUE";methods="INVITE";q=0.5',
    );
  });

  it("§7.3.1 takes lists apart at commas outside quotes and <>", () => {
    expect(splitList('"a,b" <sip:c@d;x=1,2>, <sip:e@f> ,sip:g@h')).toEqual([
      '"a,b" <sip:c@d;x=1,2>',
      "<sip:e@f>",
      "sip:g@h",
    ]);
    expect(parseAddressList(["<sip:a@b;lr>, <sip:c@d;lr>", "<sip:e@f>"]).length).toBe(3);
  });

  it("§10.3 takes * alone for a Contact only", () => {
    expect(parseContacts(["*"])).toBe("*");
    expect(parseContacts([])).toEqual([]);
    for (const values of [["*", "<sip:a@b>"], ["*, *"], ["<sip:a@b>, *"], ["* ;expires=0"]]) {
      expect(() => parseContacts(values)).toThrow(SipParseError);
    }
  });
});

describe("Via", () => {
  it("RFC 3581 §3 tells rport without a value from no rport", () => {
    const [flag, value, none] = parseVias(
      "SIP/2.0/UDP a;rport, SIP/2.0/UDP a;rport=5, SIP/2.0/UDP a",
    );
    expect([flag?.rport, value?.rport, none?.rport]).toEqual([null, 5, undefined]);
  });

  it("§18.2.1 adds received and rport without touching the rest", () => {
    const [via] = parseVias('SIP/2.0/UDP a.example:5060;rport;branch=z9hG4bKx;y="1 2"');
    if (via === undefined) throw new Error("no Via");
    const changed = withViaParameters(via, { received: "2001:db8::1", rport: "40000" });
    expect(formatVia(changed)).toBe(
      'SIP/2.0/UDP a.example:5060;rport=40000;branch=z9hG4bKx;y="1 2";received=2001:db8::1',
    );
    expect([changed.received, changed.rport, via.received]).toEqual([
      "2001:db8::1",
      40000,
      undefined,
    ]);
    expect(parseVias(formatVia(changed))).toEqual([changed]);
  });
});

describe("CSeq", () => {
  it("§8.1.1.5 takes numbers below 2³¹", () => {
    expect(parseCSeq("2147483647 INVITE")).toEqual({ number: 2147483647, method: "INVITE" });
    for (const value of [
      "2147483648 INVITE",
      "1",
      "INVITE",
      "1INVITE",
      "1 INVITE x",
      "1.5 INVITE",
      `${"9".repeat(5000)} A`,
    ]) {
      expect(() => parseCSeq(value)).toThrow(SipParseError);
    }
    expect(parseCSeq(`${"0".repeat(50)}7 INVITE`).number).toBe(7);
  });
});

describe("digest headers", () => {
  it("§25.1 reads credentials with white space, quotes and escapes", () => {
    const { scheme, parameters } = parseDigestHeader(
      'Digest USERNAME="a\\"b", qop=auth ,nc = 00000001,uri="sip:x?a=b,c",opaque=""',
    );
    expect(scheme).toBe("Digest");
    expect(Object.fromEntries(parameters)).toEqual({
      username: 'a"b',
      qop: "auth",
      nc: "00000001",
      uri: "sip:x?a=b,c",
      opaque: "",
    });
  });

  it.each([
    "",
    "Digest",
    "Digest ",
    "Digest a",
    "Digest a=",
    'Digest a="b',
    "Digest a=b c=d",
    "Digest a=b,,c=d",
    "Digest a=b,A=c",
    "Digest a=b,",
  ])("refuses %j", (value) => {
    expect(() => parseDigestHeader(value)).toThrow(SipParseError);
  });
});

describe("identifiers", () => {
  it("§19.3, §8.1.1.7 are different each time and in their form", () => {
    const all = new Set(
      Array.from({ length: 2000 }, () => [newTag(), newBranch(), newCallId()]).flat(),
    );
    expect(all.size).toBe(6000);
    expect(newTag()).toMatch(/^[0-9a-f]{16}$/);
    expect(newBranch()).toMatch(/^z9hG4bK[0-9a-f]{24}$/);
    expect(newCallId("host.example")).toMatch(/^[0-9a-f]{32}@host\.example$/);
  });
});
