import type { Clock } from "../../../sip/clock.ts";
import type { RegistrationRequest } from "../../domain/apply-registration.ts";
import { phoneActor, recordDeviceEvent } from "../../domain/record-device-event.ts";
import type { Stores } from "../../domain/stores.ts";
import type { SignalingLogger } from "../signaling-logger.ts";

/** What registrations came and went in one REGISTER. */
export interface RegistrationChange {
  readonly added: number;
  readonly removed: number;
}

/**
 * Tells devices' histories and open pages of registrations that began or ended. Refreshes are no
 * news. It runs after the phone was answered, and a history that cannot be written is logged and
 * nothing else: the registration itself stands.
 */
export class RegistrationNews {
  readonly #stores: Pick<Stores, "history" | "liveEvents">;
  readonly #clock: Clock;
  readonly #logger: SignalingLogger;

  constructor(options: {
    stores: Pick<Stores, "history" | "liveEvents">;
    clock: Clock;
    logger: SignalingLogger;
  }) {
    this.#stores = options.stores;
    this.#clock = options.clock;
    this.#logger = options.logger;
  }

  changed(registration: RegistrationRequest, change: RegistrationChange): void {
    const kind = change.added > 0 ? "registered" : "unregistered";
    const { tenantId, aor, macAddress, flow } = registration;
    this.#stores.liveEvents.publish({
      type: "registration",
      tenantId,
      atMilliseconds: this.#clock.nowMilliseconds(),
      subject: aor,
      change: kind,
    });
    if (macAddress === null) return;
    const text =
      kind === "registered"
        ? `Registered as ${aor} from ${flow.remoteAddress} over ${flow.transport}.`
        : `Ended its registration as ${aor}.`;
    this.#record({ tenantId, macAddress }, kind, text);
  }

  #record(
    device: Pick<RegistrationRequest, "tenantId"> & {
      macAddress: NonNullable<RegistrationRequest["macAddress"]>;
    },
    kind: "registered" | "unregistered",
    text: string,
  ): void {
    recordDeviceEvent(
      { history: this.#stores.history, liveEvents: this.#stores.liveEvents, clock: this.#clock },
      { ...device, kind, text, actor: phoneActor },
    ).catch((error: unknown) => {
      this.#logger.warn({ err: error }, "A line of a device's history was not written");
    });
  }
}
