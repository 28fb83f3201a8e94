/** Where silence is sent to, and in which of G.711's laws. */
export interface SilenceTarget {
  /** An IP literal. */
  readonly address: string;
  readonly port: number;
  /** 0: µ-law; 8: A-law (RFC 3551 §6). */
  readonly payloadType: 0 | 8;
}

/** How often a packet is due: 20 ms of sound, as `a=ptime:20` says. */
export const silencePacketMilliseconds = 20;

const samplesPerPacket = 160;
const headerBytes = 12;
/** The zero line of each law (ITU-T G.711). */
const zeroLevels = { 0: 0xff, 8: 0xd5 } as const;

/** The RTP packet number `index` of a stream of silence (RFC 3550 §5.1). */
export function buildSilencePacket(payloadType: 0 | 8, source: number, index: number): Buffer {
  const packet = Buffer.alloc(headerBytes + samplesPerPacket, zeroLevels[payloadType]);
  const marker = index === 0 ? 0x80 : 0;
  packet[0] = 0x80;
  packet[1] = marker | payloadType;
  packet.writeUInt16BE(index & 0xffff, 2);
  packet.writeUInt32BE((index * samplesPerPacket) >>> 0, 4);
  packet.writeUInt32BE(source >>> 0, 8);
  return packet;
}
