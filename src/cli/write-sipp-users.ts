import { open } from "node:fs/promises";

/** What to make and where. */
export interface SippUsersRequest {
  /** The admin center: `http://127.0.0.1:8081`. */
  readonly url: string;
  readonly token: string;
  readonly count: number;
  /** The file that is written; it holds passwords and is for its owner only. */
  readonly out: string;
}

/** The gateway made no users; the message says why and what to do. */
export class SippUsersError extends Error {
  readonly code = "SIPP_USERS";
}

const usersAtOnce = 5000;

/**
 * Makes sample users in the running gateway and writes them as a SIPp injection file:
 * `SEQUENTIAL`, then `user;domain;[authentication username=USER password=PASSWORD]`.
 * @throws SippUsersError when the gateway is not there or refuses
 */
export async function writeSippUsers(request: SippUsersRequest): Promise<void> {
  const first = await makeUsers(request, 1, Math.min(usersAtOnce, request.count));
  const file = await open(request.out, "w", 0o600);
  try {
    await file.write(`SEQUENTIAL\n${first.map(sippLine).join("")}`);
    for (let made = first.length; made < request.count; made += usersAtOnce) {
      const users = await makeUsers(request, made + 1, Math.min(usersAtOnce, request.count - made));
      await file.write(users.map(sippLine).join(""));
    }
  } finally {
    await file.close();
  }
}

interface SampleUser {
  readonly user: string;
  readonly domain: string;
  readonly authenticationName: string;
  readonly password: string;
}

function sippLine({ user, domain, authenticationName, password }: SampleUser): string {
  return `${user};${domain};[authentication username=${authenticationName} password=${password}]\n`;
}

async function makeUsers(
  { url, token }: SippUsersRequest,
  from: number,
  count: number,
): Promise<readonly SampleUser[]> {
  const response = await fetch(new URL("/api/v1/lab/sample-users", url), {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ from, count }),
  }).catch((cause: unknown) => {
    throw new SippUsersError(`No gateway answers at ${url}; start it, or name another by --url.`, {
      cause,
    });
  });
  const body: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw new SippUsersError(refusal(response.status, body));
  if (!hasUsers(body)) throw new SippUsersError(`What answers at ${url} is no SIP Gateway.`);
  return body.users;
}

function refusal(status: number, body: unknown): string {
  const isProblem = typeof body === "object" && body !== null && "detail" in body;
  return `The gateway refused (${status}): ${isProblem ? String(body.detail) : "no reason given"}`;
}

function hasUsers(body: unknown): body is { readonly users: readonly SampleUser[] } {
  return typeof body === "object" && body !== null && "users" in body && Array.isArray(body.users);
}
