import type { EnrollmentOutcome } from "../../domain/enroll-device.ts";

/** The final response that tells a technician what became of the code. */
export interface EnrollmentAnswer {
  readonly status: 403 | 410 | 484;
  readonly reason: string;
}

/** What is heard after any outcome but success: a status of its own, or a reason phrase of its own. */
export function enrollmentRefusal(
  outcome: Exclude<EnrollmentOutcome["outcome"], "enrolled">,
): EnrollmentAnswer {
  switch (outcome) {
    case "wrong":
      return { status: 403, reason: "Wrong verification code" };
    case "expired":
      return { status: 410, reason: "Verification code expired" };
    case "not-waiting":
      return { status: 403, reason: "Device is not waiting for activation" };
    case "locked":
      return { status: 403, reason: "Too many wrong codes" };
    case "incomplete":
      return { status: 484, reason: "Verification code incomplete" };
  }
}
