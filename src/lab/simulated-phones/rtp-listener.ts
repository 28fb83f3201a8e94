import { randomInt } from "node:crypto";
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import type { Clock, Timer } from "../../../sip/clock.ts";
import { buildSilencePacket, type SilenceTarget, silencePacketMilliseconds } from "./silence.ts";

const headerBytes = 12;
const version2 = 2;

/** A phone's ear, and its mouth: an RTP socket that counts what it hears (RFC 3550 §5.1). */
export class RtpListener {
  readonly #socket: Socket;
  #packets = 0;
  #closed = false;
  #nextPacket: Timer | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("message", (packet) => {
      if (packet.length > headerBytes && (packet[0] ?? 0) >> 6 === version2) this.#packets++;
    });
    // A count that stays low says it; there is nothing else to do about a lost socket.
    socket.on("error", () => this.close());
  }

  /** Opens a socket on a free port. @param address an IP literal of this machine */
  static async open(address: string): Promise<RtpListener> {
    const socket = createSocket(address.includes(":") ? "udp6" : "udp4");
    socket.bind(0, address);
    await once(socket, "listening");
    return new RtpListener(socket);
  }

  get port(): number {
    return this.#socket.address().port;
  }

  /** RTP packets with sound in them, so far. */
  get packets(): number {
    return this.#packets;
  }

  /** Sends silence from the same socket until it is closed. */
  playSilence(target: SilenceTarget, clock: Clock): void {
    const source = randomInt(2 ** 32);
    let index = 0;
    const sendNext = () => {
      if (this.#closed) return;
      const packet = buildSilencePacket(target.payloadType, source, index++);
      this.#socket.send(packet, target.port, target.address);
      this.#nextPacket = clock.schedule(silencePacketMilliseconds, sendNext);
    };
    sendNext();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#nextPacket?.cancel();
    this.#socket.close();
  }
}
