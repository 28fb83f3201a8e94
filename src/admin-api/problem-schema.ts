import { Type } from "typebox";

/** The problem document in the OpenAPI document (RFC 9457). */
export const problemSchema = Type.Object(
  {
    type: Type.String({ description: "about:blank: the title says it all." }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String({ description: "What was wrong and what to do." }),
    errors: Type.Optional(
      Type.Record(Type.String(), Type.String(), { description: "What is wrong, by field." }),
    ),
  },
  { $id: "Problem" },
);

const meanings = {
  400: "The request is not as described; `errors` names the fields.",
  401: "The token is missing or wrong, or the session has ended.",
  403: "The administrator's role, a session's CSRF check or this gateway does not allow it.",
  404: "There is no such thing.",
  409: "It cannot be done in the present state.",
  413: "The body is too large.",
  415: "This Content-Type is not taken.",
  429: "Too many wrong tokens from this address; see Retry-After.",
  500: "Something unexpected went wrong.",
  502: "The identity provider failed; try again.",
  503: "The storage does not answer, or too much is asked; see Retry-After.",
} as const;

export type ProblemStatus = keyof typeof meanings;

/** The error answers that every call behind the token can have. */
const everywhere: readonly ProblemStatus[] = [401, 403, 429, 500, 503];

/** Error answers for a route's `response`: those given, and those that every call can have. */
export function problems(...statuses: readonly ProblemStatus[]): Record<string, object> {
  return Object.fromEntries(
    [...new Set([...statuses, ...everywhere])].sort().map((status) => [
      status,
      {
        description: meanings[status],
        content: { "application/problem+json": { schema: Type.Ref("Problem") } },
      },
    ]),
  );
}
