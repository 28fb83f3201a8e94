import { type Static, Type } from "typebox";
import type { TimeSource } from "../domain/time-source.ts";
import type { AdminApp } from "./admin-dependencies.ts";
import type { NodeActivity, NodeActivityPoint, NodeSource } from "./node-source.ts";
import { problems } from "./problem-schema.ts";
import { formatTime, nullable, timeSchema } from "./schema-parts.ts";

const counts = {
  registrations: Type.Integer({ description: "REGISTER requests that made or kept a binding." }),
  registrationFailures: Type.Integer({
    description:
      "REGISTER requests that were refused, malformed or not served; a challenge is none.",
  }),
  calls: Type.Integer({ description: "Calls that ended, dialled codes among them." }),
  callFailures: Type.Integer({
    description: "Those refused or failed; busy, no answer and cancelled are none.",
  }),
  enrollments: Type.Integer({ description: "Verification codes that enrolled a phone." }),
  enrollmentFailures: Type.Integer({ description: "Verification codes that enrolled none." }),
  provisioningRequests: Type.Integer({ description: "HTTP requests of phones." }),
  provisioningRefusals: Type.Integer({
    description: "Those answered 401, 403, 429 or 5xx; a 404 is what phones expect of many files.",
  }),
};

const statisticsSchema = Type.Object(
  {
    nodeId: Type.String({ description: "The node that answers; the numbers are its own." }),
    startedAt: timeSchema,
    now: timeSchema,
    intervalSeconds: Type.Integer({ description: "How long the interval of each point is." }),
    points: Type.Array(
      Type.Object({
        at: Type.String({ format: "date-time", description: "The end of the interval." }),
        ...counts,
        bindings: nullable(
          Type.Integer(),
          "Live registrations at the end, on all nodes; null when the storage did not say.",
        ),
        callsInProgress: Type.Integer({ description: "Calls that rang or talked at the end." }),
      }),
      { description: "Oldest first; none in the first minute or five after a start." },
    ),
    totals: Type.Object(counts, { description: "Since the start." }),
    callsInProgress: Type.Integer({ description: "Calls that ring or talk now." }),
  },
  { description: "What this node did." },
);

/** `GET /statistics`: numbers over time, for charts. */
export function addStatisticsRoute(
  app: AdminApp,
  { node, clock }: { readonly node: NodeSource; readonly clock: TimeSource },
): void {
  app.get(
    "/statistics",
    {
      schema: {
        operationId: "getStatistics",
        summary: "What this node did, interval by interval, since it started",
        description:
          "Each node counts what came to it and forgets it when it stops. For all nodes and for " +
          "longer, have Prometheus read /metrics.",
        tags: ["operation"],
        querystring: Type.Object(
          {
            window: Type.Optional(
              Type.Enum(["hour", "day"], {
                default: "hour",
                description: "hour: 60 points of a minute; day: 288 points of five minutes.",
              }),
            ),
          },
          { additionalProperties: false },
        ),
        response: { 200: statisticsSchema, ...problems(400) },
      },
    },
    async (request): Promise<Static<typeof statisticsSchema>> => {
      const { intervalSeconds, points } = node.activity(request.query.window ?? "hour");
      return {
        nodeId: node.nodeId,
        startedAt: formatTime(node.startedAtMilliseconds),
        now: formatTime(clock.nowMilliseconds()),
        intervalSeconds,
        points: points.map(presentPoint),
        totals: presentCounts(node.activityTotals()),
        callsInProgress: node.callsInProgress(),
      };
    },
  );
}

function presentPoint(point: NodeActivityPoint) {
  return {
    at: formatTime(point.atMilliseconds),
    ...presentCounts(point),
    bindings: point.bindings,
    callsInProgress: point.callsInProgress,
  };
}

function presentCounts(activity: NodeActivity): NodeActivity {
  return {
    registrations: activity.registrations,
    registrationFailures: activity.registrationFailures,
    calls: activity.calls,
    callFailures: activity.callFailures,
    enrollments: activity.enrollments,
    enrollmentFailures: activity.enrollmentFailures,
    provisioningRequests: activity.provisioningRequests,
    provisioningRefusals: activity.provisioningRefusals,
  };
}
