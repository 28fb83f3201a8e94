import type { SipRequest } from "../../../sip/message/sip-message.ts";
import type { AnnouncementCall } from "./announcement-call.ts";

/** The dialogs that the gateway itself is an end of, while they last. */
export class AnnouncementCalls {
  readonly #byLocalTag = new Map<string, AnnouncementCall>();

  get size(): number {
    return this.#byLocalTag.size;
  }

  add(call: AnnouncementCall): void {
    this.#byLocalTag.set(call.localTag, call);
  }

  delete(call: AnnouncementCall): void {
    this.#byLocalTag.delete(call.localTag);
  }

  /** The call that a request belongs to, or undefined (RFC 3261 §12.2.2). */
  find(request: SipRequest): AnnouncementCall | undefined {
    const tag = request.to.parameters.get("tag");
    const call = typeof tag === "string" ? this.#byLocalTag.get(tag) : undefined;
    return call?.matches(request) === true ? call : undefined;
  }

  /** Hangs up everywhere. */
  stop(): void {
    for (const call of [...this.#byLocalTag.values()]) call.hangUp();
  }
}
