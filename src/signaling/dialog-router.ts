import type { SipRequest } from "../../sip/message/sip-message.ts";
import { type RequestFault, validateRequest } from "../../sip/message/validate-request.ts";
import type { SipProxy } from "../../sip/proxy/sip-proxy.ts";
import type { ServerTransaction } from "../../sip/transaction/transaction-layer.ts";
import type { IncomingRequest } from "../../sip/transport/transport-layer.ts";
import type { AnnouncementCalls } from "./announcements/announcement-calls.ts";
import type { CallLog } from "./calls/call-log.ts";
import type { Calls } from "./calls/calls.ts";
import { isInDialog } from "./stateless-router.ts";

/**
 * Brings each request with a transaction to whom it is for: dialogs of the gateway's own, dialogs that go by it, or
 * calls that begin.
 */
export class DialogRouter {
  readonly #announcements: AnnouncementCalls;
  readonly #calls: Calls;
  readonly #callLog: CallLog;
  readonly #proxy: SipProxy;

  constructor(options: {
    announcements: AnnouncementCalls;
    calls: Calls;
    callLog: CallLog;
    proxy: SipProxy;
  }) {
    this.#announcements = options.announcements;
    this.#calls = options.calls;
    this.#callLog = options.callLog;
    this.#proxy = options.proxy;
  }

  /** The answer to a request inside a dialog that is neither ours nor goes by us; undefined for others. */
  refusalOf(request: SipRequest): RequestFault | undefined {
    return this.#announcements.find(request) === undefined
      ? this.#proxy.refusalInDialog(request)
      : undefined;
  }

  /** A request that got a transaction. */
  onRequest(transaction: ServerTransaction, incoming: IncomingRequest): void {
    const { request } = incoming;
    if (!isInDialog(request)) {
      void this.#calls.onRequest(transaction, incoming);
      return;
    }
    const own = this.#announcements.find(request);
    if (own !== undefined) {
      own.onRequest(transaction);
      return;
    }
    if (request.method !== "BYE") {
      this.#proxy.relayInDialog(transaction);
      return;
    }
    const { callId } = request;
    this.#proxy.relayInDialog(transaction, {
      onFinal: (_response, target) => {
        // Whatever the other party says to a BYE, the dialog is over (RFC 3261 §15.1.1).
        if (target !== undefined) this.#callLog.ended(callId);
      },
    });
  }

  /** An ACK to a 2xx, or one that matches nothing: never answered. */
  onAck(incoming: IncomingRequest): void {
    if (validateRequest(incoming.request) !== undefined) return;
    const own = this.#announcements.find(incoming.request);
    if (own !== undefined) own.onAck(incoming);
    else this.#proxy.relayAck(incoming);
  }
}
