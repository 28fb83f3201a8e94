import { HeaderFields } from "../message/header-fields.ts";
import { formatAddress, type NameAddress, parseAddressList } from "../message/name-address.ts";
import { type SipMessage, SipRequest, type SipResponse } from "../message/sip-message.ts";
import { SipParseError } from "../message/sip-parse-error.ts";
import { formatUri, isSipUri, type OtherUri, type SipUri } from "../message/sip-uri.ts";

/** What a request inside a dialog has beside what the dialog says. */
export interface DialogRequestParts {
  readonly headers?: readonly (readonly [name: string, value: string])[];
  readonly body?: Buffer;
}

interface DialogParts {
  readonly state: "early" | "confirmed";
  readonly callId: string;
  readonly local: NameAddress;
  readonly remote: NameAddress;
  readonly localContact: string;
  readonly remoteTarget: SipUri | OtherUri;
  readonly routeSet: readonly NameAddress[];
  readonly localSequence: number;
  readonly remoteSequence: number | undefined;
}

/** Methods whose Contact moves the remote target (RFC 3261 §12.2, 3311, 6665, 3515). */
const targetRefreshing = new Set(["INVITE", "UPDATE", "SUBSCRIBE", "NOTIFY", "REFER"]);

/**
 * One end of a dialog (RFC 3261 §12): who talks to whom, along which route, and which sequence
 * numbers were used. It builds requests and judges those of the peer; it sends nothing.
 */
export class Dialog {
  readonly state: "early" | "confirmed";
  readonly callId: string;
  /** Our URI with our tag, as From of our requests. */
  readonly local: NameAddress;
  /** The peer's URI with its tag, as To of our requests. RFC 2543 peers have no tag. */
  readonly remote: NameAddress;
  readonly routeSet: readonly NameAddress[];
  readonly #localContact: string;
  #remoteTarget: SipUri | OtherUri;
  #localSequence: number;
  #remoteSequence: number | undefined;

  private constructor(parts: DialogParts) {
    this.state = parts.state;
    this.callId = parts.callId;
    this.local = parts.local;
    this.remote = parts.remote;
    this.routeSet = parts.routeSet;
    this.#localContact = parts.localContact;
    this.#remoteTarget = parts.remoteTarget;
    this.#localSequence = parts.localSequence;
    this.#remoteSequence = parts.remoteSequence;
  }

  /**
   * The dialog of a UAS (§12.1.1) from a request and our response, which has a To tag.
   *
   * @param localContact the Contact of our response, by which the peer reaches us
   * @throws SipParseError when the request has no usable Contact, route or CSeq
   */
  static asUas(request: SipRequest, response: SipResponse, localContact: string): Dialog {
    return new Dialog({
      state: response.status < 200 ? "early" : "confirmed",
      callId: request.callId,
      local: response.to,
      remote: request.from,
      localContact,
      remoteTarget: contactOf(request),
      routeSet: parseAddressList(request.headers.getAll("Record-Route")),
      localSequence: 0,
      remoteSequence: request.cseq.number,
    });
  }

  /**
   * The dialog of a UAC (§12.1.2) from our request and a response that has a To tag. A 2xx after
   * an early dialog makes a new one, since route and target may be others (§13.2.2.4).
   *
   * @throws SipParseError when the response has no usable Contact or route
   */
  static asUac(request: SipRequest, response: SipResponse): Dialog {
    return new Dialog({
      state: response.status < 200 ? "early" : "confirmed",
      callId: request.callId,
      local: request.from,
      remote: response.to,
      localContact: request.headers.get("Contact") ?? "",
      remoteTarget: contactOf(response),
      routeSet: parseAddressList(response.headers.getAll("Record-Route")).reverse(),
      localSequence: request.cseq.number,
      remoteSequence: undefined,
    });
  }

  get localTag(): string {
    return tagOf(this.local);
  }

  get remoteTag(): string {
    return tagOf(this.remote);
  }

  /** The peer's Contact, where our requests are meant for. */
  get remoteTarget(): SipUri | OtherUri {
    return this.#remoteTarget;
  }

  /** Where our requests are sent next: the first of the route set, or the remote target. */
  get nextHop(): SipUri | OtherUri {
    return this.routeSet[0]?.uri ?? this.#remoteTarget;
  }

  /** Whether a request of the peer belongs to this dialog (§12.2.2). */
  matches(request: SipRequest): boolean {
    return (
      request.callId === this.callId &&
      tagOf(request.to) === this.localTag &&
      tagOf(request.from) === this.remoteTag
    );
  }

  /** Takes the next number for a request of ours, also for one that is repeated with credentials. */
  nextSequence(): number {
    this.#localSequence++;
    return this.#localSequence;
  }

  /** A request inside this dialog (§12.2.1.1), but for its Via. For ACK see `acknowledge`. */
  newRequest(method: string, parts: DialogRequestParts = {}): SipRequest {
    return this.#build(method, this.nextSequence(), parts);
  }

  /**
   * The ACK to a 2xx (§13.2.2.4), but for its Via.
   *
   * @param invite as it was answered: its CSeq is taken over, and its credentials (§22.1)
   */
  acknowledge(invite: SipRequest, parts: DialogRequestParts = {}): SipRequest {
    const ack = this.#build("ACK", invite.cseq.number, parts);
    for (const name of ["Authorization", "Proxy-Authorization"]) {
      for (const value of invite.headers.getAll(name)) ack.headers.append(name, value);
    }
    return ack;
  }

  /**
   * Takes note of a request of the peer (§12.2.2): its CSeq, and its Contact where the method
   * refreshes the target.
   *
   * @returns `out-of-order` when a later one came before: to be answered with 500
   */
  receive(request: SipRequest): "in-order" | "out-of-order" {
    const { number, method } = request.cseq;
    if (method === "ACK") return "in-order";
    if (this.#remoteSequence !== undefined && number < this.#remoteSequence) return "out-of-order";
    this.#remoteSequence = number;
    this.#refreshTarget(method, request);
    return "in-order";
  }

  /** Takes note of a 2xx to a request of ours: its Contact may be a new target (§12.2.1.2). */
  receiveResponse(response: SipResponse): void {
    if (response.status < 200 || response.status > 299) return;
    this.#refreshTarget(response.cseq.method, response);
  }

  #refreshTarget(method: string, message: SipMessage): void {
    if (!targetRefreshing.has(method) || !message.headers.has("Contact")) return;
    this.#remoteTarget = contactOf(message);
  }

  #build(method: string, sequence: number, parts: DialogRequestParts): SipRequest {
    const { requestUri, routes } = this.#route();
    const headers = new HeaderFields();
    headers.append("Max-Forwards", "70");
    for (const route of routes) headers.append("Route", route);
    headers.append("From", formatAddress(this.local));
    headers.append("To", formatAddress(this.remote));
    headers.append("Call-ID", this.callId);
    headers.append("CSeq", `${sequence} ${method}`);
    if (targetRefreshing.has(method) && this.#localContact !== "") {
      headers.append("Contact", this.#localContact);
    }
    for (const [name, value] of parts.headers ?? []) headers.append(name, value);
    return new SipRequest(method, requestUri, headers, parts.body);
  }

  /** A first route without `lr` is a strict router, which wants itself as Request-URI. */
  #route(): { requestUri: string; routes: string[] } {
    const target = formatUri(this.#remoteTarget);
    const routes = this.routeSet.map(formatAddress);
    const first = this.routeSet[0]?.uri;
    if (first === undefined || (isSipUri(first) && first.parameters.has("lr"))) {
      return { requestUri: target, routes };
    }
    return { requestUri: formatUri(first), routes: [...routes.slice(1), `<${target}>`] };
  }
}

function contactOf(message: SipMessage): SipUri | OtherUri {
  const { contacts } = message;
  const contact = contacts === "*" ? undefined : contacts[0];
  if (contact === undefined) throw new SipParseError("Contact", "the header names no address");
  return contact.uri;
}

function tagOf(address: NameAddress): string {
  return address.parameters.get("tag") ?? "";
}
