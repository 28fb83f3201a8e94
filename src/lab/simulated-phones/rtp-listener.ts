import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";

const headerBytes = 12;
const version2 = 2;

/** A phone's ear: an RTP socket that counts what it hears (RFC 3550 §5.1). */
export class RtpListener {
  readonly #socket: Socket;
  #packets = 0;
  #closed = false;

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

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#socket.close();
  }
}
