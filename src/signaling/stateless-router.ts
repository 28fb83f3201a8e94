import type { SipRequest } from "../../sip/message/sip-message.ts";
import { isSipUri } from "../../sip/message/sip-uri.ts";
import { type RequestFault, validateRequest } from "../../sip/message/validate-request.ts";
import type { IncomingRequest } from "../../sip/transport/transport-layer.ts";
import { allowText, refusedMethodStatus } from "./allowed-methods.ts";
import type { Callers } from "./calls/callers.ts";
import type { RefusedRequests } from "./refused-requests.ts";
import { unknownExtensions } from "./registrar/read-registration.ts";
import type { Registrar } from "./registrar/registrar.ts";
import type { ServedDomains } from "./served-domains.ts";
import type { ExtraHeaders, StatelessReplies } from "./stateless-replies.ts";

const allowHeader: ExtraHeaders = [["Allow", allowText]];

const retryLater: ExtraHeaders = [["Retry-After", "5"]];

/** What OPTIONS tells of the gateway (RFC 3261 §11.2). */
const capabilities: ExtraHeaders = [
  ["Allow", allowText],
  ["Accept", "application/sdp"],
  ["Accept-Encoding", "identity"],
  ["Accept-Language", "en"],
  ["Supported", "path, outbound"],
];

/**
 * Answers what needs no transaction: faulty requests, REGISTER, OPTIONS to the gateway, methods
 * that it does not know, packages of events that it does not have, callers who bring no
 * digest, and dialogs that are not known here.
 */
export class StatelessRouter {
  readonly #domains: ServedDomains;
  readonly #registrar: Registrar;
  readonly #callers: Callers;
  readonly #refusalInDialog: (request: SipRequest) => RequestFault | undefined;
  readonly #refusals: RefusedRequests;
  readonly #replies: StatelessReplies;
  #accepting = true;

  /** @param options `refusalInDialog`: the answer to what belongs to no dialog that is known here */
  constructor(options: {
    domains: ServedDomains;
    registrar: Registrar;
    callers: Callers;
    refusalInDialog: (request: SipRequest) => RequestFault | undefined;
    refusals: RefusedRequests;
    replies: StatelessReplies;
  }) {
    this.#domains = options.domains;
    this.#registrar = options.registrar;
    this.#callers = options.callers;
    this.#refusalInDialog = options.refusalInDialog;
    this.#refusals = options.refusals;
    this.#replies = options.replies;
  }

  /** From now on, whatever begins something new is turned away: the gateway is going to stop. */
  stopAccepting(): void {
    this.#accepting = false;
  }

  /** @returns true when the request has been dealt with; otherwise it gets a transaction. */
  route(incoming: IncomingRequest): boolean {
    const { request } = incoming;
    const fault = validateRequest(request);
    if (fault !== undefined) {
      // An ACK is never answered, not even a bad one (RFC 3261 §17.2).
      if (request.method !== "ACK") {
        this.#replies.send(incoming, fault.status, fault.reason, fault.headers);
      }
      return true;
    }
    if (!this.#accepting && !isInDialog(request)) {
      // On UDP the phone repeats its request, and reaches the gateway that comes after this one.
      if (incoming.flow.reliable) this.#replies.send(incoming, 503, undefined, retryLater);
      return true;
    }
    if (request.method === "REGISTER") {
      this.#registrar.onRegister(incoming);
      return true;
    }
    return isInDialog(request)
      ? this.#refuseStrangeDialog(incoming)
      : this.#routeOutOfDialog(incoming);
  }

  #routeOutOfDialog(incoming: IncomingRequest): boolean {
    const { request } = incoming;
    switch (request.method) {
      case "OPTIONS":
        this.#answerOptions(incoming);
        return true;
      case "NOTIFY":
        this.#answerNotify(incoming);
        return true;
      case "SUBSCRIBE":
        // RFC 6665 §4.2.1.1: no package of events is served; phones ask for message-summary and the like.
        this.#replies.send(incoming, 489, undefined, [["Allow-Events", "keep-alive"]]);
        return true;
      case "BYE":
      case "INFO":
      case "UPDATE":
      case "PRACK":
        this.#replies.send(incoming, 481);
        return true;
      default:
        return this.#refuseUnknownMethod(incoming) || this.#refuseUnprovedCaller(incoming);
    }
  }

  /** The gateway speaks for itself, whoever the Request-URI names: a phone's capabilities are its own affair. */
  #answerOptions(incoming: IncomingRequest): void {
    const uri = incoming.request.uri;
    if (!isSipUri(uri) || !this.#domains.serves(uri.host)) {
      this.#replies.send(incoming, 404, "Domain Not Served Here");
      return;
    }
    // RFC 3261 §8.2.2.3: what is required and not known is refused, and named.
    const unknown = unknownExtensions(incoming.request);
    if (unknown !== undefined) {
      this.#replies.send(incoming, 420, undefined, [["Unsupported", unknown]]);
      return;
    }
    this.#replies.send(incoming, 200, undefined, capabilities);
  }

  /** Cisco's phones keep their NAT open by `NOTIFY` with `Event: keep-alive`; other ones have no subscription. */
  #answerNotify(incoming: IncomingRequest): void {
    const event = incoming.request.headers.get("Event")?.split(";")[0]?.trim().toLowerCase();
    if (event === "keep-alive") {
      this.#replies.send(incoming, 200);
      return;
    }
    this.#replies.send(incoming, 481, "Subscription Does Not Exist");
    this.#tellOfStrayNotify(incoming);
  }

  /** Nobody's phone fetches or restarts by it; its owner's administrator shall know that it was tried. */
  #tellOfStrayNotify(incoming: IncomingRequest): void {
    this.#refusals.strayNotify(incoming, this.#domains.canonicalAor(incoming.request.uri));
  }

  #refuseUnknownMethod(incoming: IncomingRequest): boolean {
    const status = refusedMethodStatus(incoming.request.method);
    if (status === undefined) return false;
    this.#replies.send(incoming, status, undefined, allowHeader);
    return true;
  }

  #refuseStrangeDialog(incoming: IncomingRequest): boolean {
    const fault = this.#refusalInDialog(incoming.request);
    if (fault === undefined) return false;
    this.#replies.send(incoming, fault.status, fault.reason, fault.headers);
    if (incoming.request.method === "NOTIFY") this.#tellOfStrayNotify(incoming);
    return true;
  }

  #refuseUnprovedCaller(incoming: IncomingRequest): boolean {
    const refusal = this.#callers.refusalOf(incoming.request);
    if (refusal === undefined) return false;
    this.#replies.send(incoming, refusal.status, refusal.reason, refusal.headers);
    return true;
  }
}

/** Whether a request belongs to a dialog: its To has a tag (RFC 3261 §12.2.2). */
export function isInDialog(request: SipRequest): boolean {
  return request.to.parameters.has("tag");
}
