import { buildResponse } from "../../../sip/message/build-response.ts";
import type { ServerTransaction } from "../../../sip/transaction/transaction-layer.ts";
import type { Dialog } from "../../../sip/user-agent/dialog.ts";

/**
 * Answers a request of the far end within a call (RFC 3261 §12.2.2): a phone's media stays as it is,
 * so a re-INVITE is refused.
 * @param dialog undefined where the call has none yet
 * @returns whether it was the BYE that ends the call
 */
export function answerInDialog(
  transaction: ServerTransaction,
  dialog: Dialog | undefined,
): boolean {
  const { request } = transaction;
  if (dialog?.receive(request) === "out-of-order") {
    transaction.respond(buildResponse(request, 500));
    return false;
  }
  transaction.respond(buildResponse(request, request.method === "INVITE" ? 488 : 200));
  return request.method === "BYE";
}
