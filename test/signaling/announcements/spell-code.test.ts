import { describe, expect, it } from "vitest";
import { spellCode } from "../../../src/signaling/announcements/spell-code.ts";
import { SpokenWords } from "../../../src/signaling/announcements/spoken-words.ts";

function wordsOf(code: string): string[] | undefined {
  return spellCode(code)?.filter((utterance) => typeof utterance === "string");
}

describe("spelling a pairing code", () => {
  it("says letters in either case and digits, and takes a breath where it is grouped", () => {
    const said = ["b", "d", "7", "q"];
    const twice = ["your-pairing-code-is", ...said, "once-more", ...said, "goodbye"];
    expect(wordsOf("Bd-7Q")).toEqual(twice);
    expect(wordsOf("BD7q")).toEqual(twice);
    const pauses = (code: string) =>
      spellCode(code)?.reduce<number>((sum, one) => sum + (typeof one === "number" ? one : 0), 0);
    expect(pauses("BD-7Q")).toBeGreaterThan(pauses("BD7Q") ?? Number.NaN);
  });

  it.each([[""], ["-"], ["ÄB12"], ["../a"], ["A".repeat(33)]])("has no words for %j", (code) => {
    expect(spellCode(code)).toBeUndefined();
  });

  it("has a recording of every letter and digit, of less than two seconds", async () => {
    const words = new SpokenWords();
    for (const character of "abcdefghijklmnopqrstuvwxyz0123456789") {
      const sound = await words.say([character]);
      const packets = sound.packets("PCMU").length;
      expect(packets).toBeGreaterThan(10);
      expect(packets).toBeLessThan(100);
      expect(sound.packets("PCMA")).toHaveLength(packets);
    }
  });
});
