/** A timer that can still be called off. */
export interface Timer {
  cancel(): void;
}

/**
 * The one source of time. Nothing else in the gateway asks the machine for the time or sets a
 * timer, so that tests and the laboratory can move it.
 */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  nowMilliseconds(): number;
  /** Calls `action` once, `delayMilliseconds` from now, unless cancelled before. */
  schedule(delayMilliseconds: number, action: () => void): Timer;
}

/** The machine's own time. */
export class SystemClock implements Clock {
  nowMilliseconds(): number {
    return Date.now();
  }

  schedule(delayMilliseconds: number, action: () => void): Timer {
    const handle = setTimeout(action, delayMilliseconds);
    return { cancel: () => clearTimeout(handle) };
  }
}
