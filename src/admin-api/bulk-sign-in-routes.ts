import { Type } from "typebox";
import { bulkSignInLimits } from "../domain/bulk-sign-in.ts";
import { closeIfOver } from "../domain/close-bulk-sign-in.ts";
import { bulkSignInTemplate } from "../domain/read-bulk-sign-in-file.ts";
import { regionName } from "../domain/region.ts";
import type { AdminApp, AdminServerDependencies } from "./admin-dependencies.ts";
import {
  bulkSignInSchema,
  bulkSignInSummarySchema,
  presentBulkSignIn,
  presentBulkSignInSummary,
} from "./bulk-sign-in-schema.ts";
import { addCsvTemplateRoute } from "./csv-template-route.ts";
import { requireCursor } from "./page-cursor.ts";
import { ProblemError } from "./problem.ts";
import { problems } from "./problem-schema.ts";
import { pageLimits, pageOf, pageQuery } from "./schema-parts.ts";
import { takeCsvOnly } from "./take-csv-only.ts";

/** Largest file taken, in bytes: a hundred lines of the longest kind, and room to spare. */
export const bulkSignInLimitBytes = 1024 * 1024;

const tags = ["sign-in"];

type BulkSignInDependencies = Pick<
  AdminServerDependencies,
  "stores" | "clock" | "tenant" | "bulkSignIns"
>;

/** Signing users in on many devices by a file, without a pairing code (Microsoft, bulk sign-in). */
export function addBulkSignInRoutes(app: AdminApp, dependencies: BulkSignInDependencies): void {
  addCsvTemplateRoute(app, {
    path: "/bulk-sign-in/template.csv",
    operationId: "getBulkSignInTemplate",
    summary: "The file to fill in for a bulk sign-in",
    tags,
    fileName: "Template_BulkSignIn.csv",
    text: bulkSignInTemplate,
  });
  // In a scope of its own: no other call takes such a file.
  app.register(async (scope) => addBeginRoute(scope, dependencies));
  addListRoute(app, dependencies);
  addReadRoute(app, dependencies);
}

function addBeginRoute(scope: AdminApp, { tenant, bulkSignIns }: BulkSignInDependencies): void {
  const { itemsPerBatch, batchesAtOncePerRegion } = bulkSignInLimits;
  takeCsvOnly(scope, bulkSignInLimitBytes);
  scope.post(
    "/bulk-sign-in",
    {
      bodyLimit: bulkSignInLimitBytes,
      schema: {
        operationId: "beginBulkSignIn",
        summary: `Signs users in on the devices of a CSV file: Username,HardwareId; ${itemsPerBatch} lines at most`,
        description:
          "Each line is carried out by itself, in the background; bad ones fail and are told in the answer. " +
          "It must be enabled, the devices online and within trustedRanges. " +
          `${batchesAtOncePerRegion} batches at once in a region: 409 names those at work.`,
        tags,
        consumes: ["text/csv"],
        body: Type.String({
          examples: ["Username,HardwareId\r\nadele@contoso.example,80:5e:c0:aa:bb:cc\r\n"],
        }),
        response: { 202: bulkSignInSchema, ...problems(400, 409, 413, 415) },
      },
    },
    async (request, reply) => {
      const result = await bulkSignIns.begin(tenant.id, request.body, request.administrator.name);
      if (result.outcome === "busy") {
        const { ids, region } = result;
        const detail =
          `${ids.length} batches are at work in region ${regionName(region)}, as many as may: ` +
          `${ids.join(", ")}. Wait until one of them is completed.`;
        throw new ProblemError(409, detail, { headers: { "retry-after": "30" } });
      }
      const { batch } = result;
      return reply
        .code(202)
        .header("location", `/api/v1/bulk-sign-in/${batch.id}`)
        .send(presentBulkSignIn(batch));
    },
  );
}

function addListRoute(app: AdminApp, { stores, clock, tenant }: BulkSignInDependencies): void {
  app.get(
    "/bulk-sign-in",
    {
      schema: {
        operationId: "listBulkSignIns",
        summary: `The last ${bulkSignInLimits.batchesKept} batches, newest first`,
        tags,
        querystring: Type.Object(pageQuery, { additionalProperties: false }),
        response: { 200: pageOf(bulkSignInSummarySchema), ...problems(400) },
      },
    },
    async (request) => {
      requireCursor("bulkSignIns", request.query.cursor);
      const query = { limit: pageLimits.usual, ...request.query };
      const { items, nextCursor } = await stores.bulkSignIns.list(tenant.id, query);
      const now = clock.nowMilliseconds();
      const present = items.map((batch) => presentBulkSignInSummary(closeIfOver(batch, now)));
      return { items: present, nextCursor };
    },
  );
}

function addReadRoute(app: AdminApp, { stores, clock, tenant }: BulkSignInDependencies): void {
  app.get(
    "/bulk-sign-in/:id",
    {
      schema: {
        operationId: "getBulkSignIn",
        summary: "A batch, and how each of its lines stands",
        tags,
        params: Type.Object({ id: Type.String({ description: "As the 202 named it." }) }),
        response: { 200: bulkSignInSchema, ...problems(404) },
      },
    },
    async (request) => {
      const batch = await stores.bulkSignIns.find(tenant.id, request.params.id.toLowerCase());
      if (batch === undefined) {
        throw new ProblemError(404, "There is no such batch, or it was long ago.");
      }
      return presentBulkSignIn(closeIfOver(batch, clock.nowMilliseconds()));
    },
  );
}
