/** What changes from packet to packet of one RTP stream. */
export interface RtpHeader {
  readonly payloadType: number;
  readonly sequenceNumber: number;
  /** In samples. */
  readonly timestamp: number;
  readonly synchronizationSource: number;
  /** Set on the first packet of a talkspurt (RFC 3551 §4.1). */
  readonly marker: boolean;
}

const headerBytes = 12;

/** One RTP packet, version 2, without extensions or contributing sources (RFC 3550 §5.1). */
export function buildRtpPacket(header: RtpHeader, payload: Buffer): Buffer {
  const packet = Buffer.allocUnsafe(headerBytes + payload.length);
  packet[0] = 0x80;
  packet[1] = (header.marker ? 0x80 : 0) | header.payloadType;
  packet.writeUInt16BE(header.sequenceNumber & 0xffff, 2);
  packet.writeUInt32BE(header.timestamp >>> 0, 4);
  packet.writeUInt32BE(header.synchronizationSource >>> 0, 8);
  payload.copy(packet, headerBytes);
  return packet;
}
