import {
  type BulkSignIn,
  type BulkSignInItem,
  bulkSignInEndsAtMilliseconds,
  failedItem,
  isAtWork,
} from "./bulk-sign-in.ts";
import type { BulkSignInRefusal } from "./judge-bulk-sign-in.ts";

/** How long a phone may take from the sign-in to its registration as the user. */
export const registrationPatienceMilliseconds = 15 * 60_000;

/** How a line ends whose phone did not come back; the sign-in itself stands. */
export function phoneNotRegistered({ username }: BulkSignInItem): BulkSignInRefusal {
  const minutes = registrationPatienceMilliseconds / 60_000;
  const reason =
    `Phone not registered: ${username} was signed in, but the phone did not register as this user within ` +
    `${minutes} minutes. Restart the phone: it finds its account when it next fetches its configuration.`;
  return { code: "phone-not-registered", reason };
}

/**
 * A batch as it stands at this time: one whose time is over, since its node was stopped, is at work
 * no more, and what was not done has failed.
 */
export function closeIfOver(batch: BulkSignIn, nowMilliseconds: number): BulkSignIn {
  if (!isAtWork(batch) || nowMilliseconds < bulkSignInEndsAtMilliseconds(batch)) return batch;
  const items = batch.items.map((item) => {
    if (item.status === "in-progress") return failedItem(item, phoneNotRegistered(item));
    return item.status === "queued" ? failedItem(item, interrupted) : item;
  });
  return { ...batch, items };
}

const interrupted: BulkSignInRefusal = {
  code: "batch-interrupted",
  reason:
    "Batch interrupted: the gateway was stopped, or its storage away, until the batch's time was over. " +
    "Upload this line again.",
};
