import type { CookieSerializeOptions } from "@fastify/cookie";
import type { FastifyReply, FastifyRequest } from "fastify";

/** The cookie that holds a session's id. */
export const sessionCookieName = "sip-gateway-session";

/** The id that a request brings, if any. */
export function sessionIdOf(request: FastifyRequest): string | undefined {
  return request.cookies[sessionCookieName];
}

/** Has the browser keep a session's id until it is closed; the gateway judges how long it holds. */
export function setSessionCookie(
  request: FastifyRequest,
  reply: FastifyReply,
  id: string,
  publicUrl: string | null,
): void {
  const options = { ...cookieOptions(request, publicUrl), sameSite: "strict", path: "/" } as const;
  reply.setCookie(sessionCookieName, id, options);
}

/** Has the browser forget it. */
export function clearSessionCookie(reply: FastifyReply): void {
  reply.clearCookie(sessionCookieName, { path: "/", httpOnly: true, sameSite: "strict" });
}

/** What all cookies of the API have: scripts do not see them, and TLS is not left again. */
export function cookieOptions(
  request: FastifyRequest,
  publicUrl: string | null,
): CookieSerializeOptions {
  const secure = publicUrl?.startsWith("https:") === true || request.protocol === "https";
  return { httpOnly: true, secure };
}
