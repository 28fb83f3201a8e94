/** The timers that are set anew for every branch, named as in RFC 3261 table 4 and RFC 6026. */
export type TimerName =
  | "A"
  | "B"
  | "D"
  | "E"
  | "F"
  | "G"
  | "H"
  | "I"
  | "J"
  | "K"
  | "L"
  | "M"
  /** An INVITE that its user leaves unanswered gets a 100 (§17.2.1). */
  | "trying"
  /** A cancelled INVITE that gets no final response is given up (§9.1). */
  | "cancelled"
  /** A server transaction whose client must have given up (§17.1.2.2, RFC 4320 §4.2). */
  | "expiry";

/**
 * Every duration of the transaction layer in milliseconds, for transports that lose messages;
 * where RFC 3261 table 4 says 0 for reliable ones, the state machines set no timer.
 */
export type TimerValues = Readonly<Record<TimerName, number>> & {
  /** The estimated round trip, first retransmission interval. */
  readonly T1: number;
  /** The longest interval between retransmissions, except those of INVITE. */
  readonly T2: number;
  /** How long a message may stay in the network. */
  readonly T4: number;
  /** A proxy's patience with a branch that rings: more than three minutes (§16.6 step 11). */
  readonly C: number;
};

/**
 * All timers that follow from T1, T2 and T4 (milliseconds; RFC 3261 table 4, RFC 6026 §8).
 *
 * @param timerC longer than 180,000 in operation
 */
export function timerValuesFrom(T1: number, T2: number, T4: number, timerC: number): TimerValues {
  const lifetime = 64 * T1;
  return {
    T1,
    T2,
    T4,
    A: T1,
    B: lifetime,
    C: timerC,
    D: Math.max(32_000, lifetime),
    E: T1,
    F: lifetime,
    G: T1,
    H: lifetime,
    I: T4,
    J: lifetime,
    K: T4,
    L: lifetime,
    M: lifetime,
    trying: 200,
    cancelled: lifetime,
    expiry: lifetime,
  };
}

/** RFC 3261 table 4's defaults; Timer C ends a branch that rings for three minutes and a bit. */
export const defaultTimerValues: TimerValues = timerValuesFrom(500, 4_000, 5_000, 185_000);
