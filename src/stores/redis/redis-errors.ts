import { StoreUnavailableError } from "../../domain/stores.ts";

/** Replies that speak of the command and not of the server's condition: a fault of ours. */
const faultOfOurs = /^(ERR|WRONGTYPE|CROSSSLOT|NOSCRIPT) /;

/**
 * Takes the command's arguments out of an error, which ioredis puts there: they hold accounts,
 * codes and passwords, and errors end up in logs.
 */
export function withoutArguments(error: unknown): unknown {
  if (error instanceof Error && "command" in error) delete error.command;
  return error;
}

/** Turns a failure of connection or server into a StoreUnavailableError; faults of ours stay what they are. */
export function asStoreError(error: unknown): unknown {
  withoutArguments(error);
  if (error instanceof Error && error.name === "ReplyError" && faultOfOurs.test(error.message)) {
    return error;
  }
  return error instanceof StoreUnavailableError ? error : new StoreUnavailableError(error);
}

/** The Redis that `REDIS_URL` names did not answer at the start. */
export class RedisUnreachableError extends Error {
  readonly code = "REDIS_UNREACHABLE";

  constructor(target: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(
      `Redis at ${target} does not answer (${reason}). ` +
        "Start it, correct REDIS_URL, or unset it to keep the data in DATA_DIR.",
      { cause },
    );
    this.name = "RedisUnreachableError";
  }
}
