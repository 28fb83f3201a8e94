import type { Clock, Timer } from "../../../sip/clock.ts";
import type { ServerTransaction } from "../../../sip/transaction/transaction-layer.ts";
import type { TransportName } from "../../../sip/transport/flow.ts";
import type { UserAgentClient } from "../../../sip/user-agent/user-agent-client.ts";
import type { Device } from "../../domain/device.ts";
import {
  type EnrollmentOutcome,
  enrollDevice,
  wrongCodeDelayMilliseconds,
} from "../../domain/enroll-device.ts";
import { type Stores, StoreUnavailableError } from "../../domain/stores.ts";
import { AnnouncementCall } from "../announcements/announcement-call.ts";
import type { AnnouncementCalls } from "../announcements/announcement-calls.ts";
import type { ConfirmationTone } from "../announcements/confirmation-tone.ts";
import type { RtpPorts, RtpSender } from "../announcements/rtp-sender.ts";
import {
  readSessionDescription,
  type SessionDescription,
} from "../announcements/session-description.ts";
import { answer, isAnswered } from "../answer.ts";
import type { Credential } from "../authentication/credential-directory.ts";
import type { SignalingLogger } from "../signaling-logger.ts";
import type { SignalingObserver } from "../signaling-observer.ts";
import type { CallLog } from "./call-log.ts";
import { enrollmentRefusal } from "./enrollment-answers.ts";

/** What activation needs. */
export interface ActivationDependencies {
  readonly clock: Clock;
  readonly stores: Pick<Stores, "devices" | "codes" | "history" | "liveEvents">;
  readonly client: UserAgentClient;
  readonly rtpPorts: RtpPorts;
  readonly tone: ConfirmationTone;
  readonly announcements: AnnouncementCalls;
  /** The IP literal that our SDP names. */
  readonly mediaAddress: () => string;
  /** The Contact of our answers to a flow's peer. */
  readonly contactUriFor: (transport: TransportName) => string;
  /** Called when an enrolled device's call is over: its phone is idle then, and can fetch. */
  readonly onEnrolled: (device: Device) => void;
  readonly callLog: CallLog;
  readonly observer: SignalingObserver;
  readonly logger: SignalingLogger;
}

/** Someone who dialled `*55*` and a code. */
interface ActivationAttempt {
  readonly transaction: ServerTransaction;
  readonly credential: Credential;
  readonly code: string;
  readonly offer: SessionDescription | undefined;
  readonly sender: RtpSender;
}

/**
 * The feature code `*55*`: takes a verification code and says by status, reason phrase or tone what
 * became of it. Whatever can fail on the way of sound is looked at before the code is taken, since a
 * code is good for once; the 200 is sent when the storage has the enrolment.
 */
export class ActivationCalls {
  readonly #needs: ActivationDependencies;
  /** Refusals that are held back, by the timer that will send them. */
  readonly #heldBack = new Map<Timer, () => void>();

  constructor(dependencies: ActivationDependencies) {
    this.#needs = dependencies;
  }

  /** Answers an INVITE to `*55*<code>` whose caller has been authenticated. Never rejects. */
  async activate(
    transaction: ServerTransaction,
    credential: Credential,
    code: string,
  ): Promise<void> {
    // The code is a secret for as long as it stands: it is in no log and no list.
    const { callId } = transaction.request;
    this.#needs.callLog.start({ callId, from: credential.aor, to: "*55*", kind: "activation" });
    try {
      const status = await this.#activate(transaction, credential, code);
      if (status !== 200) this.#needs.callLog.failed(callId, status);
    } catch (error) {
      const status = this.#answerFault(transaction, error);
      this.#needs.callLog.failed(callId, status);
    }
  }

  /** Answers at once what is held back. */
  stop(): void {
    for (const [timer, refuse] of this.#heldBack) {
      timer.cancel();
      refuse();
    }
    this.#heldBack.clear();
  }

  /** @returns the final status that was sent */
  async #activate(
    transaction: ServerTransaction,
    credential: Credential,
    code: string,
  ): Promise<number> {
    if (credential.kind === "user" || credential.macAddress === null) {
      this.#needs.observer.enrollment("not-waiting");
      return this.#refuse(transaction, "not-waiting");
    }
    const session = readOffer(transaction);
    if (!session.ok) {
      answer(transaction, session.status, session.reason, session.headers);
      return session.status;
    }
    const sender = await this.#needs.rtpPorts.open();
    if (sender === undefined) {
      answer(transaction, 503, "No Media Port Free", [["Retry-After", "5"]]);
      return 503;
    }
    const attempt = { transaction, credential, code, offer: session.offer, sender };
    try {
      return await this.#enroll(attempt);
    } catch (error) {
      sender.close();
      throw error;
    }
  }

  async #enroll(attempt: ActivationAttempt): Promise<number> {
    const { credential, transaction, code, sender } = attempt;
    const { stores, clock, observer } = this.#needs;
    const { tenantId, macAddress, authenticationName } = credential;
    if (macAddress === null) throw new TypeError("an onboarding account without a device");
    const address = transaction.flow.remoteAddress;
    const enrollment = { tenantId, macAddress, authenticationName, address, code };
    const outcome = await enrollDevice(
      {
        clock,
        devices: stores.devices,
        codes: stores.codes,
        history: stores.history,
        liveEvents: stores.liveEvents,
      },
      enrollment,
    );
    observer.enrollment(outcome.outcome);
    const cancelled = isAnswered(transaction);
    if (outcome.outcome === "enrolled" && !cancelled) {
      this.#confirm(attempt, outcome.device);
      return 200;
    }
    sender.close();
    if (outcome.outcome === "enrolled") this.#needs.onEnrolled(outcome.device);
    else if (!cancelled) return this.#refuseLater(attempt, outcome);
    return 487;
  }

  #confirm(attempt: ActivationAttempt, device: Device): void {
    const { transaction, offer, sender } = attempt;
    const { clock, client, tone, mediaAddress, announcements, callLog } = this.#needs;
    const { callId } = transaction.request;
    const call = new AnnouncementCall({
      clock,
      client,
      transaction,
      offer,
      sender,
      tone,
      mediaAddress: mediaAddress(),
      contactUri: this.#needs.contactUriFor(transaction.flow.transport),
      onEnded: (ended) => {
        announcements.delete(ended);
        callLog.ended(callId);
        this.#needs.onEnrolled(device);
      },
    });
    announcements.add(call);
    callLog.answered(callId, 200);
  }

  /** Wrong codes are answered the later the more of them there were. */
  #refuseLater(
    attempt: ActivationAttempt,
    outcome: Exclude<EnrollmentOutcome, { outcome: "enrolled" }>,
  ): Promise<number> | number {
    const wait = outcome.outcome === "wrong" ? wrongCodeDelayMilliseconds(outcome.deviceTries) : 0;
    if (wait === 0) return this.#refuse(attempt.transaction, outcome.outcome);
    return new Promise((resolve) => {
      const refuse = () => resolve(this.#refuse(attempt.transaction, outcome.outcome));
      const timer = this.#needs.clock.schedule(wait, () => {
        this.#heldBack.delete(timer);
        refuse();
      });
      this.#heldBack.set(timer, refuse);
    });
  }

  #refuse(
    transaction: ServerTransaction,
    outcome: Exclude<EnrollmentOutcome["outcome"], "enrolled">,
  ): number {
    const { status, reason } = enrollmentRefusal(outcome);
    answer(transaction, status, reason);
    return status;
  }

  #answerFault(transaction: ServerTransaction, error: unknown): number {
    const unavailable = error instanceof StoreUnavailableError;
    this.#needs.observer.enrollment("unavailable");
    if (unavailable) answer(transaction, 503, "Storage Unavailable", [["Retry-After", "10"]]);
    else answer(transaction, 500);
    this.#needs.logger.error({ err: error }, "An activation failed");
    return unavailable ? 503 : 500;
  }
}

type OfferReading =
  | { readonly ok: true; readonly offer: SessionDescription | undefined }
  | {
      readonly ok: false;
      readonly status: 400 | 415 | 420 | 488;
      readonly reason?: string;
      readonly headers?: readonly (readonly [string, string])[];
    };

/** The caller's offer, and whether a dialog and a tone can come of this INVITE at all. */
function readOffer({ request }: ServerTransaction): OfferReading {
  // RFC 3261 §8.2.2.3: none of the extensions that change a call (100rel, timer) is known here.
  const required = request.headers.getAll("Require").join(", ");
  if (required !== "") return { ok: false, status: 420, headers: [["Unsupported", required]] };
  if (request.contacts === "*" || request.contacts.length === 0) {
    return { ok: false, status: 400, reason: "Missing Contact" };
  }
  if (request.body.length === 0) return { ok: true, offer: undefined };
  const type = request.headers.get("Content-Type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/sdp") {
    return { ok: false, status: 415, headers: [["Accept", "application/sdp"]] };
  }
  const reading = readSessionDescription(request.body);
  if (!reading.ok) return { ok: false, status: 400, reason: "Malformed SDP" };
  if (reading.session.audio === undefined) {
    return {
      ok: false,
      status: 488,
      headers: [["Warning", '305 gateway "PCMU or PCMA over RTP is needed"']],
    };
  }
  return { ok: true, offer: reading.session };
}
