import { describe, expect, it } from "vitest";
import { encodeG711 } from "../../../src/signaling/announcements/g711.ts";
import { decodeALaw, decodeMuLaw } from "../../support/sip-g711-decoder.ts";

describe("G.711", () => {
  it("has the µ-law bytes that ITU-T G.711 prints for silence and full scale", () => {
    expect([...encodeG711(Int16Array.of(0, 32_767, -32_768), "PCMU")]).toEqual([0xff, 0x80, 0x00]);
  });

  it("has the A-law bytes that ITU-T G.711 prints for silence and full scale", () => {
    expect([...encodeG711(Int16Array.of(0, 32_767, -32_768), "PCMA")]).toEqual([0xd5, 0xaa, 0x2a]);
  });

  it.each([
    ["PCMU", decodeMuLaw],
    ["PCMA", decodeALaw],
  ] as const)("%s comes back within a step of what went in", (encoding, decode) => {
    for (let sample = -32_000; sample <= 32_000; sample += 37) {
      const byte = encodeG711(Int16Array.of(sample), encoding)[0] ?? 0;
      expect(Math.abs(decode(byte) - sample)).toBeLessThanOrEqual(16 + Math.abs(sample) / 16);
    }
  });
});
