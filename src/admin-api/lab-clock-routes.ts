import { Type } from "typebox";
import type { AdminApp } from "./admin-dependencies.ts";
import { ProblemError } from "./problem.ts";
import { problems } from "./problem-schema.ts";

/** Furthest that one call moves the time: a year. */
const mostSeconds = 366 * 24 * 60 * 60;

/** `POST /lab/clock/advance`: moves the gateway's time, in the laboratory only. */
export function addLabClockRoutes(
  app: AdminApp,
  dependencies: {
    /** Moves the time by milliseconds and returns the time it then is; undefined outside the laboratory. */
    readonly advanceClock: ((milliseconds: number) => number) | undefined;
  },
): void {
  app.post(
    "/lab/clock/advance",
    {
      schema: {
        operationId: "advanceClock",
        summary: "Moves the gateway's time forward; what falls due by it happens at once",
        tags: ["laboratory"],
        body: Type.Object(
          { seconds: Type.Number({ exclusiveMinimum: 0, maximum: mostSeconds }) },
          { additionalProperties: false },
        ),
        response: {
          200: Type.Object(
            {
              now: Type.String({ format: "date-time", description: "The gateway's time." }),
            },
            { description: "The time was moved." },
          ),
          ...problems(400, 403, 413, 415),
        },
      },
    },
    async (request) => {
      if (dependencies.advanceClock === undefined) {
        throw new ProblemError(403, "Start the gateway with LAB=true to move its time.");
      }
      const now = dependencies.advanceClock(request.body.seconds * 1000);
      return { now: new Date(now).toISOString() };
    },
  );
}
