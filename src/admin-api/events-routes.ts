import { Type } from "typebox";
import type { Tenant } from "../domain/tenant.ts";
import type { AdminApp } from "./admin-dependencies.ts";
import type { Authenticator } from "./authenticate.ts";
import type { EventClients } from "./event-clients.ts";
import { ProblemError } from "./problem.ts";
import { problems } from "./problem-schema.ts";

/** What the stream of events needs. */
export interface EventsDependencies {
  readonly clients: EventClients;
  readonly tenant: Tenant;
  /** Asked whether who listens still may. */
  readonly authenticator: Authenticator;
}

/** `GET /events`: server-sent events (HTML Standard, §9.2). */
export function addEventsRoutes(
  app: AdminApp,
  { clients, tenant, authenticator }: EventsDependencies,
): void {
  app.get(
    "/events",
    {
      schema: {
        operationId: "streamEvents",
        summary: "What changes, as it changes, as server-sent events",
        description:
          "Events are named device, registration, call, command, user and policy. Their data is JSON: " +
          "{ type, at, subject, change }. subject is the MAC address, AOR, Call-ID, command id, user " +
          "principal name or name of the calling policy. " +
          "Delivery is best effort: after a reconnection, read anew what is shown. The stream ends " +
          "within 15 seconds of the token or session that it was opened with.",
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
    (request, reply) => {
      if (clients.isFull) {
        throw new ProblemError(503, "Too many event streams are open; close one.", {
          headers: { "retry-after": "30" },
        });
      }
      reply.hijack();
      clients.add(reply.raw, tenant.id, authenticator.holdsLater(request));
    },
  );
}
