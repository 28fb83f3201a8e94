import { ProblemError } from "./problem.ts";

/** What the `nextCursor` of each list looks like; on either storage. */
export const cursorForms = {
  /** A MAC address. */
  devices: /^[0-9a-f]{12}$/,
  /** A UPN, in lower case. */
  users: /^[^\s\p{C}\p{Lu}]+@[^\s\p{C}\p{Lu}@]+$/u,
  /** How many bindings of an AOR were shown, and the AOR. */
  registrations: /^[0-9]{1,6} sips?:[^\p{C}]+$/u,
  /** A number, or the id of a stream's entry. */
  events: /^[0-9]{1,20}(-[0-9]{1,20})?$/,
  /** A number; Redis writes it as a score. */
  bulkSignIns: /^[0-9]{1,15}$/,
  /** How many were shown. */
  calls: /^[0-9]{1,9}$/,
} as const;

/**
 * Refuses a cursor that no page of this list can have given: taken for a place in the list, it would
 * show a page that means nothing.
 * @throws ProblemError 400, naming `cursor`
 */
export function requireCursor(list: keyof typeof cursorForms, cursor: string | undefined): void {
  if (cursor === undefined || cursorForms[list].test(cursor)) return;
  const detail = "This is no cursor of a page before: give a page's nextCursor as it is.";
  throw new ProblemError(400, detail, { errors: { cursor: detail } });
}
