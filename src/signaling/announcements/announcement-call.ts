import { randomInt } from "node:crypto";
import type { Clock } from "../../../sip/clock.ts";
import { buildResponse } from "../../../sip/message/build-response.ts";
import type { SipRequest } from "../../../sip/message/sip-message.ts";
import type { ServerTransaction } from "../../../sip/transaction/transaction-layer.ts";
import type { Flow } from "../../../sip/transport/flow.ts";
import type { IncomingRequest } from "../../../sip/transport/transport-layer.ts";
import { AcceptedInvite } from "../../../sip/user-agent/accepted-invite.ts";
import { Dialog } from "../../../sip/user-agent/dialog.ts";
import type { UserAgentClient } from "../../../sip/user-agent/user-agent-client.ts";
import { answer } from "../answer.ts";
import { chooseMediaAddress } from "./media-destination.ts";
import type { RtpSender } from "./rtp-sender.ts";
import {
  buildAnswer,
  buildOffer,
  readSessionDescription,
  type SessionDescription,
} from "./session-description.ts";
import type { Sound } from "./sound.ts";

/** What an announcement is made of. */
export interface AnnouncementCallOptions {
  readonly clock: Clock;
  readonly client: UserAgentClient;
  readonly transaction: ServerTransaction;
  /** The caller's offer; undefined when the INVITE had none, and its ACK brings an answer. */
  readonly offer: SessionDescription | undefined;
  /** Owned by the call from now on. */
  readonly sender: RtpSender;
  readonly sound: Sound;
  /** The IP literal that our SDP names. */
  readonly mediaAddress: string;
  /** The URI of our Contact. */
  readonly contactUri: string;
  /** The dialog is over; called once. */
  readonly onEnded: (call: AnnouncementCall) => void;
}

/**
 * A call that the gateway itself answers: the 200 until its ACK, the sound, and then a BYE
 * (RFC 3261 §13.3.1.4, §15.1.1). What the phone asks of the dialog meanwhile is answered here.
 */
export class AnnouncementCall {
  readonly #options: AnnouncementCallOptions;
  readonly #dialog: Dialog;
  readonly #flow: Flow;
  readonly #accepted: AcceptedInvite;
  #state: "accepted" | "playing" | "over" = "accepted";

  /** Sends the 200 at once. @throws SipParseError when the INVITE has no usable Contact */
  constructor(options: AnnouncementCallOptions) {
    const { transaction, clock, sender, offer, mediaAddress, contactUri } = options;
    this.#options = options;
    this.#flow = transaction.flow;
    const local = { address: mediaAddress, port: sender.port, sessionId: randomInt(2 ** 31) };
    const body = offer === undefined ? buildOffer(local) : buildAnswer(offer, local);
    const recordRoutes = transaction.request.headers
      .getAll("Record-Route")
      .map((route) => ["Record-Route", route] as const);
    const contact = `<${contactUri}>`;
    const response = buildResponse(transaction.request, 200, undefined, {
      toTag: transaction.toTag,
      headers: [...recordRoutes, ["Contact", contact], ["Content-Type", "application/sdp"]],
      body,
    });
    this.#dialog = Dialog.asUas(transaction.request, response, contact);
    this.#accepted = new AcceptedInvite({
      clock,
      transaction,
      response,
      onAbandoned: () => this.hangUp(),
    });
  }

  /** The tag by which requests of this dialog name us. */
  get localTag(): string {
    return this.#dialog.localTag;
  }

  matches(request: SipRequest): boolean {
    return this.#dialog.matches(request);
  }

  /** The ACK to our 200: the sound begins. */
  onAck(ack: IncomingRequest): void {
    if (this.#state !== "accepted") return;
    this.#accepted.acknowledge();
    this.#state = "playing";
    const session = this.#options.offer ?? readAnswer(ack.request);
    const audio = session?.audio;
    if (audio === undefined || !audio.listening) {
      this.hangUp();
      return;
    }
    this.#options.sender.play(
      {
        address: chooseMediaAddress(audio.address, this.#flow.remoteAddress),
        port: audio.port,
        payloadType: audio.payloadType,
        packets: this.#options.sound.packets(audio.encoding),
      },
      () => this.hangUp(),
    );
  }

  /** A request of the phone within the dialog. */
  onRequest(transaction: ServerTransaction): void {
    const { request } = transaction;
    if (this.#dialog.receive(request) === "out-of-order") {
      answer(transaction, 500, "CSeq Out of Order");
      return;
    }
    switch (request.method) {
      case "BYE":
        answer(transaction, 200);
        this.#finish();
        return;
      case "INFO":
      case "OPTIONS":
        answer(transaction, 200);
        return;
      case "INVITE":
      case "UPDATE":
        // Some seconds of sound are not worth a new session; the present one goes on (§14.2).
        answer(transaction, 488);
        return;
      default:
        answer(transaction, 405, undefined, [["Allow", "INVITE, ACK, BYE, INFO, OPTIONS"]]);
    }
  }

  /** Ends the call by a BYE, whose answer changes nothing. */
  hangUp(): void {
    if (this.#state === "over") return;
    const bye = this.#dialog.newRequest("BYE");
    // To the source of the INVITE: behind a NAT the phone's Contact leads nowhere.
    if (this.#flow.open) this.#options.client.send(bye, this.#flow);
    this.#finish();
  }

  #finish(): void {
    if (this.#state === "over") return;
    this.#state = "over";
    this.#accepted.stop();
    this.#options.sender.close();
    this.#options.onEnded(this);
  }
}

function readAnswer(ack: SipRequest): SessionDescription | undefined {
  const reading = readSessionDescription(ack.body);
  return reading.ok ? reading.session : undefined;
}
