import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { AdminApp } from "./admin-dependencies.ts";
import { handleNotFound } from "./problem.ts";

/** Stands in the built page wherever a nonce is meant (admin-center/vite.config.ts). */
const noncePlaceholder = "%CSP_NONCE%";

/** Names of assets hold a hash of their content: they never change. */
const assetMaxAgeMilliseconds = 365 * 24 * 3_600_000;

/**
 * Serves the admin center's built page: `/`, its assets, and every address that the page itself tells
 * pages by, so that an address can be reloaded and sent to a colleague.
 * @param folder where the build is; where there is none, `/` says how to make it
 */
export async function addAdminCenterRoutes(app: AdminApp, folder: string): Promise<void> {
  const indexFile = join(folder, "index.html");
  if (!existsSync(indexFile)) {
    app.get("/", { schema: { hide: true } }, (_request, reply) => sendNotBuilt(reply));
    app.setNotFoundHandler(handleNotFound);
    return;
  }
  const page = readFileSync(indexFile, "utf8");
  await app.register(fastifyStatic, {
    root: folder,
    index: false,
    wildcard: false,
    preCompressed: true,
    globIgnore: ["**/index.html", "**/*.gz", "**/.*"],
    immutable: true,
    maxAge: assetMaxAgeMilliseconds,
    schemaHide: true,
  });
  app.get("/", { schema: { hide: true } }, (_request, reply) => sendPage(reply, page));
  app.setNotFoundHandler((request, reply) =>
    wantsPage(request) ? sendPage(reply, page) : handleNotFound(request, reply),
  );
}

/**
 * Nothing but what the gateway itself serves, and of that no script or style that does not bear this
 * page's nonce: text from the network that found its way into the page could still do nothing.
 */
function contentSecurityPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}

function sendPage(reply: FastifyReply, page: string): FastifyReply {
  const nonce = randomBytes(16).toString("base64");
  return reply
    .code(200)
    .headers({
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-store",
      "content-security-policy": contentSecurityPolicy(nonce),
      "referrer-policy": "no-referrer",
      "x-frame-options": "DENY",
      "permissions-policy": "camera=(), geolocation=(), microphone=()",
    })
    .send(page.replaceAll(noncePlaceholder, nonce));
}

function sendNotBuilt(reply: FastifyReply): FastifyReply {
  return reply
    .code(503)
    .type("text/plain; charset=utf-8")
    .send("The admin center is not built. Stop the gateway and start it by: npm start\n");
}

/** A browser that follows a link, and no program that mistyped a path of the API. */
function wantsPage({ method, url, headers }: FastifyRequest): boolean {
  return (
    method === "GET" && !url.startsWith("/api/") && (headers.accept ?? "").includes("text/html")
  );
}
