import { Type } from "typebox";
import type { Enforcer } from "../domain/enforcer.ts";
import { putPolicy } from "../domain/put-policy.ts";
import { removePolicy } from "../domain/remove-policy.ts";
import type { Stores } from "../domain/stores.ts";
import type { Tenant } from "../domain/tenant.ts";
import type { TimeSource } from "../domain/time-source.ts";
import type { AdminApp } from "./admin-dependencies.ts";
import { policyInput, policyReference, presentPolicy } from "./policy-schema.ts";
import { ProblemError } from "./problem.ts";
import { problems } from "./problem-schema.ts";
import { publishChange } from "./publish-change.ts";
import { requireSameName } from "./require-same-name.ts";
import { nullable } from "./schema-parts.ts";

/** What the calling policies' calls need. */
export interface PoliciesDependencies {
  readonly stores: Stores;
  readonly clock: TimeSource;
  readonly tenant: Tenant;
  /** Told after a policy changed. */
  readonly enforcer: Pick<Enforcer, "policyChanged">;
}

const tags = ["calling policies"];

const nameParams = Type.Object({
  name: Type.String({ description: "In any case.", examples: ["Global"] }),
});

/** Listing, reading, writing and deleting calling policies. */
export function addPoliciesRoutes(app: AdminApp, dependencies: PoliciesDependencies): void {
  addListRoute(app, dependencies);
  addReadRoute(app, dependencies);
  addWriteRoute(app, dependencies);
  addDeleteRoute(app, dependencies);
}

function addListRoute(app: AdminApp, { stores, tenant }: PoliciesDependencies): void {
  app.get(
    "/calling-policies",
    {
      schema: {
        operationId: "listCallingPolicies",
        summary: "All calling policies, by name, on one page",
        tags,
        response: {
          200: Type.Object(
            {
              items: Type.Array(policyReference),
              nextCursor: nullable(Type.String(), "Always null."),
            },
            { description: "All of them." },
          ),
          ...problems(),
        },
      },
    },
    async () => {
      const policies = await stores.callingPolicies.list(tenant.id);
      return { items: policies.map(presentPolicy), nextCursor: null };
    },
  );
}

function addReadRoute(app: AdminApp, { stores, tenant }: PoliciesDependencies): void {
  app.get(
    "/calling-policies/:name",
    {
      schema: {
        operationId: "getCallingPolicy",
        summary: "One calling policy",
        tags,
        params: nameParams,
        response: { 200: policyReference, ...problems(404) },
      },
    },
    async (request) => {
      const policy = await stores.callingPolicies.find(tenant.id, request.params.name);
      if (policy === undefined) throw noSuchPolicy();
      return presentPolicy(policy);
    },
  );
}

function addWriteRoute(app: AdminApp, dependencies: PoliciesDependencies): void {
  const { stores, clock, tenant, enforcer } = dependencies;
  app.put(
    "/calling-policies/:name",
    {
      schema: {
        operationId: "putCallingPolicy",
        summary: "Writes a calling policy; its version counts up when a setting changes",
        description:
          "A setting that is left out stays as it is; in a new policy, as on first start.",
        tags,
        params: nameParams,
        body: policyInput,
        response: {
          200: policyReference,
          201: Type.Unsafe<ReturnType<typeof presentPolicy>>(
            Type.Ref("CallingPolicy", { description: "The policy, which is new." }),
          ),
          ...problems(400, 413, 415),
        },
      },
    },
    async (request, reply) => {
      const { name } = request.params;
      const { name: sameName, version: _version, changedAt: _at, ...given } = request.body;
      requireSameName("name", name, sameName);
      const result = await putPolicy({ ...stores, clock }, tenant.id, { name, settings: given });
      if (result.outcome === "invalid") {
        throw new ProblemError(400, result.reason, { errors: { name: result.reason } });
      }
      const { outcome, policy } = result;
      if (outcome === "changed") enforcer.policyChanged(tenant.id, policy.name);
      if (outcome !== "unchanged") {
        publishChange(dependencies, { type: "policy", subject: policy.name, change: outcome });
      }
      return reply.code(outcome === "created" ? 201 : 200).send(presentPolicy(policy));
    },
  );
}

function addDeleteRoute(app: AdminApp, dependencies: PoliciesDependencies): void {
  const { stores, tenant } = dependencies;
  app.delete(
    "/calling-policies/:name",
    {
      schema: {
        operationId: "deleteCallingPolicy",
        summary: "Deletes a calling policy that no user has; never Global",
        tags,
        params: nameParams,
        response: { 204: Type.Null({ description: "It is gone." }), ...problems(404, 409) },
      },
    },
    async (request, reply) => {
      const { name } = request.params;
      const result = await removePolicy(stores, tenant.id, name);
      switch (result.outcome) {
        case "removed":
          publishChange(dependencies, { type: "policy", subject: name, change: "deleted" });
          return reply.code(204).send(null);
        case "not-found":
          throw noSuchPolicy();
        case "global":
          throw new ProblemError(409, "Global is for users who are given no other; it stays.");
        case "in-use": {
          const whose = result.users === 1 ? "1 user has" : `${result.users} users have`;
          throw new ProblemError(409, `${whose} this policy; give them another first.`);
        }
      }
    },
  );
}

function noSuchPolicy(): ProblemError {
  return new ProblemError(404, "There is no calling policy of this name.");
}
