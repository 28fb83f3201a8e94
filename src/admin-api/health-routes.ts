import { Type } from "typebox";
import type { AdminApp, AdminServerDependencies } from "./admin-dependencies.ts";
import { problems } from "./problem-schema.ts";

const readinessSchema = Type.Object(
  {
    ready: Type.Boolean(),
    checks: Type.Array(
      Type.Object({ name: Type.String({ examples: ["storage"] }), ok: Type.Boolean() }),
    ),
  },
  { description: "What works; 503 when something does not." },
);

/** `/healthz` and `/readyz`: open to all, and telling nothing but yes or no. */
export function addHealthRoutes(
  app: AdminApp,
  { readiness }: Pick<AdminServerDependencies, "readiness">,
): void {
  app.get(
    "/healthz",
    {
      schema: {
        operationId: "getLiveness",
        summary: "Whether the process lives",
        tags: ["operation"],
        security: [],
        response: {
          200: Type.Object({ status: Type.Literal("alive") }, { description: "It lives." }),
        },
      },
    },
    async () => ({ status: "alive" as const }),
  );
  app.get(
    "/readyz",
    {
      schema: {
        operationId: "getReadiness",
        summary: "Whether the storage answers and SIP listens",
        tags: ["operation"],
        security: [],
        response: { 200: readinessSchema, 503: readinessSchema },
      },
    },
    async (_request, reply) => {
      const { ready, checks } = await readiness();
      return reply.code(ready ? 200 : 503).send({ ready, checks: [...checks] });
    },
  );
}

/** `/metrics`, behind the token. */
export function addMetricsRoute(
  app: AdminApp,
  { metrics }: Pick<AdminServerDependencies, "metrics">,
): void {
  app.get(
    "/metrics",
    {
      schema: {
        operationId: "getMetrics",
        summary: "Prometheus' text",
        tags: ["operation"],
        response: {
          200: {
            description: "Prometheus' exposition format.",
            content: { "text/plain": { schema: Type.String() } },
          },
          ...problems(),
        },
      },
    },
    async (_request, reply) => {
      const { contentType, text } = await metrics.render();
      return reply.type(contentType).send(text);
    },
  );
}
