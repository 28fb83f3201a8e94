import type { FastifyRequest } from "fastify";
import {
  type ActingAdministrator,
  type AdministratorRole,
  roleSuffices,
} from "../domain/administrator.ts";
import type { AdminApp } from "./admin-dependencies.ts";
import { ProblemError } from "./problem.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** The least role that may call; without it, {@link roleNeeded} says. */
    role?: AdministratorRole;
  }
  interface FastifyRequest {
    /** Who calls. @throws Error where the route is open to all */
    readonly administrator: ActingAdministrator;
  }
}

const administrators = new WeakMap<FastifyRequest, ActingAdministrator>();

/** Gives requests their `administrator`. */
export function decorateWithAdministrator(app: AdminApp): void {
  app.decorateRequest("administrator", {
    getter(this: FastifyRequest) {
      const administrator = administrators.get(this);
      if (administrator === undefined) throw new Error("Nobody was asked who calls this route.");
      return administrator;
    },
  });
}

/** Notes who calls, once that is proven. */
export function setAdministrator(
  request: FastifyRequest,
  administrator: ActingAdministrator,
): void {
  administrators.set(request, administrator);
}

/**
 * The least role that a route needs: what it declares as `config: { role }`. Reading is for all
 * otherwise, and everything else for administrators, so that a route that says nothing gives nothing away.
 */
export function roleNeeded(method: string, declared?: AdministratorRole): AdministratorRole {
  return declared ?? (method === "GET" || method === "HEAD" ? "reader" : "administrator");
}

/** A hook that lets through who may call the route. @throws ProblemError 403 */
export async function requireRole(request: FastifyRequest): Promise<void> {
  const { config } = request.routeOptions;
  const needed = roleNeeded(request.method, config.role);
  const { role } = request.administrator;
  if (roleSuffices(role, needed)) return;
  throw new ProblemError(403, `This needs the role ${needed}; yours is ${role}.`);
}
