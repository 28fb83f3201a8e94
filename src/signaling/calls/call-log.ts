import type { Clock } from "../../../sip/clock.ts";

/** How many ended calls are remembered, and how many can be in progress on one node's list. */
export const callLogLimits = { endedKept: 200, mostInProgress: 50_000 } as const;

/** How a call ended. */
export type CallEnd = "completed" | "busy" | "no-answer" | "cancelled" | "refused" | "failed";

/** One call as an administrator sees it. */
export interface CallRecord {
  readonly callId: string;
  /** Canonical AOR of the caller. */
  readonly from: string;
  /** What was called: an AOR, or the number as dialled. Never a verification code. */
  readonly to: string;
  readonly kind: "user" | "trunk" | "emergency" | "activation";
  readonly startedAtMilliseconds: number;
  readonly answeredAtMilliseconds: number | null;
  readonly endedAtMilliseconds: number | null;
  /** The final status of the INVITE; null while it rings. */
  readonly status: number | null;
  readonly end: CallEnd | null;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Told when calls begin and end. */
export interface CallListener {
  callStarted(call: CallRecord): void;
  callEnded(call: CallRecord): void;
}

/** Calls in progress on this node and the last ones that ended, in bounded memory. */
export class CallLog {
  readonly #inProgress = new Map<string, Mutable<CallRecord>>();
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
      startedAtMilliseconds: this.#clock.nowMilliseconds(),
      answeredAtMilliseconds: null,
      endedAtMilliseconds: null,
      status: null,
      end: null,
    };
    this.#inProgress.set(call.callId, record);
    this.#listener.callStarted(record);
  }

  /** The INVITE was answered 2xx. */
  answered(callId: string, status: number): void {
    const call = this.#inProgress.get(callId);
    if (call === undefined || call.answeredAtMilliseconds !== null) return;
    call.answeredAtMilliseconds = this.#clock.nowMilliseconds();
    call.status = status;
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
    call.endedAtMilliseconds = this.#clock.nowMilliseconds();
    call.end = end;
    if (this.#ended.length >= callLogLimits.endedKept) this.#ended.shift();
    this.#ended.push(call);
    this.#listener.callEnded(call);
  }

  /** A phone that vanished never says BYE: its call must not be listed for ever. */
  #endOldest(): void {
    const oldest = this.#inProgress.values().next();
    if (oldest.done !== true) this.#finish(oldest.value, "failed");
  }
}

function endOfStatus(status: number): CallEnd {
  if (status === 486 || status === 600) return "busy";
  if (status === 487) return "cancelled";
  if (status === 408 || status === 480) return "no-answer";
  return status === 403 || status === 603 ? "refused" : "failed";
}
