/** What the gateway said to a call that failed (RFC 9457), or that it could not be reached. */
export class ApiError extends Error {
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  /** What is wrong, by field of the input. */
  readonly errors: Readonly<Record<string, string>>;
  /** Seconds to wait before trying again; undefined when it said none. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    status: number,
    detail: string,
    options: { errors?: Readonly<Record<string, string>>; retryAfterSeconds?: number } = {},
  ) {
    super(detail);
    this.name = "ApiError";
    this.status = status;
    this.errors = options.errors ?? {};
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** Any failure as an ApiError, so that pages show one kind. */
export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  return new ApiError(0, error instanceof Error ? error.message : String(error));
}
