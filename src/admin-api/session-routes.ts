import { type Static, Type } from "typebox";
import { administratorRoles } from "../domain/administrator.ts";
import type { AdministratorAccess, LiveSession } from "../domain/administrator-access.ts";
import type { AdminApp } from "./admin-dependencies.ts";
import type { Authenticator } from "./authenticate.ts";
import { ProblemError } from "./problem.ts";
import { problems } from "./problem-schema.ts";
import { isSameOrigin, saysItsOrigin } from "./same-origin.ts";
import { formatTime, timeSchema } from "./schema-parts.ts";
import { clearSessionCookie, sessionIdOf, setSessionCookie } from "./session-cookie.ts";

/** What the calls on sessions need. */
export interface SessionDependencies {
  readonly access: AdministratorAccess;
  readonly authenticator: Authenticator;
  /** Origin under which browsers reach the server; null: the one they say in Host. */
  readonly publicUrl: string | null;
  /** Whether an OpenID provider signs administrators in. */
  readonly openid: boolean;
}

const tags = ["session"];

/** A body of this call holds a token and nothing else. */
const bodyLimitBytes = 4096;

const sessionSchema = Type.Object(
  {
    name: Type.String({ examples: ["admin"] }),
    role: Type.Enum([...administratorRoles]),
    expiresAt: timeSchema,
    csrfToken: Type.String({ description: "For the header X-CSRF-Token of every change." }),
  },
  { description: "The session of this browser; expiresAt is when it ends if it is not used." },
);

/** Calls on sessions that a browser without one makes. */
export function addOpenSessionRoutes(app: AdminApp, dependencies: SessionDependencies): void {
  addOpenRoute(app, dependencies);
  app.get(
    "/session/methods",
    {
      schema: {
        operationId: "listSignInMethods",
        summary: "How administrators can sign in to the page",
        tags,
        security: [],
        response: {
          200: Type.Object(
            { token: Type.Literal(true), openid: Type.Boolean() },
            { description: "Which of them are there." },
          ),
        },
      },
    },
    async () => ({ token: true as const, openid: dependencies.openid }),
  );
}

function addOpenRoute(
  app: AdminApp,
  { access, authenticator, publicUrl }: SessionDependencies,
): void {
  app.post(
    "/session",
    {
      bodyLimit: bodyLimitBytes,
      schema: {
        operationId: "openSession",
        summary: "Begins a browser's session: its id comes as a cookie that scripts do not see",
        tags,
        security: [],
        body: Type.Object(
          { token: Type.String({ minLength: 1, maxLength: 256 }) },
          { additionalProperties: false },
        ),
        response: { 200: sessionSchema, ...problems(400, 403, 413, 415) },
      },
    },
    async (request, reply) => {
      // Otherwise another site could sign its own administrator in, and have him work for it.
      if (saysItsOrigin(request) && !isSameOrigin(request, publicUrl)) {
        throw new ProblemError(403, "Sessions are begun from this server's own page.");
      }
      const administrator = await authenticator.requireToken(request, request.body.token);
      const session = await access.openSession(administrator);
      setSessionCookie(request, reply, session.id, publicUrl);
      request.log.info({ administrator: administrator.name }, "An administrator signed in");
      return presentSession(session);
    },
  );
}

/** Calls on the session that a browser has. */
export function addOwnSessionRoutes(app: AdminApp, { access }: SessionDependencies): void {
  app.get(
    "/session",
    {
      schema: {
        operationId: "getSession",
        summary: "Who is signed in in this browser; 401 without a session",
        tags,
        response: { 200: sessionSchema, ...problems() },
      },
    },
    async (request) => {
      const session = await access.bySession(sessionIdOf(request) ?? "");
      if (session === undefined) throw new ProblemError(401, "This call brings no session.");
      return presentSession(session);
    },
  );
  app.delete(
    "/session",
    {
      config: { role: "reader" },
      schema: {
        operationId: "closeSession",
        summary: "Ends this browser's session",
        tags,
        response: { 204: Type.Null({ description: "It has ended." }), ...problems() },
      },
    },
    async (request, reply) => {
      await access.closeSession(sessionIdOf(request) ?? "");
      clearSessionCookie(reply);
      return reply.code(204).send(null);
    },
  );
}

function presentSession(session: LiveSession): Static<typeof sessionSchema> {
  const { name, role } = session.administrator;
  const expiresAt = formatTime(session.expiresAtMilliseconds);
  return { name, role, expiresAt, csrfToken: session.csrfToken };
}
