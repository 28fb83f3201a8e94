import { type Clock, SystemClock } from "../../../sip/clock.ts";
import type { PhoneIdentity } from "./phone-identity.ts";
import { type RefetchOutcome, SimulatedPhone } from "./simulated-phone.ts";

/** What each phone of a fleet goes through, in this order. */
export const fleetSteps = [
  "provisioning",
  "registration",
  "enrolment",
  "synchronisation",
  "un-registration",
] as const;

export type FleetStep = (typeof fleetSteps)[number];

/** How far a phone came. */
export interface PhoneRun {
  readonly identity: PhoneIdentity;
  /** The steps that succeeded. */
  readonly done: readonly FleetStep[];
  /** What ended it early. */
  readonly failure: { readonly step: FleetStep; readonly reason: string } | undefined;
}

/** What a fleet is made of. */
export interface PhoneFleetOptions {
  readonly identities: readonly PhoneIdentity[];
  /** The region's folder: `http://127.0.0.1:8080/emea/`. */
  readonly provisioningUrl: string;
  /** The verification code of each phone by its MAC address, 12 lower-case hex digits. */
  readonly codes: ReadonlyMap<string, string>;
  /** Phones that are between their start and the end of their enrolment at once. */
  readonly concurrency: number;
  /** Between the starts of two phones, so that they do not all ask in the same instant. */
  readonly spreadMilliseconds: number;
  readonly onFault: (identity: PhoneIdentity, error: unknown) => void;
  /** The machine's own by default. */
  readonly clock?: Clock;
}

/** How long after it dialled a phone waits to be told to fetch: a call of some seconds, and then the NOTIFY. */
const synchronisationMilliseconds = 30_000;

interface RunningPhone {
  readonly phone: SimulatedPhone;
  readonly done: FleetStep[];
  failure: PhoneRun["failure"];
}

/** Many simulated phones in one process: starts, enrols and stops them. Whoever runs it calls `stop()`. */
export class PhoneFleet {
  readonly #options: PhoneFleetOptions;
  readonly #clock: Clock;
  readonly #running: RunningPhone[] = [];

  constructor(options: PhoneFleetOptions) {
    this.#options = options;
    this.#clock = options.clock ?? new SystemClock();
  }

  /** Takes every phone as far as it comes, up to its being told to fetch again after its enrolment. */
  async run(): Promise<void> {
    const waiting = [...this.#options.identities];
    const worker = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        await this.#takeThrough(next);
      }
    };
    const workers: Promise<void>[] = [];
    const count = Math.min(this.#options.concurrency, waiting.length);
    for (let started = 0; started < count; started++) {
      workers.push(worker());
      await this.#wait(this.#options.spreadMilliseconds);
    }
    await Promise.all(workers);
  }

  /** Un-registers every phone that is registered and switches all off. */
  async stop(): Promise<void> {
    await Promise.all(this.#running.map((running) => this.#stopOne(running)));
  }

  /** How far each phone that was started has come, in the order of their starts. */
  get runs(): readonly PhoneRun[] {
    return this.#running.map(({ phone, done, failure }) => ({
      identity: phone.identity,
      done,
      failure,
    }));
  }

  async #takeThrough(identity: PhoneIdentity): Promise<void> {
    const { provisioningUrl, onFault } = this.#options;
    const phone = new SimulatedPhone({ ...identity, provisioningUrl, clock: this.#clock });
    phone.on("fault", (error) => onFault(identity, error));
    const running: RunningPhone = { phone, done: [], failure: undefined };
    this.#running.push(running);
    try {
      running.failure = (await this.#boot(running)) ?? (await this.#enrol(running));
    } catch (error) {
      onFault(identity, error);
      const step = fleetSteps.find((candidate) => !running.done.includes(candidate));
      const reason = error instanceof Error ? error.message : String(error);
      running.failure = { step: step ?? "un-registration", reason };
    }
  }

  async #boot({ phone, done }: RunningPhone): Promise<PhoneRun["failure"]> {
    const boot = await phone.boot();
    if (boot.outcome === "registered") {
      done.push("provisioning", "registration");
      return undefined;
    }
    if (boot.step === "registration") done.push("provisioning");
    return boot;
  }

  async #enrol({ phone, done }: RunningPhone): Promise<PhoneRun["failure"]> {
    const code = this.#options.codes.get(phone.identity.macAddress);
    if (code === undefined) return { step: "enrolment", reason: "There is no verification code." };
    const refetched = this.#nextRefetch(phone);
    const call = await phone.dial(`*55*${code}`);
    if (call.status !== 200) {
      refetched.giveUp();
      return { step: "enrolment", reason: `*55* was answered ${call.status} ${call.reason}` };
    }
    if (call.rtpPackets === 0 || call.endedBy !== "far-end") {
      refetched.giveUp();
      const heard = `${call.rtpPackets} RTP packets came, ended by ${call.endedBy}`;
      return { step: "enrolment", reason: `No tone or no BYE: ${heard}` };
    }
    done.push("enrolment");
    const outcome = await refetched.promise;
    if (outcome === undefined) return { step: "synchronisation", reason: "No NOTIFY came." };
    const reason = whyNotFetched(outcome);
    if (reason !== undefined) return { step: "synchronisation", reason };
    done.push("synchronisation");
    return undefined;
  }

  /** What the next NOTIFY leads to; undefined when none comes in time, or once given up. */
  #nextRefetch(phone: SimulatedPhone): {
    readonly promise: Promise<RefetchOutcome | undefined>;
    readonly giveUp: () => void;
  } {
    const { promise, resolve } = Promise.withResolvers<RefetchOutcome | undefined>();
    const deadline = this.#clock.schedule(synchronisationMilliseconds, () => resolve(undefined));
    // How long the fetch itself may take is the phone's affair: a busy gateway asks it to come back later.
    phone.on("notify", ({ status }) => {
      if (status === 200) deadline.cancel();
    });
    phone.once("refetched", resolve);
    const giveUp = () => {
      deadline.cancel();
      resolve(undefined);
    };
    return { promise, giveUp };
  }

  async #stopOne(running: RunningPhone): Promise<void> {
    const wasRegistered = running.phone.registration.kind === "registered";
    const status = await running.phone.stop();
    if (!wasRegistered) return;
    if (status === 200) running.done.push("un-registration");
    else {
      const reason = `REGISTER with Expires 0 was answered ${status}`;
      running.failure ??= { step: "un-registration", reason };
    }
  }

  #wait(milliseconds: number): Promise<void> {
    return new Promise((resolve) => void this.#clock.schedule(milliseconds, resolve));
  }
}

function whyNotFetched(outcome: RefetchOutcome): string | undefined {
  switch (outcome.outcome) {
    case "fetched":
      return undefined;
    case "restarted":
      return outcome.boot.outcome === "registered" ? undefined : outcome.boot.reason;
    case "failed":
      return outcome.reason;
  }
}
