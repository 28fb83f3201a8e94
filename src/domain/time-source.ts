/** The gateway's time as the rules need it: they ask for it and never wait. */
export interface TimeSource {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  nowMilliseconds(): number;
}

/** The gateway's time for those who also wait. */
export interface WaitingTimeSource extends TimeSource {
  /** Calls `action` once, `delayMilliseconds` from now, unless cancelled before. */
  schedule(delayMilliseconds: number, action: () => void): { cancel(): void };
}
