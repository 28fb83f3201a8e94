import { Type } from "typebox";
import type { AdminApp, CallSource, ListedCall } from "./admin-dependencies.ts";
import { ProblemError } from "./problem.ts";
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
      const start = readCursor(cursor);
      const listed = calls.list();
      const end = start + limit;
      return {
        items: listed.slice(start, end).map(presentCall),
        nextCursor: end < listed.length ? String(end) : null,
      };
    },
  );
}

function readCursor(cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  if (/^[0-9]{1,9}$/.test(cursor)) return Number(cursor);
  const detail = "This is no cursor of a page before.";
  throw new ProblemError(400, detail, { errors: { cursor: detail } });
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
