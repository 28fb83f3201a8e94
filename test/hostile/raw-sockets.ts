import { createSocket } from "node:dgram";
import { once } from "node:events";
import { connect, type Socket } from "node:net";

const host = "127.0.0.1";
/** Datagrams sent in one go; more would be lost in this host's buffers, and prove nothing. */
const burst = 100;
const repeatMilliseconds = 200;

/** Sends each as a datagram from one socket, and after each burst waits until the gateway has read it. */
export async function sendDatagrams(port: number, datagrams: Iterable<Buffer>): Promise<number> {
  const socket = createSocket("udp4");
  let sent = 0;
  try {
    for (const bytes of datagrams) {
      await new Promise<void>((resolve, reject) => {
        socket.send(bytes, port, host, (error) => (error === null ? resolve() : reject(error)));
      });
      if (++sent % burst === 0) await untilAllIsRead(port);
    }
    await untilAllIsRead(port);
    return sent;
  } finally {
    socket.close();
  }
}

/** An OPTIONS, repeated as a phone would: its answer comes after all that was sent before it. */
async function untilAllIsRead(port: number): Promise<void> {
  for (let attempt = 0; attempt < 25; attempt++) {
    if ((await askDatagram(port, optionsRequest, repeatMilliseconds)) !== undefined) return;
  }
  throw new Error("The gateway does not answer OPTIONS any more.");
}

/** An OPTIONS that every gateway answers; `OWNPORT` becomes the port that it is sent from. */
export const optionsRequest = [
  "OPTIONS sip:127.0.0.1 SIP/2.0",
  "Via: SIP/2.0/UDP 127.0.0.1:OWNPORT;branch=z9hG4bKprobe",
  "Max-Forwards: 70",
  "From: <sip:probe@127.0.0.1>;tag=1",
  "To: <sip:127.0.0.1>",
  "Call-ID: probe",
  "CSeq: 1 OPTIONS",
  "Content-Length: 0",
  "",
  "",
].join("\r\n");

/** Sends one datagram and resolves with what comes back, or undefined when nothing does. */
export async function askDatagram(
  port: number,
  text: string,
  patienceMilliseconds = 2000,
): Promise<string | undefined> {
  const socket = createSocket("udp4");
  socket.bind(0, host);
  await once(socket, "listening");
  try {
    const { port: own } = socket.address();
    const answer = once(socket, "message", { signal: AbortSignal.timeout(patienceMilliseconds) });
    socket.send(text.replaceAll("OWNPORT", String(own)), port, host);
    const [bytes] = (await answer) as [Buffer];
    return bytes.toString("utf8");
  } catch (error) {
    if (error instanceof Error && error.name === "AbortError") return undefined;
    throw error;
  } finally {
    socket.close();
  }
}

/** What became of a connection. */
export interface StreamOutcome {
  readonly received: string;
  readonly closed: boolean;
}

/** A connection that is made, used by `use` and watched until the peer ends it or time is up. */
export async function askStream(
  port: number,
  bytes: Buffer | string,
  patienceMilliseconds = 2000,
): Promise<StreamOutcome> {
  const socket = await openStream(port);
  let received = "";
  socket.on("data", (chunk) => {
    received += chunk.toString("latin1");
  });
  const ended = Promise.race([once(socket, "close"), once(socket, "end")]).then(() => true);
  const late = new Promise<false>((resolve) => setTimeout(resolve, patienceMilliseconds, false));
  socket.write(bytes);
  const closed = await Promise.race([ended, late]);
  socket.destroy();
  return { received, closed };
}

/** A connection whose errors (a reset by the gateway) are no errors of the test. */
export async function openStream(port: number, localAddress?: string): Promise<Socket> {
  const socket = connect({ port, host, ...(localAddress === undefined ? {} : { localAddress }) });
  await once(socket, "connect");
  socket.on("error", () => undefined);
  return socket;
}

/** Seeded pseudo-random numbers (mulberry32): the same bytes in every run. */
export function seededBytes(seed: number): (length: number) => Buffer {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) & 0xff;
  };
  return (length) => Buffer.from(Array.from({ length }, next));
}
