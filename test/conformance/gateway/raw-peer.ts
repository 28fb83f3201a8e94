import { createSocket } from "node:dgram";
import { once } from "node:events";
import { connect } from "node:net";

/** Bytes to send, from where, and how long to listen for what comes back. */
export interface RawExchange {
  readonly bytes: Buffer;
  readonly gatewayPort: number;
  /** Ends the wait early: what came so far is all that is needed. */
  readonly isEnough: (received: string) => boolean;
  /** How long to listen where it never is enough. */
  readonly patienceMilliseconds: number;
}

/**
 * Sends one datagram from `source` and returns all datagrams that come back there, one after the
 * other. The port is the one that the answer will be sent to (RFC 3261 §18.2.2: sent-by's).
 * @throws the system's error where that address or port cannot be had
 */
export async function exchangeDatagrams(
  exchange: RawExchange,
  source: { readonly address: string; readonly port: number },
): Promise<string> {
  const socket = createSocket("udp4");
  try {
    // Without `exclusive` an `EADDRINUSE` could be hidden by a cluster; here it has to show.
    socket.bind({ ...source, exclusive: true });
    await once(socket, "listening");
    const received = collect(exchange, (listener) => socket.on("message", listener));
    socket.send(exchange.bytes, exchange.gatewayPort, "127.0.0.1");
    return await received;
  } finally {
    socket.close();
  }
}

/** Sends the bytes by a new TCP connection and returns what comes back on it. */
export async function exchangeStream(exchange: RawExchange): Promise<string> {
  const socket = connect(exchange.gatewayPort, "127.0.0.1");
  try {
    await once(socket, "connect");
    socket.on("error", () => undefined);
    const received = collect(exchange, (listener) => socket.on("data", listener));
    socket.write(exchange.bytes);
    return await received;
  } finally {
    socket.destroy();
  }
}

function collect(
  { isEnough, patienceMilliseconds }: RawExchange,
  listen: (listener: (bytes: Buffer) => void) => unknown,
): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    const deadline = setTimeout(() => resolve(text), patienceMilliseconds);
    listen((bytes) => {
      text += bytes.toString("latin1");
      if (!isEnough(text)) return;
      clearTimeout(deadline);
      resolve(text);
    });
  });
}
