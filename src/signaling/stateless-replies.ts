import type { ResponseOptions } from "../../sip/message/build-response.ts";
import { buildResponse } from "../../sip/message/build-response.ts";
import type { SipRequest, SipResponse } from "../../sip/message/sip-message.ts";
import type { Flow } from "../../sip/transport/flow.ts";
import type { IncomingRequest } from "../../sip/transport/transport-layer.ts";

/** The part of the transport layer that a stateless answer needs. */
export interface ResponseSender {
  sendResponse(response: SipResponse, flow: Flow): void;
}

/** Header fields as `buildResponse` takes them. */
export type ExtraHeaders = NonNullable<ResponseOptions["headers"]>;

/** As much of a branch as is looked at; what makes it unique stands well before. */
const mostBranchCharacters = 48;

/** Answers requests without a server transaction (RFC 3261 §8.2.7). */
export class StatelessReplies {
  readonly #sender: ResponseSender;
  readonly #tagSeed: number;

  /** @param options `tagSeed`: 32 random bits, so that nobody tells our tags beforehand */
  constructor(options: { sender: ResponseSender; tagSeed: number }) {
    this.#sender = options.sender;
    this.#tagSeed = options.tagSeed | 0;
  }

  /** Sends a response made of the request, with a To tag. */
  send(incoming: IncomingRequest, status: number, reason?: string, headers?: ExtraHeaders): void {
    const { request, flow } = incoming;
    const toTag = this.#tagFor(request);
    const response = buildResponse(
      request,
      status,
      reason,
      headers === undefined ? { toTag } : { toTag, headers },
    );
    this.#sender.sendResponse(response, flow);
  }

  /**
   * The same for the same request, so that each repetition gets the same answer (RFC 3261 §8.2.7).
   * Made of the branch, which no two requests share; the whole Via where a phone sent none.
   */
  #tagFor({ headers }: SipRequest): string {
    const via = headers.get("Via") ?? "";
    const branch = via.indexOf("branch=");
    const start = branch < 0 ? 0 : branch;
    const end = branch < 0 ? via.length : Math.min(via.length, branch + mostBranchCharacters);
    // In decimal: another radix takes V8 eight times as long.
    return String(hash(via, start, end, this.#tagSeed) >>> 0);
  }
}

/** FNV-1a of a string's code units: to tell requests apart, not to withstand anybody. */
function hash(text: string, start: number, end: number, seed: number): number {
  let value = 0x811c9dc5 ^ seed;
  for (let index = start; index < end; index++) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  return value;
}
