import { createSocket } from "node:dgram";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";

const loopback = "127.0.0.1";
const mostTries = 50;

/**
 * Ports of 127.0.0.1 that are free for TCP and UDP, each the wanted one where that is free and
 * another one where it is not.
 * @throws Error when the system has none left
 */
export async function pickPorts(wanted: readonly number[]): Promise<readonly number[]> {
  const ports: number[] = [];
  for (const port of wanted) {
    ports.push((await isFree(port)) ? port : await anotherPort([...wanted, ...ports]));
  }
  return ports;
}

async function anotherPort(taken: readonly number[]): Promise<number> {
  for (let tries = 0; tries < mostTries; tries++) {
    const port = await freeTcpPort(0);
    if (port !== undefined && !taken.includes(port) && (await isFree(port))) return port;
  }
  throw new Error(`No free port on ${loopback}.`);
}

async function isFree(port: number): Promise<boolean> {
  return (await freeTcpPort(port)) === port && (await isFreeForUdp(port));
}

/** Listens for a moment. @param port 0: any */
async function freeTcpPort(port: number): Promise<number | undefined> {
  const server = createServer();
  try {
    server.listen(port, loopback);
    await once(server, "listening");
  } catch {
    // Taken, or not ours to use: either way it is not free.
    return undefined;
  }
  const address = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return address.port;
}

async function isFreeForUdp(port: number): Promise<boolean> {
  const socket = createSocket("udp4");
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once("error", reject);
      socket.bind({ address: loopback, port, exclusive: true }, resolve);
    });
    return true;
  } catch {
    // As above.
    return false;
  } finally {
    socket.close();
  }
}
