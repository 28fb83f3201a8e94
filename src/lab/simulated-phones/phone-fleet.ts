import { type Clock, SystemClock } from "../../../sip/clock.ts";
import { callInPairs } from "./fleet-calls.ts";
import type { PhoneIdentity } from "./phone-identity.ts";
import { type RefetchOutcome, SimulatedPhone } from "./simulated-phone.ts";

/** What each phone of a fleet goes through, in this order. */
export const fleetSteps = [
  "provisioning",
  "registration",
  "enrolment",
  "synchronisation",
  "sign-in",
  "call",
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

/** What came of signing a user in on a phone from afar, as the gateway tells it. */
export type RemoteSignIn =
  /** The phone is to come back as this number's, E.164 with a plus. */
  | { readonly outcome: "completed"; readonly phoneNumber: string }
  | { readonly outcome: "refused"; readonly reason: string };

/** What a fleet is made of. */
export interface PhoneFleetOptions {
  readonly identities: readonly PhoneIdentity[];
  /** The region's folder: `http://127.0.0.1:8080/emea/`. */
  readonly provisioningUrl: string;
  /** The verification code of each phone by its MAC address, 12 lower-case hex digits. */
  readonly codes: ReadonlyMap<string, string>;
  /** Signs a user in on a phone that waits for it; absent: sign-in and calls are left out. */
  readonly signIn?: (identity: PhoneIdentity) => Promise<RemoteSignIn>;
  /** Phones that are between their start and the end of their sign-in at once, and then in calls. */
  readonly concurrency: number;
  /** Between the starts of two phones, so that they do not all ask in the same instant. */
  readonly spreadMilliseconds: number;
  readonly onFault: (identity: PhoneIdentity, error: unknown) => void;
  /** The machine's own by default. */
  readonly clock?: Clock;
}

/** How long after it dialled a phone waits to be told to fetch: a call of some seconds, and then the NOTIFY. */
const synchronisationMilliseconds = 30_000;

/** How long after its sign-in a phone may take to fetch, and to register as its user. */
const arrivalMilliseconds = 60_000;

/** How long a phone listens to who calls it. */
const callSeconds = 2;

interface RunningPhone {
  readonly phone: SimulatedPhone;
  readonly done: FleetStep[];
  failure: PhoneRun["failure"];
}

/** Many simulated phones in one process, from their start to their end. Whoever runs it calls `stop()`. */
export class PhoneFleet {
  readonly #options: PhoneFleetOptions;
  readonly #clock: Clock;
  readonly #running: RunningPhone[] = [];

  constructor(options: PhoneFleetOptions) {
    this.#options = options;
    this.#clock = options.clock ?? new SystemClock();
  }

  /** Takes every phone as far as it comes, up to the end of its call. */
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
    await this.#callEachOther();
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
    const phone = new SimulatedPhone({
      ...identity,
      provisioningUrl,
      answersForSeconds: callSeconds,
      clock: this.#clock,
    });
    phone.on("fault", (error) => onFault(identity, error));
    const running: RunningPhone = { phone, done: [], failure: undefined };
    this.#running.push(running);
    try {
      running.failure =
        (await this.#boot(running)) ??
        (await this.#enrol(running)) ??
        (await this.#signIn(running));
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

  async #signIn({ phone, done }: RunningPhone): Promise<PhoneRun["failure"]> {
    const signIn = await this.#options.signIn?.(phone.identity);
    if (signIn === undefined) return undefined;
    if (signIn.outcome === "refused") return { step: "sign-in", reason: signIn.reason };
    if (!(await this.#hasArrived(phone, signIn.phoneNumber))) {
      const seconds = arrivalMilliseconds / 1000;
      return { step: "sign-in", reason: `It was not back as its user within ${seconds} s.` };
    }
    done.push("sign-in");
    return undefined;
  }

  async #hasArrived(phone: SimulatedPhone, user: string): Promise<boolean> {
    const { promise: late, resolve } = Promise.withResolvers<false>();
    const deadline = this.#clock.schedule(arrivalMilliseconds, () => resolve(false));
    // One that is switched off while it is waited for has not arrived.
    const arrival = phone.waitForAccount(user).then(
      () => true,
      () => false,
    );
    const arrived = await Promise.race([arrival, late]);
    deadline.cancel();
    return arrived;
  }

  async #callEachOther(): Promise<void> {
    const signedIn = this.#running.filter(({ done }) => done.includes("sign-in"));
    const [only] = signedIn;
    if (signedIn.length === 1 && only !== undefined && this.#running.length > 1) {
      only.failure = { step: "call", reason: "No other phone is signed in." };
    }
    const byPhone = new Map(signedIn.map((running) => [running.phone, running]));
    await callInPairs([...byPhone.keys()], {
      clock: this.#clock,
      atOnce: Math.ceil(this.#options.concurrency / 2),
      onEnd: (phone, reason) => {
        const running = byPhone.get(phone);
        if (running === undefined) return;
        if (reason === undefined) running.done.push("call");
        else running.failure ??= { step: "call", reason };
      },
    });
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
