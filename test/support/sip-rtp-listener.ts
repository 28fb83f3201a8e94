import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { decodeALaw, decodeMuLaw } from "./sip-g711-decoder.ts";

/** One RTP packet as it came (RFC 3550 §5.1). */
export interface ReceivedRtp {
  readonly marker: boolean;
  readonly payloadType: number;
  readonly sequenceNumber: number;
  readonly timestamp: number;
  readonly payload: Buffer;
}

/** A phone's ear: a UDP port that keeps the RTP packets that reach it. */
export class RtpListener {
  readonly packets: ReceivedRtp[] = [];
  readonly port: number;
  readonly #socket: Socket;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.port = socket.address().port;
    socket.on("message", (bytes) => this.packets.push(readPacket(bytes)));
  }

  static async open(): Promise<RtpListener> {
    const socket = createSocket("udp4");
    socket.bind(0, "127.0.0.1");
    await once(socket, "listening");
    return new RtpListener(socket);
  }

  /** The SDP offer that asks for sound at this port; `direction` as in RFC 3264 §5.1. */
  offer(formats = "0 8 101", direction = "sendrecv"): string {
    return [
      "v=0",
      "o=- 1 1 IN IP4 127.0.0.1",
      "s=-",
      "c=IN IP4 127.0.0.1",
      "t=0 0",
      `m=audio ${this.port} RTP/AVP ${formats}`,
      `a=${direction}`,
      "",
    ].join("\r\n");
  }

  /** The linear samples of all that was heard. */
  samples(): Int16Array {
    return Int16Array.from(
      this.packets.flatMap(({ payload, payloadType }) =>
        [...payload].map(payloadType === 8 ? decodeALaw : decodeMuLaw),
      ),
    );
  }

  /** Mean square of all samples heard, full scale being 1. */
  energy(): number {
    const samples = this.samples();
    if (samples.length === 0) return 0;
    return samples.reduce((sum, sample) => sum + (sample / 32_768) ** 2, 0) / samples.length;
  }

  async close(): Promise<void> {
    const closed = once(this.#socket, "close");
    this.#socket.close();
    await closed;
  }
}

function readPacket(bytes: Buffer): ReceivedRtp {
  const second = bytes[1] ?? 0;
  return {
    marker: (second & 0x80) !== 0,
    payloadType: second & 0x7f,
    sequenceNumber: bytes.readUInt16BE(2),
    timestamp: bytes.readUInt32BE(4),
    payload: bytes.subarray(12),
  };
}
