import { describe, expect, it } from "vitest";
import { expandRule } from "../../../src/lab/simulated-phones/cisco-behavior.ts";
import { planPhones } from "../../../src/lab/simulated-phones/phone-models.ts";
import { ConfigurationError } from "../../../src/lab/simulated-phones/phone-settings.ts";
import {
  readAudioCodesFile,
  readYealinkFile,
} from "../../../src/lab/simulated-phones/read-setting-lines.ts";
import {
  readFlatProfile,
  readPolyFile,
} from "../../../src/lab/simulated-phones/read-xml-settings.ts";
import { readNotifyEvent } from "../../../src/lab/simulated-phones/vendor-behavior.ts";

describe("files as phones read them", () => {
  it("a Yealink file has values behind =, includes, comments and %NULL%", () => {
    const text =
      '#!version:1.0.0.1\n## title\ninclude:config "805ec0000001.cfg"\na.b = x = y \nc = %NULL%\n';
    const { settings, includes } = readYealinkFile(text);
    expect([...settings]).toEqual([
      ["a.b", "x = y"],
      ["c", ""],
    ]);
    expect(includes).toEqual(["805ec0000001.cfg"]);
  });

  it("a Yealink ignores a file without its first line", () => {
    expect(() => readYealinkFile("account.1.enable = 1\n")).toThrow(ConfigurationError);
  });

  it("an AudioCodes file has path/name=value lines", () => {
    expect([...readAudioCodesFile(";title\nvoip/line/0/id=00908f000001\nx\n")]).toEqual([
      ["voip/line/0/id", "00908f000001"],
    ]);
  });

  it("in a Cisco profile the last of two elements wins, and escapes are resolved", () => {
    const text =
      '<?xml version="1.0"?><flat-profile><A ua="na">1</A><B/><A>a &amp; b</A></flat-profile>';
    expect([...readFlatProfile(text)]).toEqual([
      ["A", "a & b"],
      ["B", ""],
    ]);
    expect(() => readFlatProfile("<other/>")).toThrow(ConfigurationError);
    expect(() => readFlatProfile("<flat-profile><A></flat-profile>")).toThrow(ConfigurationError);
  });

  it("in a Poly file every attribute at any depth is a setting", () => {
    const text = '<?xml version="1.0"?><A b.c="1 &lt; 2"><D e="f"/></A>';
    expect([...readPolyFile(text)]).toEqual([
      ["b.c", "1 < 2"],
      ["e", "f"],
    ]);
  });

  it("a Cisco puts its own names where a rule has macros", () => {
    const [phone] = planPhones(1, 1, ["cisco"]);
    if (phone === undefined) throw new Error("no phone was planned");
    const rule = "http://h/$PSN/$PN/$MA/$MAU/$MAC/$(MA).xml?a=$$";
    expect(expandRule(rule, phone)).toBe(
      "http://h/8851-3PCC/CP-8851-3PCC/00562b000001/00562B000001/00:56:2b:00:00:01/00562b000001.xml?a=$",
    );
  });

  it("an Event has a name in any case, and reboot or not", () => {
    expect(readNotifyEvent("Check-Sync; reboot=TRUE")).toEqual({
      name: "check-sync",
      reboot: true,
    });
    expect(readNotifyEvent("check-sync;reboot=false").reboot).toBe(false);
    expect(readNotifyEvent("resync").reboot).toBeUndefined();
  });
});

describe("planned phones", () => {
  it("are the same in every run, all different, and of all vendors in turn", () => {
    const phones = planPhones(40, 1);
    expect(planPhones(10, 31)).toEqual(phones.slice(30));
    expect(new Set(phones.map(({ macAddress }) => macAddress)).size).toBe(40);
    expect(phones.slice(0, 5).map(({ vendor }) => vendor)).toEqual([
      "yealink",
      "poly",
      "cisco",
      "audiocodes",
      "yealink",
    ]);
  });

  it("end with the MAC addresses of a prefix", () => {
    expect(() => planPhones(2, 2 ** 24 - 1)).toThrow(RangeError);
  });
});
