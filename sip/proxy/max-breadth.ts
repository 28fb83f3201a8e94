import type { SipRequest } from "../message/sip-message.ts";
import type { ForwardAttempt } from "./proxy-target.ts";

/** What a request without the header may be forked to at once (RFC 5393 §5.3.3). */
const defaultBreadth = 60;

/**
 * The Max-Breadth of each of `branches` copies that are sent at once: an equal share of what the
 * request may still be forked to (RFC 5393 §5.3.3).
 *
 * @returns 0 when there is not enough for each: the request is answered 440
 */
export function breadthPerBranch(request: SipRequest, branches: number): number {
  const value = Number(request.headers.get("Max-Breadth") ?? defaultBreadth);
  const breadth = Number.isInteger(value) && value >= 0 ? value : defaultBreadth;
  return Math.floor(breadth / Math.max(1, branches));
}

/**
 * The same attempt, whose later ones hold to the request's breadth too: one that is too wide is left
 * out. Attempts follow each other, so each may be as wide as the first (RFC 5393 §5.3.3).
 */
export function withinBreadth(request: SipRequest, attempt: ForwardAttempt): ForwardAttempt {
  const { onward } = attempt;
  if (onward === undefined) return attempt;
  return {
    ...attempt,
    onward: async (failed) => {
      const next = await onward(failed);
      if (next === undefined) return undefined;
      const widest = Math.max(1, ...next.targetGroups.map((group) => group.length));
      return breadthPerBranch(request, widest) > 0 ? withinBreadth(request, next) : undefined;
    },
  };
}
