import type { ServerTransaction } from "../../../sip/transaction/transaction-layer.ts";
import type { DialedNumber } from "../../domain/classify-dialed-number.ts";
import { StoreUnavailableError } from "../../domain/stores.ts";
import type { AnnouncementCall } from "../announcements/announcement-call.ts";
import type { Announcer, Listener } from "../announcements/announcer.ts";
import type { Sound } from "../announcements/sound.ts";
import { answer, isAnswered } from "../answer.ts";
import type { Credential } from "../authentication/credential-directory.ts";
import type { CallLog } from "./call-log.ts";
import type { FeatureService } from "./feature-outcome.ts";

/** What calls of feature codes need. */
export interface FeatureCallsDependencies {
  readonly announcer: Announcer;
  readonly callLog: CallLog;
  /** What each code does, by its two digits. */
  readonly services: Readonly<Record<string, FeatureService>>;
}

/**
 * Calls of feature codes other than `*55*`. As there, whatever can fail on the way of sound is looked
 * at first, and the 200 is sent when the storage has what was dialled.
 */
export class FeatureCalls {
  readonly #needs: FeatureCallsDependencies;
  /** The one call of a code that an account may have at a time, by its AOR. */
  readonly #playing = new Map<string, AnnouncementCall>();
  readonly #services: ReadonlyMap<string, FeatureService>;

  constructor(dependencies: FeatureCallsDependencies) {
    this.#needs = dependencies;
    this.#services = new Map(Object.entries(dependencies.services));
  }

  /**
   * Answers an INVITE to a feature code whose caller has been authenticated.
   * @throws StoreUnavailableError, with the INVITE not answered
   */
  async dial(
    transaction: ServerTransaction,
    credential: Credential,
    { code, argument }: Extract<DialedNumber, { kind: "feature-code" }>,
  ): Promise<void> {
    const { callLog } = this.#needs;
    const { callId } = transaction.request;
    callLog.start({ callId, from: credential.aor, to: `*${code}*`, kind: "feature-code" });
    try {
      const service = this.#services.get(code);
      const status = await this.#serve(transaction, credential, service, argument);
      if (status !== 200) callLog.failed(callId, status);
    } catch (error) {
      callLog.failed(callId, error instanceof StoreUnavailableError ? 503 : 500);
      throw error;
    }
  }

  /** @returns the final status that was sent */
  async #serve(
    transaction: ServerTransaction,
    credential: Credential,
    service: FeatureService | undefined,
    argument: string,
  ): Promise<number> {
    if (service === undefined) {
      answer(transaction, 404, "Unknown feature code");
      return 404;
    }
    // Anybody's onboarding account may dial these codes: they must not keep a technician from enrolling.
    const reading = await this.#needs.announcer.admit(transaction, true);
    if (!reading.ok) return reading.status;
    const { listener } = reading;
    try {
      const address = transaction.flow.remoteAddress;
      const outcome = await service({ credential, address }, argument);
      if (outcome.ok && !isAnswered(transaction)) {
        this.#announce(listener, outcome.sound, credential.aor);
        return 200;
      }
      listener.close();
      if (isAnswered(transaction) || outcome.ok) return 487;
      answer(transaction, outcome.status, outcome.reason);
      return outcome.status;
    } catch (error) {
      listener.close();
      throw error;
    }
  }

  /** Ends what the same account is listening to: a phone that dials again hears no more of it. */
  #announce(listener: Listener, sound: Sound, aor: string): void {
    this.#playing.get(aor)?.hangUp();
    const call = this.#needs.announcer.announce(listener, sound, () => {
      if (this.#playing.get(aor) === call) this.#playing.delete(aor);
    });
    this.#playing.set(aor, call);
  }
}
