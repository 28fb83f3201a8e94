/** There is nowhere that a request could be sent to. */
export class NextHopError extends Error {
  readonly code = "NO_NEXT_HOP";

  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "NextHopError";
  }
}
