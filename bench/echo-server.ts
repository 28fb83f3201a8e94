// The floor: a bare node:dgram socket that sends every datagram back. Tells its port and, when
// asked, its CPU time to the process that forked it.
import { createSocket } from "node:dgram";

const socket = createSocket("udp4");
socket.on("message", (bytes, peer) => socket.send(bytes, peer.port, peer.address));
socket.bind(0, "127.0.0.1", () => {
  socket.setRecvBufferSize(4 * 1024 * 1024);
  process.send?.({ port: socket.address().port });
});
process.on("message", () => process.send?.({ cpuMicroseconds: cpuMicroseconds() }));
process.on("disconnect", () => socket.close());

function cpuMicroseconds(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}
