import type { FastifyRequest } from "fastify";
import {
  type AdministratorAccess,
  areEqual,
  type KnownAdministrator,
} from "../domain/administrator-access.ts";
import { ProblemError } from "./problem.ts";
import { setAdministrator } from "./request-administrator.ts";
import { isSameOrigin } from "./same-origin.ts";
import { sessionIdOf } from "./session-cookie.ts";
import type { WrongTokenBrake } from "./wrong-token-brake.ts";

const challenge = 'Bearer realm="sip-gateway"';

/** The header in which a page sends its session's token against forged requests, in lower case. */
const csrfHeader = "x-csrf-token";

/** What callers are judged by. */
export interface AuthenticatorOptions {
  readonly access: AdministratorAccess;
  readonly brake: WrongTokenBrake;
  /** Origin under which browsers reach the server; null: the one they say in Host. */
  readonly publicUrl: string | null;
}

/** Finds out who calls: by `Authorization: Bearer TOKEN` (RFC 6750 §2.1) or by a session's cookie. */
export class Authenticator {
  readonly #options: AuthenticatorOptions;

  constructor(options: AuthenticatorOptions) {
    this.#options = options;
  }

  /** A hook that notes who calls. @throws ProblemError 401, 403 or 429 */
  readonly authenticate = async (request: FastifyRequest): Promise<void> => {
    const { authorization } = request.headers;
    const sessionId = sessionIdOf(request);
    if (authorization === undefined && sessionId !== undefined) {
      return this.#authenticateSession(request, sessionId);
    }
    const token = bearerToken(authorization);
    if (token === undefined) {
      throw new ProblemError(401, "Send the administrator's token: Authorization: Bearer TOKEN.", {
        headers: { "www-authenticate": challenge },
      });
    }
    setAdministrator(request, await this.requireToken(request, token));
  };

  /** Whose token this is. @throws ProblemError 401, or 429 after too many wrong ones */
  async requireToken(request: FastifyRequest, token: string): Promise<KnownAdministrator> {
    const { access, brake } = this.#options;
    const administrator = await access.byToken(token);
    if (administrator !== undefined) return administrator;
    const waitSeconds = brake.countWrong(request.ip);
    if (waitSeconds > 0) {
      throw new ProblemError(429, "Too many wrong tokens from this address; wait.", {
        headers: { "retry-after": String(waitSeconds) },
      });
    }
    request.log.warn({ address: request.ip }, "A wrong administrator token was brought");
    throw new ProblemError(401, "The token is wrong.", {
      headers: { "www-authenticate": `${challenge}, error="invalid_token"` },
    });
  }

  /** A question that can be asked later: whether the token or session that a request brought holds still. */
  holdsLater(request: FastifyRequest): () => Promise<boolean> {
    const { access } = this.#options;
    const token = bearerToken(request.headers.authorization);
    const sessionId = sessionIdOf(request) ?? "";
    if (token === undefined) return () => access.sessionHolds(sessionId);
    return async () => (await access.byToken(token)) !== undefined;
  }

  async #authenticateSession(request: FastifyRequest, sessionId: string): Promise<void> {
    const session = await this.#options.access.bySession(sessionId);
    if (session === undefined) {
      throw new ProblemError(401, "The session has ended; sign in again.", {
        headers: { "www-authenticate": challenge },
      });
    }
    if (request.method !== "GET" && request.method !== "HEAD") {
      this.#requireOwnPage(request, session.csrfToken);
    }
    setAdministrator(request, session.administrator);
  }

  /** A browser sends cookies with whatever page's request; the rest only our own page can send. */
  #requireOwnPage(request: FastifyRequest, csrfToken: string): void {
    if (!isSameOrigin(request, this.#options.publicUrl)) {
      throw new ProblemError(
        403,
        "With a session's cookie, changes come from this server's own page. Behind a proxy, set ADMIN_PUBLIC_URL to the address in the browser.",
      );
    }
    const given = request.headers[csrfHeader];
    if (typeof given === "string" && areEqual(given, csrfToken)) return;
    throw new ProblemError(
      403,
      "With a session's cookie, changes need its token in the header X-CSRF-Token; GET /api/v1/session tells it.",
    );
  }
}

function bearerToken(header: string | undefined): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(header ?? "")?.[1];
}
