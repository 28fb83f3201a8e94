/** What this node has done since it started: numbers that only grow. */
export interface ActivityTotals {
  /** REGISTER requests that made or refreshed a binding. */
  readonly registrations: number;
  /** REGISTER requests that were refused, malformed, or could not be served; a challenge is none. */
  readonly registrationFailures: number;
  /** Calls that ended, feature codes and verification codes among them. */
  readonly calls: number;
  /** Those of them that were refused or failed; busy, no answer and cancelled are none. */
  readonly callFailures: number;
  readonly enrollments: number;
  /** Verification codes given that enrolled nothing. */
  readonly enrollmentFailures: number;
  /** HTTP requests of phones. */
  readonly provisioningRequests: number;
  /** Those answered 401, 403, 429 or 5xx; a 404 is what phones expect of files that there are not. */
  readonly provisioningRefusals: number;
}

/** Nothing done yet. */
export const noActivity: ActivityTotals = {
  registrations: 0,
  registrationFailures: 0,
  calls: 0,
  callFailures: 0,
  enrollments: 0,
  enrollmentFailures: 0,
  provisioningRequests: 0,
  provisioningRefusals: 0,
};

/** What was done between two readings. */
export function activityBetween(earlier: ActivityTotals, later: ActivityTotals): ActivityTotals {
  return combine(later, earlier, (now, then) => now - then);
}

/** Both together. */
export function activityOfBoth(one: ActivityTotals, other: ActivityTotals): ActivityTotals {
  return combine(one, other, (left, right) => left + right);
}

function combine(
  one: ActivityTotals,
  other: ActivityTotals,
  join: (left: number, right: number) => number,
): ActivityTotals {
  return {
    registrations: join(one.registrations, other.registrations),
    registrationFailures: join(one.registrationFailures, other.registrationFailures),
    calls: join(one.calls, other.calls),
    callFailures: join(one.callFailures, other.callFailures),
    enrollments: join(one.enrollments, other.enrollments),
    enrollmentFailures: join(one.enrollmentFailures, other.enrollmentFailures),
    provisioningRequests: join(one.provisioningRequests, other.provisioningRequests),
    provisioningRefusals: join(one.provisioningRefusals, other.provisioningRefusals),
  };
}

/** A REGISTER that counts as a failure, by its outcome. */
const failedRegistrations: ReadonlySet<string> = new Set([
  "refused",
  "invalid",
  "unavailable",
  "overloaded",
]);
const failedCalls: ReadonlySet<string> = new Set(["refused", "failed"]);
const refusals: ReadonlySet<string> = new Set(["401", "403", "429"]);

/** Reads the totals from counters, each of which sums up those of its series that it is asked for. */
export function readActivityTotals(counters: {
  readonly registrations: OutcomeCounter;
  readonly calls: OutcomeCounter;
  readonly enrollments: OutcomeCounter;
  /** Its second label is the status. */
  readonly provisioning: OutcomeCounter;
}): ActivityTotals {
  const { registrations, calls, enrollments, provisioning } = counters;
  const enrolled = enrollments.sum((outcome) => outcome === "enrolled");
  return {
    registrations: registrations.sum((outcome) => outcome === "accepted"),
    registrationFailures: registrations.sum((outcome) => failedRegistrations.has(outcome)),
    calls: calls.sum(() => true),
    callFailures: calls.sum((end) => failedCalls.has(end)),
    enrollments: enrolled,
    enrollmentFailures: enrollments.sum(() => true) - enrolled,
    provisioningRequests: provisioning.sum(() => true),
    provisioningRefusals: provisioning.sum((_, status) => isRefusal(status)),
  };
}

/** A counter that adds up those of its series whose labels are asked for. */
export interface OutcomeCounter {
  sum(isCounted: (left: string, right: string) => boolean): number;
}

function isRefusal(status: string): boolean {
  return refusals.has(status) || status.startsWith("5");
}
