import type { Clock } from "../../../sip/clock.ts";

/** How many ended calls are remembered, and how many can be in progress on one node's list. */
export const callLogLimits = { endedKept: 200, mostInProgress: 50_000 } as const;

/**
 * How old a call may be to make its parties busy: the BYE of a phone that lost power never comes, and
 * must not keep its user from being called for longer.
 */
const busyForMilliseconds = 60 * 60 * 1000;

/** How a call ended. */
export type CallEnd = "completed" | "busy" | "no-answer" | "cancelled" | "refused" | "failed";

/** One call as an administrator sees it. */
export interface CallRecord {
  readonly callId: string;
  /** Canonical AOR of the caller. */
  readonly from: string;
  /** What was called: an AOR, or the number as dialled. Never a verification code. */
  readonly to: string;
  readonly kind: "user" | "trunk" | "emergency" | "activation" | "feature-code";
  /** AOR of the user whose phone answered, who may be another one than was called; null where it is none of ours. */
  readonly answeredBy: string | null;
  readonly startedAtMilliseconds: number;
  readonly answeredAtMilliseconds: number | null;
  readonly endedAtMilliseconds: number | null;
  /** The final status of the INVITE; null while it rings. */
  readonly status: number | null;
  readonly end: CallEnd | null;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Told when calls begin, are answered and end. */
export interface CallListener {
  callStarted(call: CallRecord): void;
  callAnswered(call: CallRecord): void;
  callEnded(call: CallRecord): void;
}

/** Calls in progress on this node and the last ones that ended, in bounded memory. */
export class CallLog {
  readonly #inProgress = new Map<string, Mutable<CallRecord>>();
  /** The Call-IDs of the calls that a user has made or taken, by AOR. */
  readonly #callsOf = new Map<string, Set<string>>();
  readonly #ended: CallRecord[] = [];
  readonly #clock: Clock;
  readonly #listener: CallListener;

  constructor(clock: Clock, listener: CallListener) {
    this.#clock = clock;
    this.#listener = listener;
  }

  /** How many calls ring or talk now. */
  get inProgress(): number {
    return this.#inProgress.size;
  }

  start(call: Pick<CallRecord, "callId" | "from" | "to" | "kind">): void {
    const former = this.#inProgress.get(call.callId);
    if (former !== undefined) this.#finish(former, "failed");
    if (this.#inProgress.size >= callLogLimits.mostInProgress) this.#endOldest();
    const record = {
      ...call,
      answeredBy: null,
      startedAtMilliseconds: this.#clock.nowMilliseconds(),
      answeredAtMilliseconds: null,
      endedAtMilliseconds: null,
      status: null,
      end: null,
    };
    this.#inProgress.set(call.callId, record);
    if (isConversation(record)) this.#join(call.from, call.callId);
    this.#listener.callStarted(record);
  }

  /** Whether a user has made, or answered, a call that still lasts; one to an emergency number keeps nobody from calling back. */
  isInCall(aor: string): boolean {
    const since = this.#clock.nowMilliseconds() - busyForMilliseconds;
    for (const callId of this.#callsOf.get(aor) ?? []) {
      const call = this.#inProgress.get(callId);
      if (call !== undefined && call.startedAtMilliseconds > since) return true;
    }
    return false;
  }

  /** The INVITE was answered 2xx; `by` is the AOR of the user who did, where he is one of ours. */
  answered(callId: string, status: number, by?: string): void {
    const call = this.#inProgress.get(callId);
    if (call === undefined || call.answeredAtMilliseconds !== null) return;
    call.answeredAtMilliseconds = this.#clock.nowMilliseconds();
    call.status = status;
    if (by !== undefined) {
      call.answeredBy = by;
      this.#join(by, callId);
    }
    this.#listener.callAnswered(call);
  }

  /** The INVITE was answered with a final failure. */
  failed(callId: string, status: number): void {
    const call = this.#inProgress.get(callId);
    if (call === undefined || call.answeredAtMilliseconds !== null) return;
    call.status = status;
    this.#finish(call, endOfStatus(status));
  }

  /** BYE was answered, or the dialog was given up. */
  ended(callId: string): void {
    const call = this.#inProgress.get(callId);
    if (call === undefined) return;
    this.#finish(call, call.answeredAtMilliseconds === null ? "cancelled" : "completed");
  }

  /** Calls in progress, then ended ones, newest first in each. */
  list(): readonly CallRecord[] {
    const copies = [...this.#inProgress.values()].reverse().map((call) => ({ ...call }));
    return [...copies, ...[...this.#ended].reverse()];
  }

  #finish(call: Mutable<CallRecord>, end: CallEnd): void {
    this.#inProgress.delete(call.callId);
    this.#leave(call.from, call.callId);
    if (call.answeredBy !== null) this.#leave(call.answeredBy, call.callId);
    call.endedAtMilliseconds = this.#clock.nowMilliseconds();
    call.end = end;
    if (this.#ended.length >= callLogLimits.endedKept) this.#ended.shift();
    this.#ended.push(call);
    this.#listener.callEnded(call);
  }

  #join(aor: string, callId: string): void {
    const calls = this.#callsOf.get(aor) ?? new Set();
    this.#callsOf.set(aor, calls.add(callId));
  }

  #leave(aor: string, callId: string): void {
    const calls = this.#callsOf.get(aor);
    calls?.delete(callId);
    if (calls?.size === 0) this.#callsOf.delete(aor);
  }

  /** A phone that vanished never says BYE: its call must not be listed for ever. */
  #endOldest(): void {
    const oldest = this.#inProgress.values().next();
    if (oldest.done !== true) this.#finish(oldest.value, "failed");
  }
}

function isConversation({ kind }: CallRecord): boolean {
  return kind === "user" || kind === "trunk";
}

function endOfStatus(status: number): CallEnd {
  if (status === 486 || status === 600) return "busy";
  if (status === 487) return "cancelled";
  if (status === 408 || status === 480) return "no-answer";
  return status === 403 || status === 603 ? "refused" : "failed";
}
