import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { parseMessage } from "../../../sip/message/parse-message.ts";
import type { SipMessage } from "../../../sip/message/sip-message.ts";

const host = "127.0.0.1";
const socketCount = 8;
const receiveBufferBytes = 4_194_304;

/** A few UDP sockets that ten thousand phones share. */
export class PhoneSockets {
  readonly #sockets: readonly Socket[];
  readonly #gatewayPort: number;

  private constructor(sockets: readonly Socket[], gatewayPort: number) {
    this.#sockets = sockets;
    this.#gatewayPort = gatewayPort;
  }

  /** @param gatewayPort where the gateway listens on 127.0.0.1 */
  static async open(gatewayPort: number): Promise<PhoneSockets> {
    const sockets = Array.from({ length: socketCount }, () =>
      createSocket({ type: "udp4", recvBufferSize: receiveBufferBytes }),
    );
    for (const socket of sockets) {
      socket.bind(0, host);
      await once(socket, "listening");
    }
    return new PhoneSockets(sockets, gatewayPort);
  }

  /** `127.0.0.1:PORT` of the socket of the phone with this number. */
  localOf(phoneNumber: number): string {
    return `${host}:${this.#of(phoneNumber).address().port}`;
  }

  /** @param take given each message that comes, on whichever socket */
  onMessage(take: (message: SipMessage) => void): void {
    for (const socket of this.#sockets) {
      socket.on("message", (bytes) => take(parseMessage(bytes)));
    }
  }

  /** Sends to the gateway from the phone's socket. What is lost shows by the answer that is missing. */
  send(phoneNumber: number, text: string): void {
    this.#of(phoneNumber).send(text, this.#gatewayPort, host);
  }

  close(): void {
    for (const socket of this.#sockets) socket.close();
  }

  #of(phoneNumber: number): Socket {
    const socket = this.#sockets[phoneNumber % this.#sockets.length];
    if (socket === undefined) throw new Error("The sockets are not open.");
    return socket;
  }
}
