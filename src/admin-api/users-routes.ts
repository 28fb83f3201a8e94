import { Type } from "typebox";
import { assignPolicyToUser } from "../domain/assign-policy.ts";
import type { Enforcer } from "../domain/enforcer.ts";
import { putUser } from "../domain/put-user.ts";
import { removeUser } from "../domain/remove-user.ts";
import type { Stores } from "../domain/stores.ts";
import type { TellPhone } from "../domain/tell-phone.ts";
import type { Tenant } from "../domain/tenant.ts";
import type { TimeSource } from "../domain/time-source.ts";
import type { AdminApp } from "./admin-dependencies.ts";
import { requireCursor } from "./page-cursor.ts";
import { ProblemError } from "./problem.ts";
import { problems } from "./problem-schema.ts";
import { publishChange } from "./publish-change.ts";
import { requireSameName } from "./require-same-name.ts";
import { pageLimits, pageOf, pageQuery } from "./schema-parts.ts";
import { presentUser, upnParams, userInput, userReference } from "./user-schema.ts";

/** What the users' calls need. */
export interface UsersDependencies {
  readonly stores: Stores;
  readonly clock: TimeSource;
  readonly tenant: Tenant;
  readonly tellPhone: TellPhone;
  /** Told after a user was written. */
  readonly enforcer: Pick<Enforcer, "userChanged">;
}

const tags = ["users"];

/** Listing, reading, writing and deleting users. */
export function addUsersRoutes(app: AdminApp, dependencies: UsersDependencies): void {
  addListRoute(app, dependencies);
  addReadRoute(app, dependencies);
  addWriteRoute(app, dependencies);
  addDeleteRoute(app, dependencies);
}

function addListRoute(app: AdminApp, { stores, tenant }: UsersDependencies): void {
  app.get(
    "/users",
    {
      schema: {
        operationId: "listUsers",
        summary: "The tenant's users, in the order of their user principal names",
        tags,
        querystring: Type.Object(
          {
            search: Type.Optional(
              Type.String({ maxLength: 100, description: "Part of UPN, name or phone number." }),
            ),
            ...pageQuery,
          },
          { additionalProperties: false },
        ),
        response: { 200: pageOf(userReference), ...problems(400) },
      },
    },
    async (request) => {
      requireCursor("users", request.query.cursor);
      const query = { limit: pageLimits.usual, ...request.query };
      const page = await stores.users.list(tenant.id, query);
      return { items: page.items.map(presentUser), nextCursor: page.nextCursor };
    },
  );
}

function addReadRoute(app: AdminApp, { stores, tenant }: UsersDependencies): void {
  app.get(
    "/users/:upn",
    {
      schema: {
        operationId: "getUser",
        summary: "One user",
        tags,
        params: upnParams,
        response: { 200: userReference, ...problems(404) },
      },
    },
    async (request) => {
      const user = await stores.users.find(tenant.id, request.params.upn.toLowerCase());
      if (user === undefined) throw noSuchUser();
      return presentUser(user);
    },
  );
}

function addWriteRoute(app: AdminApp, dependencies: UsersDependencies): void {
  const { stores, clock, tenant, enforcer } = dependencies;
  app.put(
    "/users/:upn",
    {
      schema: {
        operationId: "putUser",
        summary: "Writes a user; who loses number or permission by it is signed out",
        tags,
        params: upnParams,
        body: userInput,
        response: {
          200: userReference,
          201: Type.Unsafe<ReturnType<typeof presentUser>>(
            Type.Ref("User", { description: "The user, who is new." }),
          ),
          ...problems(400, 409, 413, 415),
        },
      },
    },
    async (request, reply) => {
      const { upn } = request.params;
      requireSameName("upn", upn, request.body.upn);
      const result = await putUser(stores, tenant.id, { ...request.body, upn });
      if (result.outcome === "invalid") {
        const fields = Object.keys(result.faults).join(", ");
        throw new ProblemError(400, `The user is not as described: ${fields}.`, {
          errors: result.faults,
        });
      }
      if (result.outcome === "number-taken") {
        const detail = `This phone number is ${result.upn}'s.`;
        throw new ProblemError(409, detail, { errors: { phoneNumber: detail } });
      }
      // Before the answer: what is acknowledged reaches the phones, also after a crash.
      const devices = await assignPolicyToUser({ ...stores, clock }, tenant.id, result.user);
      enforcer.userChanged(tenant.id, result.user.upn);
      const change = result.outcome === "created" ? "created" : "changed";
      publishChange(dependencies, { type: "user", subject: result.user.upn, change });
      for (const { macAddress } of devices) {
        publishChange(dependencies, { type: "device", subject: macAddress, change: "assigned" });
      }
      return reply.code(result.outcome === "created" ? 201 : 200).send(presentUser(result.user));
    },
  );
}

function addDeleteRoute(app: AdminApp, dependencies: UsersDependencies): void {
  const { stores, clock, tenant, tellPhone } = dependencies;
  app.delete(
    "/users/:upn",
    {
      schema: {
        operationId: "deleteUser",
        summary: "Signs a user out on every device and deletes the user",
        tags,
        params: upnParams,
        response: { 204: Type.Null({ description: "The user is gone." }), ...problems(404, 409) },
      },
    },
    async (request, reply) => {
      const upn = request.params.upn.toLowerCase();
      const needs = { ...stores, clock };
      if (!(await removeUser(needs, tenant.id, upn, request.administrator.name, tellPhone))) {
        throw noSuchUser();
      }
      publishChange(dependencies, { type: "user", subject: upn, change: "deleted" });
      return reply.code(204).send(null);
    },
  );
}

function noSuchUser(): ProblemError {
  return new ProblemError(404, "There is no user with this user principal name.");
}
