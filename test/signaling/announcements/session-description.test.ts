import { describe, expect, it } from "vitest";
import {
  buildAnswer,
  buildOffer,
  readSessionDescription,
} from "../../../src/signaling/announcements/session-description.ts";

const local = { address: "192.0.2.1", port: 49_152, sessionId: 7 };

function sdp(...lines: string[]): Buffer {
  return Buffer.from(`${["v=0", "o=- 1 1 IN IP4 192.0.2.9", "s=-", ...lines].join("\r\n")}\r\n`);
}

function read(...lines: string[]) {
  const reading = readSessionDescription(sdp(...lines));
  if (!reading.ok) throw new Error(reading.reason);
  return reading.session;
}

describe("reading an offer", () => {
  it("takes the phone's first G.711 encoding, by static payload type", () => {
    const { audio } = read("c=IN IP4 192.0.2.9", "t=0 0", "m=audio 4000 RTP/AVP 9 8 0");
    expect(audio).toEqual({
      address: "192.0.2.9",
      port: 4000,
      encoding: "PCMA",
      payloadType: 8,
      listening: true,
    });
  });

  it("takes G.711 under a dynamic payload type, and does not mistake a remapped static one", () => {
    const { audio } = read(
      "c=IN IP4 192.0.2.9",
      "t=0 0",
      "m=audio 4000 RTP/AVP 0 101 111",
      "a=rtpmap:0 G722/8000",
      "a=rtpmap:111 pcmu/8000/1",
    );
    expect(audio).toMatchObject({ encoding: "PCMU", payloadType: 111 });
  });

  it("prefers the media section's address and direction to the session's", () => {
    const { audio } = read(
      "c=IN IP4 192.0.2.9",
      "t=0 0",
      "a=inactive",
      "m=audio 4000 RTP/AVP 0",
      "c=IN IP4 192.0.2.10",
      "a=sendrecv",
    );
    expect(audio).toMatchObject({ address: "192.0.2.10", listening: true });
  });

  it.each(["a=sendonly", "a=inactive"])("does not play to a phone that said %s", (direction) => {
    const { audio } = read("c=IN IP4 192.0.2.9", "t=0 0", "m=audio 4000 RTP/AVP 0", direction);
    expect(audio?.listening).toBe(false);
  });

  it("finds no audio where it is refused, encrypted or in other encodings", () => {
    for (const media of [
      "m=audio 0 RTP/AVP 0",
      "m=audio 4000 RTP/SAVP 0",
      "m=audio 4000 RTP/AVP 9 18",
      "m=video 4000 RTP/AVP 0",
    ]) {
      expect(read("c=IN IP4 192.0.2.9", "t=0 0", media).audio).toBeUndefined();
    }
  });

  it("refuses what is no SDP, a port that is none, and far too many sections", () => {
    expect(readSessionDescription(Buffer.from("hello")).ok).toBe(false);
    expect(readSessionDescription(sdp("m=audio 70000 RTP/AVP 0")).ok).toBe(false);
    const many = Array.from({ length: 40 }, () => "m=audio 4000 RTP/AVP 0");
    expect(readSessionDescription(sdp(...many)).ok).toBe(false);
    expect(readSessionDescription(Buffer.alloc(20_000, "v=0\r\n")).ok).toBe(false);
  });
});

describe("answering", () => {
  it("RFC 3264 §6 has as many media lines as the offer, others refused by port 0", () => {
    const offer = read(
      "c=IN IP4 192.0.2.9",
      "t=0 0",
      "m=video 5000 RTP/AVP 96",
      "m=audio 4000 RTP/AVP 0 101",
    );
    const lines = buildAnswer(offer, local).toString().split("\r\n");
    expect(lines.filter((line) => line.startsWith("m="))).toEqual([
      "m=video 0 RTP/AVP 96",
      "m=audio 49152 RTP/AVP 0",
    ]);
    expect(lines).toContain("c=IN IP4 192.0.2.1");
    expect(lines).toContain("a=rtpmap:0 PCMU/8000");
  });

  it("offers both encodings to a phone that sent no offer", () => {
    const reading = readSessionDescription(buildOffer(local));
    expect(reading).toMatchObject({ ok: true, session: { audio: { port: 49_152 } } });
    expect(buildOffer(local).toString()).toContain("RTP/AVP 0 8");
  });
});
