import { fork } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";

const datagrams = 200_000;
const windowSize = 64;
/** As long as a REGISTER with credentials. */
const datagramBytes = 700;

/** CPU microseconds that a bare `node:dgram` socket needs to take one datagram in and send it out. */
export async function measureEchoFloor(): Promise<number> {
  const server = fork(new URL("echo-server.ts", import.meta.url));
  try {
    const [{ port }] = (await once(server, "message")) as [{ port: number }];
    await exchange(port, datagrams / 4);
    const before = await cpuOf(server);
    await exchange(port, datagrams);
    return ((await cpuOf(server)) - before) / datagrams;
  } finally {
    server.disconnect();
  }
}

async function cpuOf(server: ReturnType<typeof fork>): Promise<number> {
  server.send("cpu");
  const [{ cpuMicroseconds }] = (await once(server, "message")) as [{ cpuMicroseconds: number }];
  return cpuMicroseconds;
}

async function exchange(port: number, count: number): Promise<void> {
  const socket = createSocket("udp4");
  const bytes = Buffer.alloc(datagramBytes, "x");
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  let sent = 0;
  let received = 0;
  const send = () => {
    sent++;
    socket.send(bytes, port, "127.0.0.1");
  };
  await new Promise<void>((resolve) => {
    socket.on("message", () => {
      received++;
      if (received === count) resolve();
      else if (sent < count) send();
    });
    for (let index = 0; index < windowSize; index++) send();
  });
  socket.close();
}
