import { Type } from "typebox";
import {
  lastSampleUser,
  makeSampleUsers,
  mostSampleUsersAtOnce,
  type SampleUsersDependencies,
} from "../domain/sample-users.ts";
import type { AdminApp } from "./admin-dependencies.ts";
import { ProblemError } from "./problem.ts";
import { problems } from "./problem-schema.ts";

const requestSchema = Type.Object(
  {
    from: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: lastSampleUser,
        default: 1,
        description: "The first one's number.",
      }),
    ),
    count: Type.Integer({ minimum: 1, maximum: mostSampleUsersAtOnce }),
  },
  { additionalProperties: false },
);

const resultSchema = Type.Object(
  {
    users: Type.Array(
      Type.Object({
        user: Type.String({ description: "The user part of the AOR." }),
        domain: Type.String(),
        authenticationName: Type.String(),
        password: Type.String(),
      }),
    ),
  },
  { description: "The users who are signed in now." },
);

/** `POST /lab/sample-users`: signed-in users for load tests, in the laboratory only. */
export function addSampleUsersRoutes(
  app: AdminApp,
  dependencies: SampleUsersDependencies & { readonly lab: boolean },
): void {
  app.post(
    "/lab/sample-users",
    {
      schema: {
        operationId: "makeSampleUsers",
        summary: "Makes signed-in sample users for load tests; the same again changes nothing",
        tags: ["laboratory"],
        body: requestSchema,
        response: { 200: resultSchema, ...problems(400, 403, 413, 415) },
      },
    },
    async (request) => {
      if (!dependencies.lab) {
        throw new ProblemError(403, "Start the gateway with LAB=true to make sample users.");
      }
      const { from = 1, count } = request.body;
      if (from + count - 1 > lastSampleUser) {
        const detail = `The last sample user is ${lastSampleUser}.`;
        throw new ProblemError(400, detail, { errors: { count: detail } });
      }
      return { users: [...(await makeSampleUsers(dependencies, from, count))] };
    },
  );
}
