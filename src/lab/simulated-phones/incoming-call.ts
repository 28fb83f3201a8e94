import { randomInt } from "node:crypto";
import type { Clock, Timer } from "../../../sip/clock.ts";
import { buildResponse } from "../../../sip/message/build-response.ts";
import type { SipRequest } from "../../../sip/message/sip-message.ts";
import type { ServerTransaction } from "../../../sip/transaction/transaction-layer.ts";
import type { Flow } from "../../../sip/transport/flow.ts";
import { AcceptedInvite } from "../../../sip/user-agent/accepted-invite.ts";
import { Dialog } from "../../../sip/user-agent/dialog.ts";
import { answerInDialog } from "./answer-in-dialog.ts";
import { RtpListener } from "./rtp-listener.ts";
import { buildSessionOffer, readAudioTarget } from "./session-offer.ts";
import type { SilenceTarget } from "./silence.ts";
import type { SipEndpoint } from "./sip-endpoint.ts";

/** What an incoming call is made of. */
export interface IncomingCallOptions {
  readonly clock: Clock;
  readonly endpoint: SipEndpoint;
  readonly userAgent: string;
  readonly contactUri: string;
  /** After how long the phone hangs up by itself. */
  readonly hangUpAfterSeconds: number;
}

/** How an answered call ended. */
export interface AnsweredCall {
  /** RTP packets heard. */
  readonly rtpPackets: number;
  readonly endedBy: "far-end" | "phone";
}

/**
 * A call that a phone answers as soon as it rings (RFC 3261 §13.3): 180, 200 until its ACK, silence in both laws'
 * middle, listening, and a BYE after the given time unless the far end says it first.
 */
export class IncomingCall {
  /** Resolves when the call is over; never rejects. */
  readonly ended: Promise<AnsweredCall>;
  readonly #options: IncomingCallOptions;
  readonly #listener: RtpListener;
  readonly #flow: Flow;
  readonly #dialog: Dialog;
  readonly #accepted: AcceptedInvite;
  readonly #target: SilenceTarget | undefined;
  #resolve: (call: AnsweredCall) => void = () => {};
  #timer: Timer | undefined;
  #over = false;

  private constructor(
    options: IncomingCallOptions,
    transaction: ServerTransaction,
    listener: RtpListener,
  ) {
    const { clock, endpoint, userAgent, contactUri } = options;
    const { request, toTag, flow } = transaction;
    this.#options = options;
    this.#listener = listener;
    this.#flow = flow;
    this.#target = readAudioTarget(request.body);
    const recordRoutes = request.headers.getAll("Record-Route");
    const headers: readonly (readonly [string, string])[] = [
      ...recordRoutes.map((route) => ["Record-Route", route] as const),
      ["Contact", `<${contactUri}>`],
      ["User-Agent", userAgent],
    ];
    transaction.respond(buildResponse(request, 180, undefined, { toTag, headers }));
    const response = buildResponse(request, 200, undefined, {
      toTag,
      headers: [...headers, ["Content-Type", "application/sdp"]],
      body: buildSessionOffer(endpoint.localAddress, listener.port, randomInt(2 ** 31)),
    });
    this.ended = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    this.#dialog = Dialog.asUas(request, response, `<${contactUri}>`);
    this.#accepted = new AcceptedInvite({
      clock,
      transaction,
      response,
      onAbandoned: () => this.hangUp(),
    });
  }

  /** Answers with 200. @throws SipParseError when the INVITE makes no dialog */
  static async answer(
    options: IncomingCallOptions,
    transaction: ServerTransaction,
  ): Promise<IncomingCall> {
    const listener = await RtpListener.open(options.endpoint.localAddress);
    try {
      return new IncomingCall(options, transaction, listener);
    } catch (error) {
      listener.close();
      throw error;
    }
  }

  /** Whether a request belongs to this call's dialog. */
  matches(request: SipRequest): boolean {
    return this.#dialog.matches(request);
  }

  /** The ACK to the 200. */
  onAck(): void {
    if (this.#over || this.#timer !== undefined) return;
    this.#accepted.acknowledge();
    const { clock, hangUpAfterSeconds } = this.#options;
    this.#timer = clock.schedule(hangUpAfterSeconds * 1000, () => this.hangUp());
    if (this.#target !== undefined) this.#listener.playSilence(this.#target, clock);
  }

  /** A request of the far end within the dialog. */
  onRequest(transaction: ServerTransaction): void {
    if (answerInDialog(transaction, this.#dialog)) this.#end("far-end");
  }

  /** Ends it by a BYE. */
  hangUp(): void {
    if (this.#over) return;
    if (this.#flow.open) {
      this.#options.endpoint.client.send(this.#dialog.newRequest("BYE"), this.#flow);
    }
    this.#end("phone");
  }

  /** Ends it without a word: the phone lost its power. */
  abandon(): void {
    this.#end("phone");
  }

  #end(endedBy: AnsweredCall["endedBy"]): void {
    if (this.#over) return;
    this.#over = true;
    this.#timer?.cancel();
    this.#accepted.stop();
    this.#listener.close();
    this.#resolve({ rtpPackets: this.#listener.packets, endedBy });
  }
}
