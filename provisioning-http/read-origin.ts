import type { FastifyRequest } from "fastify";

const hostForm = /^(?:[a-z0-9._-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/i;

/** The origin that a phone asked at, `http://emea.phones.example:8080`; undefined for a Host header that is none. */
export function readOrigin(
  request: Pick<FastifyRequest, "headers" | "protocol">,
): string | undefined {
  const host = request.headers.host ?? "";
  return hostForm.test(host) ? `${request.protocol}://${host}` : undefined;
}
