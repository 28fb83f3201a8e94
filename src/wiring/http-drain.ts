import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/**
 * Ends an HTTP server's connections when the gateway stops. Node and fastify end idle ones only once
 * and count a connection that has said nothing yet (browsers keep such) as busy: a stop would wait
 * for their timeouts.
 */
export class HttpDrain {
  readonly #server: Server;
  readonly #open = new Set<Socket>();
  readonly #busy = new Set<Socket>();
  #draining = false;

  /** @param server watched from here on; it must not listen yet */
  constructor(server: Server) {
    this.#server = server;
    server.on("connection", (socket: Socket) => {
      this.#open.add(socket);
      socket.once("close", () => this.#open.delete(socket));
    });
    // Before fastify's own listener, so that an answer given at once is seen to end.
    server.prependListener("request", (request, response) => this.#watch(request, response));
  }

  /** Ends every connection that carries no request now, and each other one after its answer. */
  begin(): void {
    this.#draining = true;
    for (const socket of this.#open) if (!this.#busy.has(socket)) socket.destroy();
  }

  /** Ends what is left, answered or not. */
  cut(): void {
    this.#server.closeAllConnections();
  }

  #watch({ socket }: IncomingMessage, response: ServerResponse): void {
    this.#busy.add(socket);
    response.once("close", () => {
      this.#busy.delete(socket);
      if (this.#draining) socket.destroySoon();
    });
  }
}
