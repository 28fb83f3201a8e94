import { type Static, Type } from "typebox";
import { addAdministrator } from "../domain/add-administrator.ts";
import {
  type Administrator,
  administratorRoles,
  firstAdministratorName,
  longestAdministratorName,
} from "../domain/administrator.ts";
import type { Stores } from "../domain/stores.ts";
import type { Tenant } from "../domain/tenant.ts";
import type { TimeSource } from "../domain/time-source.ts";
import type { AdminApp } from "./admin-dependencies.ts";
import { ProblemError } from "./problem.ts";
import { problems } from "./problem-schema.ts";
import { formatTime, nullable, timeSchema } from "./schema-parts.ts";

/** What the calls on administrators need. */
export interface AdministratorsDependencies {
  readonly stores: Stores;
  readonly clock: TimeSource;
  readonly tenant: Tenant;
}

const tags = ["administrators"];
/** Also reading is for administrators: others need not know whom to impersonate. */
const config = { role: "administrator" } as const;

const roleSchema = Type.Enum([...administratorRoles], {
  description:
    "reader: looks; technician: also adds devices and makes codes; administrator: everything.",
});

const fields = {
  name: Type.String({ examples: ["Adele"] }),
  role: roleSchema,
  kind: Type.Enum(["settings", "token", "openid"], {
    description: "settings: the first one, whose token is ADMIN_TOKEN.",
  }),
  createdAt: nullable(timeSchema, "Null for the first one."),
};

const administratorSchema = Type.Object(fields, { description: "The administrator." });

const nameParams = Type.Object({ name: Type.String({ description: "In any case." }) });

const firstAdministrator: Static<typeof administratorSchema> = {
  name: firstAdministratorName,
  role: "administrator",
  kind: "settings",
  createdAt: null,
};

/** Listing, adding, changing and deleting administrators. */
export function addAdministratorsRoutes(
  app: AdminApp,
  dependencies: AdministratorsDependencies,
): void {
  addListRoute(app, dependencies);
  addCreateRoute(app, dependencies);
  addChangeRoute(app, dependencies);
  addDeleteRoute(app, dependencies);
}

function addListRoute(app: AdminApp, { stores, tenant }: AdministratorsDependencies): void {
  app.get(
    "/administrators",
    {
      config,
      schema: {
        operationId: "listAdministrators",
        summary: "All administrators on one page: the first one, then the others by name",
        tags,
        response: {
          200: Type.Object(
            {
              items: Type.Array(administratorSchema),
              nextCursor: nullable(Type.String(), "Always null."),
            },
            { description: "All of them." },
          ),
          ...problems(403),
        },
      },
    },
    async () => {
      const others = await stores.administrators.list(tenant.id);
      return { items: [firstAdministrator, ...others.map(present)], nextCursor: null };
    },
  );
}

function addCreateRoute(
  app: AdminApp,
  { stores, clock, tenant }: AdministratorsDependencies,
): void {
  app.post(
    "/administrators",
    {
      config,
      schema: {
        operationId: "addAdministrator",
        summary: "Adds an administrator; his token is in the answer and is not told again",
        tags,
        body: Type.Object(
          {
            name: Type.String({
              description: `1 to ${longestAdministratorName} characters; what he does is recorded under it.`,
            }),
            role: roleSchema,
          },
          { additionalProperties: false },
        ),
        response: {
          201: Type.Object(
            { ...fields, token: Type.String({ description: "Only its hash is kept." }) },
            { description: "The administrator, and his token." },
          ),
          ...problems(400, 403, 409, 413, 415),
        },
      },
    },
    async (request, reply) => {
      const result = await addAdministrator({ ...stores, clock }, tenant.id, request.body);
      if (result.outcome !== "added") {
        const { outcome, reason } = result;
        throw new ProblemError(outcome === "invalid" ? 400 : 409, reason, {
          errors: { name: reason },
        });
      }
      const { administrator, token } = result;
      const { name, role } = administrator;
      const by = request.administrator.name;
      request.log.info({ administrator: name, role, by }, "An administrator was added");
      reply.header("location", `/api/v1/administrators/${encodeURIComponent(name)}`);
      return reply.code(201).send({ ...present(administrator), token });
    },
  );
}

function addChangeRoute(app: AdminApp, { stores, tenant }: AdministratorsDependencies): void {
  app.patch(
    "/administrators/:name",
    {
      config,
      schema: {
        operationId: "changeAdministrator",
        summary: "Gives an administrator another role, at once",
        tags,
        params: nameParams,
        body: Type.Object({ role: roleSchema }, { additionalProperties: false }),
        response: { 200: administratorSchema, ...problems(400, 403, 404, 409, 413, 415) },
      },
    },
    async (request) => {
      const { name } = request.params;
      requireNotFirst(name);
      const found = await stores.administrators.find(tenant.id, name);
      if (found?.kind === "openid") {
        throw new ProblemError(409, "The OpenID provider says the role; change it there.");
      }
      const { role } = request.body;
      const changed = await stores.administrators.changeRole(tenant.id, name, role);
      if (changed === undefined) throw noSuchAdministrator();
      const by = request.administrator.name;
      request.log.info({ administrator: changed.name, role, by }, "An administrator was changed");
      return present(changed);
    },
  );
}

function addDeleteRoute(app: AdminApp, { stores, tenant }: AdministratorsDependencies): void {
  app.delete(
    "/administrators/:name",
    {
      config,
      schema: {
        operationId: "deleteAdministrator",
        summary: "Deletes an administrator; his token and his sessions end",
        tags,
        params: nameParams,
        response: {
          204: Type.Null({ description: "He is gone." }),
          ...problems(400, 403, 404, 409),
        },
      },
    },
    async (request, reply) => {
      const { name } = request.params;
      requireNotFirst(name);
      const removed = await stores.administrators.remove(tenant.id, name);
      await stores.administratorSessions.removeAll(tenant.id, name);
      if (!removed) throw noSuchAdministrator();
      const by = request.administrator.name;
      request.log.info({ administrator: name, by }, "An administrator was deleted");
      return reply.code(204).send(null);
    },
  );
}

function requireNotFirst(name: string): void {
  if (name.toLowerCase() !== firstAdministratorName) return;
  throw new ProblemError(409, "The first administrator is in the settings; change ADMIN_TOKEN.");
}

function noSuchAdministrator(): ProblemError {
  return new ProblemError(404, "There is no administrator of this name.");
}

function present(administrator: Administrator): Static<typeof administratorSchema> {
  const { name, role, kind, createdAtMilliseconds } = administrator;
  return { name, role, kind, createdAt: formatTime(createdAtMilliseconds) };
}
