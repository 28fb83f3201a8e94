import type { Clock } from "../../../sip/clock.ts";
import type { ServerTransaction } from "../../../sip/transaction/transaction-layer.ts";
import type { TransportName } from "../../../sip/transport/flow.ts";
import type { UserAgentClient } from "../../../sip/user-agent/user-agent-client.ts";
import { answer } from "../answer.ts";
import type { CallLog } from "../calls/call-log.ts";
import { AnnouncementCall } from "./announcement-call.ts";
import type { AnnouncementCalls } from "./announcement-calls.ts";
import { readCallersOffer } from "./callers-offer.ts";
import type { RtpPorts, RtpSender } from "./rtp-sender.ts";
import type { SessionDescription } from "./session-description.ts";
import type { Sound } from "./sound.ts";

/** What answering callers with sound needs. */
export interface AnnouncerDependencies {
  readonly clock: Clock;
  readonly client: UserAgentClient;
  readonly rtpPorts: RtpPorts;
  readonly announcements: AnnouncementCalls;
  /** The IP literal that our SDP names. */
  readonly mediaAddress: () => string;
  /** The Contact of our answers to a flow's peer. */
  readonly contactUriFor: (transport: TransportName) => string;
  readonly callLog: CallLog;
}

/** A caller who can be answered with sound, not answered yet. Its port is given back by `close`, or after `announce`. */
export interface Listener {
  readonly transaction: ServerTransaction;
  readonly offer: SessionDescription | undefined;
  readonly sender: RtpSender;
  readonly close: () => void;
}

/** `status`: the final one that was sent. */
export type ListenerReading =
  | { readonly ok: true; readonly listener: Listener }
  | { readonly ok: false; readonly status: number };

/** Answers callers of feature codes with sound. */
export class Announcer {
  readonly #needs: AnnouncerDependencies;

  constructor(dependencies: AnnouncerDependencies) {
    this.#needs = dependencies;
  }

  /**
   * Looks at whatever can fail on the way of sound, before anything is done that the caller dialled
   * for. Who cannot be answered with sound is refused here.
   * @param yielding half of the media ports are left to callers of other codes
   */
  async admit(transaction: ServerTransaction, yielding = false): Promise<ListenerReading> {
    const reading = readCallersOffer(transaction.request);
    if (!reading.ok) {
      answer(transaction, reading.status, reading.reason, reading.headers);
      return { ok: false, status: reading.status };
    }
    const sender = await this.#needs.rtpPorts.open(yielding);
    if (sender === undefined) {
      answer(transaction, 503, "No Media Port Free", [["Retry-After", "5"]]);
      return { ok: false, status: 503 };
    }
    const { offer } = reading;
    return { ok: true, listener: { transaction, offer, sender, close: () => sender.close() } };
  }

  /**
   * Answers 200, plays the sound, and hangs up.
   * @param onEnded the call is over: the phone is idle then
   * @returns the call, which may be hung up before
   */
  announce(listener: Listener, sound: Sound, onEnded: () => void): AnnouncementCall {
    const { clock, client, mediaAddress, contactUriFor, announcements, callLog } = this.#needs;
    const { transaction, offer, sender } = listener;
    const { callId } = transaction.request;
    const call = new AnnouncementCall({
      clock,
      client,
      transaction,
      offer,
      sender,
      sound,
      mediaAddress: mediaAddress(),
      contactUri: contactUriFor(transaction.flow.transport),
      onEnded: (ended) => {
        announcements.delete(ended);
        callLog.ended(callId);
        onEnded();
      },
    });
    announcements.add(call);
    callLog.answered(callId, 200);
    return call;
  }
}
