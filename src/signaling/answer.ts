import { buildResponse } from "../../sip/message/build-response.ts";
import type { ServerTransaction } from "../../sip/transaction/transaction-layer.ts";
import type { ExtraHeaders } from "./stateless-replies.ts";

/** Whether a final response was sent: an earlier one of ours, or 487 to a CANCEL. */
export function isAnswered({ state }: ServerTransaction): boolean {
  return state !== "trying" && state !== "proceeding";
}

/** Answers a transaction with a final response of our own. */
export function answer(
  transaction: ServerTransaction,
  status: number,
  reason?: string,
  headers: ExtraHeaders = [],
): void {
  const { request, toTag } = transaction;
  transaction.respond(buildResponse(request, status, reason, { toTag, headers }));
}
