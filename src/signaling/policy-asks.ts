import type { Clock, Timer } from "../../sip/clock.ts";
import type { Device } from "../domain/device.ts";
import { judgePolicyRefresh } from "../domain/judge-policy-refresh.ts";
import type { MacAddress } from "../domain/mac-address.ts";
import { noteAsked } from "../domain/note-policy-progress.ts";
import type { Stores } from "../domain/stores.ts";
import type { DeviceNotifier } from "./device-notifier.ts";
import { Pace } from "./pace.ts";
import type { SignalingLogger } from "./signaling-logger.ts";

/** What asking phones to fetch needs. */
export interface PolicyAsksDependencies {
  readonly clock: Clock;
  readonly stores: Pick<Stores, "policyRefreshes" | "history" | "liveEvents">;
  readonly notifier: Pick<DeviceNotifier, "resync">;
  readonly logger: SignalingLogger;
}

/** A device whose phone is behind this version of its policy. */
export interface PolicyAsk {
  readonly device: Device;
  readonly version: number;
}

/**
 * 50,000 phones that all refresh in the same minute, as after a power cut, have been asked in under
 * nine minutes; each of them then costs a NOTIFY, a fetch and a registration.
 */
const asksPerSecond = 100;
/** A phone that does not answer takes a place for 32 s. */
const mostUnderWay = 1_000;
/** Those beyond are asked at their next refresh. */
const mostWaiting = 100_000;
const checkMilliseconds = 100;

/**
 * Asks phones that are behind their policy to fetch, spread over time, each once: that it was asked
 * is stored as soon as it has answered. A phone whose NOTIFY a crash cut off is asked again by the
 * start that follows (`missed-registrations`), unless it has fetched by then.
 */
export class PolicyAsks {
  readonly #needs: PolicyAsksDependencies;
  readonly #pace: Pace;
  readonly #waiting = new Map<MacAddress, PolicyAsk>();
  readonly #underWay = new Set<MacAddress>();
  #timer: Timer | undefined;
  #stopped = false;

  constructor(dependencies: PolicyAsksDependencies) {
    this.#needs = dependencies;
    this.#pace = new Pace(dependencies.clock, asksPerSecond);
  }

  /** Phones that are to be asked and have not been. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Asks as soon as its turn comes; a device that has its turn already keeps it. Never throws. */
  add(ask: PolicyAsk): void {
    const { macAddress } = ask.device;
    if (this.#stopped || this.#underWay.has(macAddress) || this.#waiting.size >= mostWaiting) {
      return;
    }
    this.#waiting.set(macAddress, ask);
    this.#askWhoMay();
  }

  /** Asks nobody more. */
  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
    this.#waiting.clear();
  }

  #askWhoMay(): void {
    for (const [macAddress, ask] of this.#waiting) {
      if (this.#underWay.size >= mostUnderWay || !this.#pace.take()) break;
      this.#waiting.delete(macAddress);
      this.#underWay.add(macAddress);
      void this.#ask(ask).finally(() => this.#underWay.delete(macAddress));
    }
    if (this.#waiting.size === 0 || this.#timer !== undefined) return;
    this.#timer = this.#needs.clock.schedule(checkMilliseconds, () => {
      this.#timer = undefined;
      this.#askWhoMay();
    });
  }

  /** Never rejects. */
  async #ask({ device, version }: PolicyAsk): Promise<void> {
    try {
      if (!(await this.#isBehind(device, version))) return;
      const { outcome } = await this.#needs.notifier.resync(device);
      // A phone that is away, or whose connection is gone, was not asked: it will come and be.
      if (outcome === "answered" || outcome === "timed-out") {
        const { stores, clock } = this.#needs;
        await noteAsked({ ...stores, clock }, device, version);
      }
    } catch (error) {
      const { macAddress } = device;
      this.#needs.logger.warn({ err: error, macAddress }, "A phone was not asked for its policy");
    }
  }

  /** It may have fetched by itself while it waited for its turn. */
  async #isBehind({ tenantId, macAddress }: Device, version: number): Promise<boolean> {
    const { stores, clock } = this.#needs;
    const found = await stores.policyRefreshes.find(tenantId, [macAddress]);
    const refresh = found.get(macAddress)?.value;
    return (
      refresh !== undefined &&
      judgePolicyRefresh(refresh, version, clock.nowMilliseconds()) === "ask"
    );
  }
}
