import type { InjectOptions } from "fastify";
import { type AdminFixture, type Answer, answerOf, token } from "./admin-fixture.ts";

/** Where the page of the tests' server is. */
export const pageOrigin = "http://localhost:80";

/** A browser's page in which an administrator is signed in. */
export interface PageSession {
  /** `NAME=VALUE`, as the browser sends it. */
  readonly cookie: string;
  /** The whole header that set it. */
  readonly setCookie: string;
  readonly csrfToken: string;
  /** What the sign-in answered. */
  readonly json: Record<string, string>;
  /** Sends what the page would: cookie, CSRF token and origin; a header that is undefined, not. */
  send(options: InjectOptions): Promise<Answer>;
}

/** Signs in to the page with a token. @throws Error unless that is answered 200 */
export async function openPage(fixture: AdminFixture, byToken = token): Promise<PageSession> {
  const { status, headers, json, text } = await signIn(fixture, byToken);
  if (status !== 200) throw new Error(text);
  const setCookie = String([headers["set-cookie"]].flat()[0]);
  const [cookie = ""] = setCookie.split(";");
  const csrfToken = String(json.csrfToken);
  const own = { cookie, origin: pageOrigin, "x-csrf-token": csrfToken };
  return {
    ...{ cookie, setCookie, csrfToken, json },
    send: (options) => {
      const headers = Object.entries({ ...own, ...options.headers });
      const given = headers.filter(([, value]) => value !== undefined);
      return sendRaw(fixture, { ...options, headers: Object.fromEntries(given) });
    },
  };
}

/** Tries to sign in to the page. */
export function signIn(
  fixture: AdminFixture,
  byToken: string,
  more: InjectOptions = {},
): Promise<Answer> {
  return sendRaw(fixture, {
    method: "POST",
    url: "/api/v1/session",
    payload: { token: byToken },
    headers: { origin: pageOrigin },
    ...more,
  });
}

/** Sends a request as it is, without the fixture's token. */
export async function sendRaw({ server }: AdminFixture, options: InjectOptions): Promise<Answer> {
  return answerOf(await server.app.inject(options));
}

/** Adds an administrator. @returns his token */
export async function addAdministrator(
  fixture: AdminFixture,
  name: string,
  role: string,
): Promise<string> {
  const payload = { name, role };
  const answer = await fixture.call({ method: "POST", url: "/api/v1/administrators", payload });
  if (answer.status !== 201) throw new Error(answer.text);
  return answer.json.token;
}
