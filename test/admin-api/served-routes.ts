import type { AdminFixture } from "./admin-fixture.ts";

/** What fastify really serves, as `GET /api/v1/devices/{mac}`. */
export function listRoutes({ server }: AdminFixture): string[] {
  const found: string[] = [];
  const path: string[] = [];
  for (const line of server.app.printRoutes({ commonPrefix: false }).split("\n")) {
    const match = /^((?:│ {3}| {4})*)(?:├──|└──) (\S+)(?: \(([A-Z, ]+)\))?$/.exec(line);
    if (match === null) continue;
    path.length = (match[1] ?? "").length / 4;
    path.push(match[2] ?? "");
    for (const method of (match[3] ?? "").split(", ")) {
      if (method === "" || method === "HEAD") continue;
      // The admin center's page, which is no call.
      if (path.join("") === "/") continue;
      found.push(`${method} ${path.join("").replaceAll(/:([a-z]+)/gi, "{$1}")}`);
    }
  }
  return found.sort();
}

/** Routes that need no token. */
export const openRoutes: readonly string[] = [
  "GET /healthz",
  "GET /readyz",
  "POST /api/v1/session",
  "GET /api/v1/session/methods",
  "GET /api/v1/session/openid",
  "GET /api/v1/session/callback",
];
