import { describe, expect, it } from "vitest";
import { HeaderFields } from "../../../sip/message/header-fields.ts";
import { SipParseError } from "../../../sip/message/sip-parse-error.ts";

function fields(...pairs: [string, string][]): HeaderFields {
  const headers = new HeaderFields();
  for (const [name, value] of pairs) headers.append(name, value);
  return headers;
}

describe("HeaderFields", () => {
  it("§7.3.1 prepends a Via before the others, wherever those stand", () => {
    const headers = fields(["From", "f"], ["Via", "1"], ["Via", "2"]);
    headers.prepend("v", "0");
    expect([...headers]).toEqual([
      ["From", "f"],
      ["Via", "0"],
      ["Via", "1"],
      ["Via", "2"],
    ]);
    headers.prepend("Record-Route", "r");
    expect([...headers][0]).toEqual(["Record-Route", "r"]);
  });

  it("sets one value in the first one's place and drops the others", () => {
    const headers = fields(["X-A", "1"], ["X-B", "2"], ["X-A", "3"]);
    headers.set("X-A", "4");
    expect([...headers]).toEqual([
      ["X-A", "4"],
      ["X-B", "2"],
    ]);
    headers.setAll("X-A", ["5", "6"]);
    expect([...headers]).toEqual([
      ["X-A", "5"],
      ["X-A", "6"],
      ["X-B", "2"],
    ]);
    headers.setAll("X-A", []);
    expect([...headers]).toEqual([["X-B", "2"]]);
  });

  it("reads a value once, and again after it changed", () => {
    let calls = 0;
    const length = (value: string) => {
      calls++;
      return value.length;
    };
    const headers = fields(["Expires", "60"]);
    expect([headers.read("Expires", length), headers.read("Expires", length), calls]).toEqual([
      2, 2, 1,
    ]);
    headers.set("Expires", "3600");
    expect([headers.read("Expires", length), calls]).toEqual([4, 2]);
  });

  it("refuses a line break in a value, whoever puts it there", () => {
    const headers = fields(["X-A", "1"]);
    const evil = "x\r\nVia: y";
    expect(() => headers.append("X-B", evil)).toThrow(SipParseError);
    expect(() => headers.prepend("X-B", evil)).toThrow(SipParseError);
    expect(() => headers.set("X-A", evil)).toThrow(SipParseError);
    expect(() => headers.set("X-C", "x\ny")).toThrow(SipParseError);
    expect(() => headers.setAll("X-A", ["1", evil])).toThrow(SipParseError);
    expect(() => headers.append("B: 1\r\nC", "x")).toThrow(SipParseError);
  });

  it("§7.3.1 finds an unknown header in any case, and keeps its spelling", () => {
    const headers = fields(["X-Thing", "1"], ["x-thing", "2"]);
    expect(headers.getAll("X-THING")).toEqual(["1", "2"]);
    headers.set("x-THING", "3");
    expect([...headers]).toEqual([["X-Thing", "3"]]);
  });

  it("clones without sharing", () => {
    const headers = fields(["X-A", "1"]);
    const copy = headers.clone();
    copy.set("X-A", "2");
    expect(headers.get("X-A")).toBe("1");
  });
});
