import { Type } from "typebox";
import type { AdminApp, CallSource, ListedCall } from "./admin-dependencies.ts";
import { requireCursor } from "./page-cursor.ts";
import { problems } from "./problem-schema.ts";
import {
  formatTime,
  formatTimeOrNull,
  nullable,
  pageLimits,
  pageOf,
  pageQuery,
  timeSchema,
} from "./schema-parts.ts";

const callSchema = Type.Object({
  callId: Type.String(),
  from: Type.String(),
  to: Type.String(),
  kind: Type.String({ examples: ["user", "trunk", "emergency", "activation", "feature-code"] }),
  answeredBy: nullable(
    Type.String(),
    "The user whose phone answered: another one than `to` where the call was forwarded.",
  ),
  startedAt: timeSchema,
  answeredAt: nullable(timeSchema),
  endedAt: nullable(timeSchema, "Null while it lasts."),
  status: nullable(Type.Integer(), "The final status of the INVITE; null while it rings."),
  end: nullable(Type.String(), "How it ended; null while it lasts."),
});

/** `GET /calls`. */
export function addCallsRoutes(app: AdminApp, { calls }: { readonly calls: CallSource }): void {
  app.get(
    "/calls",
    {
      schema: {
        operationId: "listCalls",
        summary: "Calls in progress on this node, then the last ones, newest first in each",
        tags: ["calls"],
        querystring: Type.Object(pageQuery, { additionalProperties: false }),
        response: { 200: pageOf(callSchema), ...problems(400) },
      },
    },
    async (request) => {
      const { limit = pageLimits.usual, cursor } = request.query;
      requireCursor("calls", cursor);
      const start = Number(cursor ?? 0);
      const listed = calls.list();
      const end = start + limit;
      return {
        items: listed.slice(start, end).map(presentCall),
        nextCursor: end < listed.length ? String(end) : null,
      };
    },
  );
}

function presentCall(call: ListedCall) {
  return {
    callId: call.callId,
    from: call.from,
    to: call.to,
    kind: call.kind,
    answeredBy: call.answeredBy,
    startedAt: formatTime(call.startedAtMilliseconds),
    answeredAt: formatTimeOrNull(call.answeredAtMilliseconds),
    endedAt: formatTimeOrNull(call.endedAtMilliseconds),
    status: call.status,
    end: call.end,
  };
}
