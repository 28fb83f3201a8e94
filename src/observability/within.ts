/** Time as waiting with a bound needs it. */
export interface Timekeeper {
  nowMilliseconds(): number;
  schedule(delayMilliseconds: number, action: () => void): { cancel(): void };
}

/** What was asked did not answer in time. */
export class DeadlineError extends Error {
  readonly code = "DEADLINE";

  constructor(milliseconds: number) {
    super(`No answer within ${milliseconds} ms.`);
    this.name = "DeadlineError";
  }
}

/**
 * The work's result, if it comes in time.
 * @throws DeadlineError when it does not; what it then still does is nobody's
 */
export function within<Result>(
  time: Timekeeper,
  milliseconds: number,
  work: () => Promise<Result>,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const timer = time.schedule(milliseconds, () => reject(new DeadlineError(milliseconds)));
    work()
      .then(resolve, reject)
      .finally(() => timer.cancel());
  });
}
