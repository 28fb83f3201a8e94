import type { SipMessage } from "../../sip/message/sip-message.ts";
import type { Flow } from "../../sip/transport/flow.ts";
import type { TransportObserver } from "../../sip/transport/transport-layer.ts";
import type { SignalingObserver } from "./signaling-observer.ts";

/** Tells the observer of each message, and of each final response that leaves. */
export class TransportWatch implements TransportObserver {
  readonly #observer: SignalingObserver;

  constructor(observer: SignalingObserver) {
    this.#observer = observer;
  }

  onMessage(
    direction: "received" | "sent",
    bytes: () => Buffer,
    flow: Flow,
    message: SipMessage | undefined,
  ): void {
    this.#observer.message(direction, bytes, flow, message);
    if (direction === "sent" && message?.kind === "response" && message.status >= 200) {
      this.#observer.requestAnswered(methodOf(message.headers.get("CSeq")), message.status);
    }
  }
}

/** The method that a CSeq names, cut out rather than parsed: this runs for every response. */
function methodOf(cseq: string | undefined): string {
  return cseq === undefined ? "" : cseq.slice(cseq.lastIndexOf(" ") + 1);
}
