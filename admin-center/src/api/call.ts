import { ApiError } from "./api-error.ts";

/** What a call sends. */
export interface CallOptions {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is, of this type: a CSV file. */
  readonly file?: { readonly text: string | Blob; readonly type: string };
  readonly signal?: AbortSignal;
}

/** Told of a 401: the session is over. */
type SessionEnd = () => void;

let csrfToken: string | undefined;
let onSessionEnd: SessionEnd = () => {};

/** Set when a session begins: unsafe calls bear its token, and its end is told to `onEnd`. */
export function setSessionForCalls(token: string | undefined, onEnd: SessionEnd): void {
  csrfToken = token;
  onSessionEnd = onEnd;
}

/**
 * Calls the admin API below `/api/v1`.
 * @throws ApiError for every answer that is not a success, and when there is none
 */
export async function call<Result>(path: string, options: CallOptions = {}): Promise<Result> {
  const { method = "GET", body, file, signal } = options;
  const headers = new Headers({ accept: "application/json" });
  if (method !== "GET" && csrfToken !== undefined) headers.set("x-csrf-token", csrfToken);
  if (body !== undefined) headers.set("content-type", "application/json");
  if (file !== undefined) headers.set("content-type", file.type);
  const response = await send(path, {
    method,
    headers,
    credentials: "same-origin",
    cache: "no-store",
    body: file?.text ?? (body === undefined ? null : JSON.stringify(body)),
    ...(signal === undefined ? {} : { signal }),
  });
  if (!response.ok) throw await readProblem(response, path);
  return (response.status === 204 ? undefined : await readBody(response)) as Result;
}

async function send(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(`/api/v1${path}`, init);
  } catch (error) {
    if (init.signal?.aborted === true) throw error;
    throw new ApiError(0, "The gateway does not answer.");
  }
}

function readBody(response: Response): Promise<unknown> {
  const type = response.headers.get("content-type") ?? "";
  return type.includes("json") ? response.json() : response.text();
}

async function readProblem(response: Response, path: string): Promise<ApiError> {
  if (response.status === 401 && !path.startsWith("/session")) onSessionEnd();
  const problem = (await response.json().catch(() => ({}))) as {
    detail?: string;
    title?: string;
    errors?: Record<string, string>;
  };
  const retryAfter = Number(response.headers.get("retry-after") ?? Number.NaN);
  return new ApiError(
    response.status,
    problem.detail ?? problem.title ?? `The gateway answered ${response.status}.`,
    {
      ...(problem.errors === undefined ? {} : { errors: problem.errors }),
      ...(Number.isFinite(retryAfter) ? { retryAfterSeconds: retryAfter } : {}),
    },
  );
}
