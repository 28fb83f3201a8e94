import type { CallRecord } from "../../api/call-types.ts";

/** How a call stands or how it ended; its words are below `calls.standing`. */
export const callStandings = [
  "ringing",
  "talking",
  "completed",
  "busy",
  "no-answer",
  "cancelled",
  "refused",
  "failed",
] as const;

export type CallStanding = (typeof callStandings)[number];

/** Kinds of calls; their words are below `calls.kind`. */
export const callKinds = ["user", "trunk", "emergency", "activation", "feature-code"] as const;

/** How a call stands; undefined where the gateway tells an end that this page does not know. */
export function callStanding({
  answeredAt,
  endedAt,
  end,
}: Pick<CallRecord, "answeredAt" | "endedAt" | "end">): CallStanding | undefined {
  if (endedAt === null) return answeredAt === null ? "ringing" : "talking";
  return callStandings.find((standing) => standing === end);
}

/** What the page shows of the calls. */
export const callFilters = ["all", "in-progress", "unsuccessful"] as const;

export type CallFilter = (typeof callFilters)[number];

/** Whether a filter shows a call. Busy, no answer and cancelled are how calls go: they did not fail. */
export function passesCallFilter(call: CallRecord, filter: CallFilter): boolean {
  switch (filter) {
    case "all":
      return true;
    case "in-progress":
      return call.endedAt === null;
    case "unsuccessful":
      return call.end === "refused" || call.end === "failed";
  }
}

/** `+14255550101` of `sip:+14255550101@contoso.example`; what has no user part stays as it is. */
export function partyName(aor: string): string {
  const user = /^sips?:([^@;]+)@/.exec(aor)?.[1];
  return user ?? aor;
}

/**
 * Seconds that were talked.
 * @param nowMilliseconds for calls in progress
 * @returns undefined where nobody answered
 */
export function talkedSeconds(
  { answeredAt, endedAt }: Pick<CallRecord, "answeredAt" | "endedAt">,
  nowMilliseconds: number,
): number | undefined {
  if (answeredAt === null) return undefined;
  const until = endedAt === null ? nowMilliseconds : Date.parse(endedAt);
  return Math.max(0, Math.floor((until - Date.parse(answeredAt)) / 1000));
}
