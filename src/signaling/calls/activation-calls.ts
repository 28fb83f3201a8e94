import type { Clock, Timer } from "../../../sip/clock.ts";
import type { ServerTransaction } from "../../../sip/transaction/transaction-layer.ts";
import type { Device } from "../../domain/device.ts";
import {
  type EnrollmentOutcome,
  enrollDevice,
  wrongCodeDelayMilliseconds,
} from "../../domain/enroll-device.ts";
import { type Stores, StoreUnavailableError } from "../../domain/stores.ts";
import type { Announcer, Listener } from "../announcements/announcer.ts";
import type { ConfirmationTone } from "../announcements/confirmation-tone.ts";
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
  readonly announcer: Announcer;
  readonly tone: ConfirmationTone;
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
  readonly listener: Listener;
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
    const reading = await this.#needs.announcer.admit(transaction);
    if (!reading.ok) return reading.status;
    const { listener } = reading;
    try {
      return await this.#enroll({ transaction, credential, code, listener });
    } catch (error) {
      listener.close();
      throw error;
    }
  }

  async #enroll(attempt: ActivationAttempt): Promise<number> {
    const { credential, transaction, code, listener } = attempt;
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
      const { announcer, tone, onEnrolled } = this.#needs;
      announcer.announce(listener, tone, () => onEnrolled(outcome.device));
      return 200;
    }
    listener.close();
    if (outcome.outcome === "enrolled") this.#needs.onEnrolled(outcome.device);
    else if (!cancelled) return this.#refuseLater(attempt, outcome);
    return 487;
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
