import { type Static, Type } from "typebox";
import { type ConditionalAccess, gatewayAddresses } from "../domain/conditional-access.ts";
import { blockedAddresses } from "../domain/judge-sign-in.ts";
import { mostAccessEntries, putConditionalAccess } from "../domain/put-conditional-access.ts";
import { regionIds } from "../domain/region.ts";
import type { Stores } from "../domain/stores.ts";
import type { Tenant } from "../domain/tenant.ts";
import type { AdminApp } from "./admin-dependencies.ts";
import { ProblemError } from "./problem.ts";
import { problems } from "./problem-schema.ts";

const tags = ["conditional access"];

const entries = { maxItems: mostAccessEntries };
const written = {
  enabled: Type.Boolean({ description: "False: no sign-in is blocked." }),
  trustedRanges: Type.Array(Type.String({ maxLength: 64, examples: ["203.0.113.0/24"] }), {
    ...entries,
    description:
      "Networks that sign-ins may come from, as CIDR. Phones must be in one of them for a bulk sign-in, whether the rule is enabled or not.",
  }),
  excludedAddresses: Type.Array(Type.String({ maxLength: 64, examples: ["52.170.38.140"] }), {
    ...entries,
    description: "Gateway addresses that the rule does not apply to.",
  }),
};

const ruleSchema = Type.Object(
  {
    ...written,
    gatewayAddresses: Type.Record(Type.String(), Type.Array(Type.String()), {
      description: "Where the gateway signs in from, by region. Read only.",
    }),
    missingAddresses: Type.Array(
      Type.Object({ region: Type.Enum([...regionIds]), address: Type.String() }),
      {
        description:
          "Those of them that the rule blocks, neither trusted nor excluded: nobody can be signed in through them. Read only.",
      },
    ),
  },
  { description: "The rule as it now stands." },
);

const ruleInput = Type.Object(
  {
    enabled: written.enabled,
    trustedRanges: Type.Optional(written.trustedRanges),
    excludedAddresses: Type.Optional(written.excludedAddresses),
    gatewayAddresses: Type.Optional(
      Type.Unknown({ description: "Ignored: what a GET told can be sent back." }),
    ),
    missingAddresses: Type.Optional(Type.Unknown({ description: "Ignored likewise." })),
  },
  { additionalProperties: false },
);

/** `GET` and `PUT /conditional-access`. */
export function addConditionalAccessRoutes(
  app: AdminApp,
  { stores, tenant }: { readonly stores: Stores; readonly tenant: Tenant },
): void {
  app.get(
    "/conditional-access",
    {
      schema: {
        operationId: "getConditionalAccess",
        summary: "Which networks sign-ins may come from",
        tags,
        response: { 200: ruleSchema, ...problems() },
      },
    },
    async () => presentRule(await stores.conditionalAccess.find(tenant.id)),
  );
  app.put(
    "/conditional-access",
    {
      schema: {
        operationId: "putConditionalAccess",
        summary: "Writes which networks sign-ins may come from; a list left out is emptied",
        tags,
        body: ruleInput,
        response: { 200: ruleSchema, ...problems(400, 413, 415) },
      },
    },
    async (request) => {
      const { enabled, trustedRanges = [], excludedAddresses = [] } = request.body;
      const rule = { tenantId: tenant.id, enabled, trustedRanges, excludedAddresses };
      const result = await putConditionalAccess(stores.conditionalAccess, rule);
      if (result.outcome === "written") return presentRule(result.rule);
      const fields = Object.keys(result.faults).join(", ");
      throw new ProblemError(400, `The rule is not as described: ${fields}.`, {
        errors: result.faults,
      });
    },
  );
}

function presentRule(rule: ConditionalAccess): Static<typeof ruleSchema> {
  return {
    enabled: rule.enabled,
    trustedRanges: [...rule.trustedRanges],
    excludedAddresses: [...rule.excludedAddresses],
    gatewayAddresses: Object.fromEntries(regionIds.map((id) => [id, [...gatewayAddresses[id]]])),
    missingAddresses: regionIds.flatMap((region) =>
      blockedAddresses(rule, region).map((address) => ({ region, address })),
    ),
  };
}
