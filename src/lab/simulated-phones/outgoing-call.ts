import { randomInt } from "node:crypto";
import type { Clock, Timer } from "../../../sip/clock.ts";
import type { DigestSession } from "../../../sip/digest/digest-session.ts";
import type { NameAddress } from "../../../sip/message/name-address.ts";
import type { SipRequest, SipResponse } from "../../../sip/message/sip-message.ts";
import { SipParseError } from "../../../sip/message/sip-parse-error.ts";
import { parseUri } from "../../../sip/message/sip-uri.ts";
import type { ServerTransaction } from "../../../sip/transaction/transaction-layer.ts";
import type { Flow } from "../../../sip/transport/flow.ts";
import { TransportError } from "../../../sip/transport/transport-error.ts";
import { buildRequest } from "../../../sip/user-agent/build-request.ts";
import { Dialog } from "../../../sip/user-agent/dialog.ts";
import type { RequestOutcome, SentRequest } from "../../../sip/user-agent/user-agent-client.ts";
import { answerInDialog } from "./answer-in-dialog.ts";
import { RtpListener } from "./rtp-listener.ts";
import { type Answer, noAnswer, notSent } from "./send-in-flow.ts";
import { acceptsAudio, buildSessionOffer, readAudioTarget } from "./session-offer.ts";
import type { SipEndpoint } from "./sip-endpoint.ts";

/** What a call is made of. */
export interface OutgoingCallOptions {
  readonly clock: Clock;
  readonly endpoint: SipEndpoint;
  readonly session: DigestSession;
  readonly userAgent: string;
  readonly aor: NameAddress;
  readonly contactUri: string;
  /** The Request-URI. */
  readonly target: string;
}

/** How a call went, once it is over. */
export interface CallResult {
  /** Of the final answer to the INVITE: 408 where none came, 503 where nothing could be sent. */
  readonly status: number;
  readonly reason: string;
  /** RTP packets heard. */
  readonly rtpPackets: number;
  /** Who hung up; undefined where the call was never answered. `nobody`: the phone waited in vain and gave up. */
  readonly endedBy: "far-end" | "phone" | "nobody" | undefined;
}

/** After this long without a BYE a phone on a stand would hang up itself. */
const longestMilliseconds = 60_000;

/** A call that a phone makes (RFC 3261 §13.2): INVITE with an offer, ACK, silence and listening, until someone says BYE. */
export class OutgoingCall {
  /** Resolves when the call is over; never rejects. */
  readonly ended: Promise<CallResult>;
  readonly #options: OutgoingCallOptions;
  readonly #listener: RtpListener;
  readonly #flow: Flow;
  #resolve: (result: CallResult) => void = () => {};
  #sent: SentRequest | undefined;
  #dialog: Dialog | undefined;
  /** The INVITE as it was answered by a 2xx, credentials and all. */
  #accepted: SipRequest | undefined;
  #answer: Answer = noAnswer;
  #timer: Timer | undefined;
  #over = false;

  private constructor(options: OutgoingCallOptions, listener: RtpListener, flow: Flow) {
    this.#options = options;
    this.#listener = listener;
    this.#flow = flow;
    this.ended = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  /** Sends the INVITE. @returns a call, or the answer that stands for not having got through to anybody */
  static async start(options: OutgoingCallOptions): Promise<OutgoingCall | Answer> {
    try {
      const flow = await options.endpoint.flow();
      const listener = await RtpListener.open(options.endpoint.localAddress);
      const call = new OutgoingCall(options, listener, flow);
      call.#invite();
      return call;
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
      return notSent(error);
    }
  }

  /** Whether a request belongs to this call's dialog. */
  matches(request: SipRequest): boolean {
    return this.#dialog?.matches(request) === true;
  }

  /** A request of the far end within the dialog. */
  onRequest(transaction: ServerTransaction): void {
    if (answerInDialog(transaction, this.#dialog)) this.#end("far-end");
  }

  /** Ends it: by a BYE once it is answered, by a CANCEL before. What those are answered changes nothing. */
  hangUp(endedBy: "phone" | "nobody" = "phone"): void {
    if (this.#over) return;
    if (this.#dialog === undefined) {
      this.#sent?.cancel();
      this.#end(undefined);
      return;
    }
    this.#sayBye(this.#dialog);
    this.#end(endedBy);
  }

  /** Ends it without a word: the phone lost its power. */
  abandon(): void {
    this.#end(undefined);
  }

  #invite(): void {
    const { endpoint, session, userAgent, aor, contactUri, target } = this.#options;
    const request = buildRequest({
      method: "INVITE",
      requestUri: target,
      from: aor,
      to: { displayName: undefined, uri: parseUri(target), parameters: new Map() },
      headers: [
        ["Contact", `<${contactUri}>`],
        ["Allow", "INVITE, ACK, BYE, CANCEL, OPTIONS, NOTIFY, INFO"],
        ["User-Agent", userAgent],
        ["Content-Type", "application/sdp"],
      ],
      body: buildSessionOffer(endpoint.localAddress, this.#listener.port, randomInt(2 ** 31)),
    });
    this.#sent = endpoint.client.send(request, this.#flow, {
      credentials: session,
      onFurtherSuccess: () => this.#acknowledge(),
    });
    void this.#sent.outcome.then((outcome) => this.#onOutcome(outcome));
  }

  #onOutcome(outcome: RequestOutcome): void {
    switch (outcome.kind) {
      case "timeout":
        this.#end(undefined);
        return;
      case "transport-error":
        this.#answer = notSent(outcome.error);
        this.#end(undefined);
        return;
      case "response": {
        const { response, request } = outcome;
        this.#answer = { status: response.status, reason: response.reason, response };
        if (response.status < 300) this.#onAccepted(request, response);
        else this.#end(undefined);
      }
    }
  }

  #onAccepted(request: SipRequest, response: SipResponse): void {
    try {
      this.#dialog = Dialog.asUac(request, response);
    } catch (error) {
      if (!(error instanceof SipParseError)) throw error;
      const reason = `The answer makes no dialog: ${error.message}`;
      this.#answer = { status: response.status, reason, response };
      this.#end(undefined);
      return;
    }
    this.#accepted = request;
    this.#acknowledge();
    if (this.#over) {
      // The CANCEL came too late.
      this.#sayBye(this.#dialog);
    } else if (acceptsAudio(response.body)) {
      const { clock } = this.#options;
      this.#timer = clock.schedule(longestMilliseconds, () => this.hangUp("nobody"));
      const target = readAudioTarget(response.body);
      if (target !== undefined) this.#listener.playSilence(target, clock);
    } else {
      this.hangUp();
    }
  }

  #sayBye(dialog: Dialog): void {
    if (this.#flow.open) this.#options.endpoint.client.send(dialog.newRequest("BYE"), this.#flow);
  }

  /** Once for each 2xx that comes, since the ACK before it may have been lost (§13.2.2.4). */
  #acknowledge(): void {
    const { client } = this.#options.endpoint;
    if (this.#dialog === undefined || this.#accepted === undefined || !this.#flow.open) return;
    client.acknowledge(this.#dialog.acknowledge(this.#accepted), this.#flow);
  }

  #end(endedBy: CallResult["endedBy"]): void {
    if (this.#over) return;
    this.#over = true;
    this.#timer?.cancel();
    this.#listener.close();
    const { status, reason } = this.#answer;
    this.#resolve({ status, reason, rtpPackets: this.#listener.packets, endedBy });
  }
}
