import { Type } from "typebox";
import type { AdminApp } from "./admin-dependencies.ts";
import { problems } from "./problem-schema.ts";

/** `GET /openapi.json`: made of the routes' schemas, so that it says what they do. */
export function addOpenapiRoute(app: AdminApp): void {
  app.get(
    "/openapi.json",
    {
      schema: {
        operationId: "getOpenapi",
        summary: "This document",
        tags: ["operation"],
        response: {
          200: Type.Object({}, { additionalProperties: true, description: "OpenAPI 3.1." }),
          ...problems(),
        },
      },
    },
    async (_request, reply) =>
      // As text: its keys are no fields of a schema.
      reply.type("application/json; charset=utf-8").send(app.swagger() as object),
  );
}
