import { createSocket } from "node:dgram";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";

const mostTries = 50;

/**
 * Ports of 127.0.0.1 that are free for TCP and for UDP alike, all different. Another process can
 * take one before it is used; a test that loses such a race fails and says so.
 */
export async function freePorts(count: number): Promise<readonly number[]> {
  const ports = new Set<number>();
  for (let tries = 0; ports.size < count; tries++) {
    if (tries === mostTries * count) throw new Error(`No ${count} free ports on 127.0.0.1.`);
    const port = await freeTcpPort();
    if (await isFreeForUdp(port)) ports.add(port);
  }
  return [...ports];
}

async function freeTcpPort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

async function isFreeForUdp(port: number): Promise<boolean> {
  const socket = createSocket("udp4");
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once("error", reject);
      socket.bind({ address: "127.0.0.1", port, exclusive: true }, resolve);
    });
    return true;
  } catch {
    return false;
  } finally {
    socket.close();
  }
}
