import { type G711Encoding, g711SampleRate } from "./g711.ts";

/** How much sound goes into one RTP packet (RFC 3551 §4.2). */
export const packetMilliseconds = 20;

/** Samples, and so bytes, of G.711 in one packet. */
export const packetSamples = (g711SampleRate * packetMilliseconds) / 1000;

/** Something that callers can be played. */
export interface Sound {
  /** The whole of it, 20 ms in each packet; the last may be shorter. */
  packets(encoding: G711Encoding): readonly Buffer[];
}

/** Cuts G.711 bytes into the payloads of packets. */
export function cutIntoPackets(bytes: Buffer): readonly Buffer[] {
  const packets: Buffer[] = [];
  for (let start = 0; start < bytes.length; start += packetSamples) {
    packets.push(bytes.subarray(start, start + packetSamples));
  }
  return packets;
}
