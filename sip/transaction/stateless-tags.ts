import { createHmac, randomBytes } from "node:crypto";
import type { SipRequest } from "../message/sip-message.ts";

/**
 * To tags for answers that leave no trace (RFC 3261 §8.2.7): a repeated request gets the same tag
 * again, and nobody can foretell it.
 */
export class StatelessTags {
  readonly #secret = randomBytes(16);

  tagFor(request: SipRequest): string {
    return createHmac("sha256", this.#secret)
      .update(`${request.headers.get("Via") ?? ""} ${request.callId}`)
      .digest("hex")
      .slice(0, 16);
  }
}
