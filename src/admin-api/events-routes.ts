import { Type } from "typebox";
import type { Tenant } from "../domain/tenant.ts";
import type { AdminApp } from "./admin-dependencies.ts";
import type { EventClients } from "./event-clients.ts";
import { ProblemError } from "./problem.ts";
import { problems } from "./problem-schema.ts";

/** `GET /events`: server-sent events (HTML Standard, §9.2). */
export function addEventsRoutes(
  app: AdminApp,
  { clients, tenant }: { readonly clients: EventClients; readonly tenant: Tenant },
): void {
  app.get(
    "/events",
    {
      schema: {
        operationId: "streamEvents",
        summary: "What changes, as it changes, as server-sent events",
        description:
          "Events are named device, registration, call and command. Their data is JSON: " +
          "{ type, at, subject, change }. subject is the MAC address, AOR, Call-ID or command id. " +
          "Delivery is best effort: after a reconnection, read anew what is shown.",
        tags: ["events"],
        response: {
          200: {
            description: "A stream that stays open; a comment every 15 seconds keeps it so.",
            content: { "text/event-stream": { schema: Type.String() } },
          },
          ...problems(),
        },
      },
    },
    (_request, reply) => {
      if (clients.isFull) {
        throw new ProblemError(503, "Too many event streams are open; close one.", {
          headers: { "retry-after": "30" },
        });
      }
      reply.hijack();
      clients.add(reply.raw, tenant.id);
    },
  );
}
