import type { FastifyRequest } from "fastify";

/**
 * Whether a request comes from a page of this server. Browsers say so in `Sec-Fetch-Site` (W3C Fetch
 * Metadata §2.3), and where they do not, as they do not without TLS, in `Origin` (RFC 6454 §7).
 * @param publicUrl origin under which browsers reach the server through a proxy; null without one
 */
export function isSameOrigin(request: FastifyRequest, publicUrl: string | null): boolean {
  const { origin, "sec-fetch-site": site } = request.headers;
  if (site !== undefined) return site === "same-origin";
  if (origin === undefined) return false;
  return origin === publicUrl || origin === `${request.protocol}://${request.host}`;
}

/** Whether a request says where it comes from, as browsers do with every change. */
export function saysItsOrigin({ headers }: FastifyRequest): boolean {
  return headers.origin !== undefined || headers["sec-fetch-site"] !== undefined;
}
