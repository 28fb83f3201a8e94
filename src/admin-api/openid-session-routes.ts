import type { FastifyReply, FastifyRequest } from "fastify";
import { Type } from "typebox";
import type { AdministratorAccess } from "../domain/administrator-access.ts";
import {
  type AdministratorIdentityProvider,
  enterAdministrator,
  type PendingAdministratorSignIn,
} from "../domain/administrator-sign-in.ts";
import { IdentityProviderError } from "../domain/sign-in.ts";
import type { Stores } from "../domain/stores.ts";
import type { Tenant } from "../domain/tenant.ts";
import type { TimeSource } from "../domain/time-source.ts";
import type { AdminApp } from "./admin-dependencies.ts";
import { ProblemError } from "./problem.ts";
import { problems } from "./problem-schema.ts";
import { cookieOptions, setSessionCookie } from "./session-cookie.ts";

/** What the calls on signing in through OpenID need. */
export interface OpenIdSessionDependencies {
  readonly access: AdministratorAccess;
  readonly stores: Stores;
  readonly clock: TimeSource;
  readonly tenant: Tenant;
  readonly publicUrl: string | null;
  /** Undefined where no OpenID provider is set. */
  readonly administratorIdentity: AdministratorIdentityProvider | undefined;
}

/** Holds what a browser keeps while its administrator is at the provider. */
const pendingCookieName = "sip-gateway-sign-in";
const pendingCookiePath = "/api/v1/session";
const pendingSeconds = 600;

/** Why nobody was signed in, as the page is told it in its address: `/?sign-in-failed=no-role`. */
const failures = [
  "refused",
  "unavailable",
  "stale",
  "no-role",
  "bad-name",
  "name-taken",
  "full",
] as const;

const redirectSchema = {
  303: Type.Null({
    description: `To the page or the provider; where it failed, to /?sign-in-failed= and one of ${failures.join(", ")}.`,
  }),
  ...problems(404),
};

/** Signing in to the page through OpenID: two addresses that a browser is sent to. */
export function addOpenIdSessionRoutes(
  app: AdminApp,
  dependencies: OpenIdSessionDependencies,
): void {
  app.get(
    "/session/openid",
    {
      schema: {
        operationId: "beginOpenIdSignIn",
        summary: "Sends the browser to the OpenID provider",
        tags: ["session"],
        security: [],
        response: redirectSchema,
      },
    },
    async (request, reply) => reply.redirect(await begin(dependencies, request, reply), 303),
  );
  app.get(
    "/session/callback",
    {
      schema: {
        operationId: "finishOpenIdSignIn",
        summary: "Where the OpenID provider sends the browser back to; a session begins",
        tags: ["session"],
        security: [],
        response: redirectSchema,
      },
    },
    async (request, reply) => reply.redirect(await finish(dependencies, request, reply), 303),
  );
}

/** @returns where the browser goes */
async function begin(
  dependencies: OpenIdSessionDependencies,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<string> {
  try {
    const { url, pending } = await providerOf(dependencies).begin();
    reply.setCookie(pendingCookieName, encodePending(pending), {
      ...cookieOptions(request, dependencies.publicUrl),
      // Strict would keep it from the way back, which begins on the provider's page.
      sameSite: "lax",
      path: pendingCookiePath,
      maxAge: pendingSeconds,
    });
    return url;
  } catch (error) {
    if (!(error instanceof IdentityProviderError)) throw error;
    request.log.warn({ err: error }, "An administrator could not be sent to sign in");
    return failed("unavailable");
  }
}

/** @returns where the browser goes */
async function finish(
  dependencies: OpenIdSessionDependencies,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<string> {
  const provider = providerOf(dependencies);
  const pending = decodePending(request.cookies[pendingCookieName]);
  reply.clearCookie(pendingCookieName, { path: pendingCookiePath });
  if (pending === undefined) return failed("stale");
  const answer = await provider.finish(queryOf(request), pending);
  if (answer.outcome !== "granted") {
    request.log.warn({ reason: answer.reason }, "An administrator was not signed in");
    return failed(answer.outcome);
  }
  const { access, stores, clock, tenant, publicUrl } = dependencies;
  const entered = await enterAdministrator({ ...stores, clock }, tenant.id, answer);
  if (entered.outcome !== "entered") {
    const { outcome } = entered;
    request.log.warn({ user: answer.name, outcome }, "An administrator was not signed in");
    return failed(outcome);
  }
  const { administrator } = entered;
  const session = await access.openSession(administrator);
  setSessionCookie(request, reply, session.id, publicUrl);
  request.log.info({ administrator: administrator.name }, "An administrator signed in");
  return "/";
}

function providerOf(dependencies: OpenIdSessionDependencies): AdministratorIdentityProvider {
  const { administratorIdentity } = dependencies;
  if (administratorIdentity !== undefined) return administratorIdentity;
  throw new ProblemError(404, "No OpenID provider is set; sign in with a token.");
}

function failed(why: (typeof failures)[number]): string {
  return `/?sign-in-failed=${why}`;
}

function queryOf({ url }: FastifyRequest): string {
  const start = url.indexOf("?");
  return start < 0 ? "?" : url.slice(start);
}

function encodePending({ state, nonce, codeVerifier }: PendingAdministratorSignIn): string {
  return `${state}.${nonce}.${codeVerifier}`;
}

function decodePending(text: string | undefined): PendingAdministratorSignIn | undefined {
  const match = /^([\w-]{16,128})\.([\w-]{16,128})\.([\w-]{43,128})$/.exec(text ?? "");
  const [, state, nonce, codeVerifier] = match ?? [];
  if (state === undefined || nonce === undefined || codeVerifier === undefined) return undefined;
  return { state, nonce, codeVerifier };
}
