import { EventEmitter } from "node:events";
import type { ServedVendor } from "../../../provisioning-http/vendor.ts";
import type { Clock } from "../../../sip/clock.ts";
import type { AnsweredCall } from "./incoming-call.ts";
import type { CallResult } from "./outgoing-call.ts";
import { type HttpExchange, PhoneHttp } from "./phone-http.ts";
import type { PhoneIdentity } from "./phone-identity.ts";
import { PhoneLine, type ReceivedNotify } from "./phone-line.ts";
import { PhoneScreen } from "./phone-screen.ts";
import {
  ConfigurationError,
  isSameAccount,
  type LineSettings,
  type PhoneSettings,
} from "./phone-settings.ts";
import type { RegistrationState } from "./registration-state.ts";
import type { VendorBehavior } from "./vendor-behavior.ts";
import { vendorBehaviors } from "./vendor-behaviors.ts";

/** What a simulated phone is made of. */
export interface SimulatedPhoneOptions {
  readonly vendor: ServedVendor;
  /** 12 lower-case hex digits. */
  readonly macAddress: string;
  readonly model: string;
  readonly firmware: string;
  /** What an administrator types in or DHCP says: the folder's URL, `http://127.0.0.1:8080/emea/`. */
  readonly provisioningUrl: string;
  /** Calls are answered at once, with silence, and ended after this time; by default they are declined. */
  readonly answersForSeconds?: number;
  readonly clock: Clock;
}

/** The steps on the way to a registration. */
export type BootStep = "provisioning" | "registration";

/** Where a phone is. */
export type PhoneState =
  | { readonly kind: "off" }
  | { readonly kind: "fetching" }
  | { readonly kind: "registering" }
  /** It has its configuration and looks after its registration; see `registration`. */
  | { readonly kind: "running" }
  | { readonly kind: "failed"; readonly step: BootStep; readonly reason: string };

/** How a start went. */
export type BootOutcome =
  | { readonly outcome: "registered"; readonly expiresSeconds: number }
  | { readonly outcome: "failed"; readonly step: BootStep; readonly reason: string };

/** What a NOTIFY led to. */
export type RefetchOutcome =
  | { readonly outcome: "fetched"; readonly accountChanged: boolean }
  | { readonly outcome: "restarted"; readonly boot: BootOutcome }
  | { readonly outcome: "failed"; readonly reason: string };

/** What a phone tells whoever listens. */
export interface SimulatedPhoneEvents {
  state: [PhoneState];
  registration: [RegistrationState];
  http: [HttpExchange];
  notify: [ReceivedNotify];
  /** A NOTIFY was accepted, and the phone has done what it asked for. */
  refetched: [RefetchOutcome];
  /** A call that it answered is over. */
  answered: [AnsweredCall];
  /** Something that should not happen. */
  fault: [unknown];
}

/** A configuration that sends the phone on to another one, and that on, and so on. */
const mostHops = 3;

/**
 * A desk phone as the gateway sees it: fetches its vendor's files in its vendor's order, registers,
 * dials, and does what its vendor's phones do on a NOTIFY. Whoever makes one calls `stop()`.
 */
export class SimulatedPhone extends EventEmitter<SimulatedPhoneEvents> {
  readonly identity: PhoneIdentity;
  readonly #clock: Clock;
  readonly #behavior: VendorBehavior;
  readonly #http: PhoneHttp;
  readonly #answersForSeconds: number | undefined;
  /** Where it asks at its next start; survives a restart, as flash memory does. */
  #source: string;
  /** The page that its key opens. */
  #screenUrl: string | undefined;
  #line: PhoneLine | undefined;
  #state: PhoneState = { kind: "off" };
  #stopped = false;
  /** Starts, fetches and the stop come one after the other. */
  #work: Promise<unknown> = Promise.resolve();

  constructor(options: SimulatedPhoneOptions) {
    super();
    const { vendor, macAddress, model, firmware, clock, provisioningUrl } = options;
    this.identity = { vendor, macAddress, model, firmware };
    this.#clock = clock;
    this.#behavior = vendorBehaviors[vendor];
    this.#source = provisioningUrl;
    this.#answersForSeconds = options.answersForSeconds;
    this.#http = new PhoneHttp({ clock, onExchange: (exchange) => this.emit("http", exchange) });
  }

  get state(): PhoneState {
    return this.#state;
  }

  get registration(): RegistrationState {
    return this.#line?.registration ?? { kind: "unregistered" };
  }

  /** The account it was given; undefined before. Holds the password. */
  get account(): LineSettings | undefined {
    return this.#line?.settings;
  }

  /**
   * Switches the phone on: it fetches its configuration, follows it to its next URL as real phones
   * do after the restart that follows, and registers. Also what a restart is. Never rejects for
   * what a gateway did.
   */
  boot(): Promise<BootOutcome> {
    return this.#inTurn(async () => {
      await this.#line?.cut();
      this.#line = undefined;
      return this.#boot();
    });
  }

  /**
   * Resolves when the phone is registered with the account of this user: the AOR's user part, an
   * E.164 number after a sign-in, the MAC address after a sign-out. Waits for as long as it takes.
   * @throws Error when the phone is switched off before
   */
  async waitForAccount(user: string): Promise<void> {
    while (this.account?.user !== user || this.registration.kind !== "registered") {
      if (this.#stopped) throw new Error(`The phone was switched off before it was ${user}.`);
      await new Promise<void>((resolve) => {
        const look = () => {
          this.off("registration", look);
          this.off("state", look);
          resolve();
        };
        this.on("registration", look);
        this.on("state", look);
      });
    }
  }

  /** Dials a number, and resolves when the call is over. @throws Error when the phone has no line */
  dial(number: string): Promise<CallResult> {
    if (this.#line === undefined) throw new Error("The phone has no line yet; boot it first.");
    return this.#line.dial(number);
  }

  /** Presses the key that opens a page in the phone's browser. @throws ScreenError when there is none */
  openScreen(): Promise<PhoneScreen> {
    return PhoneScreen.open(this.#http, this.identity, this.#behavior.browser, this.#screenUrl);
  }

  /** Puts the receiver down, if it is off. */
  hangUp(): void {
    this.#line?.hangUp();
  }

  /**
   * Un-registers and switches it off for good.
   * @returns the status that the registrar answered the un-registration with; undefined where there was nothing to end
   */
  stop(): Promise<number | undefined> {
    this.#stopped = true;
    return this.#inTurn(async () => {
      const answer = await this.#line?.close();
      this.#line = undefined;
      this.#enter({ kind: "off" });
      return answer?.status;
    });
  }

  #inTurn<Result>(task: () => Promise<Result>): Promise<Result> {
    const result = this.#work.then(task);
    this.#work = result.catch((error: unknown) => this.emit("fault", error));
    return result;
  }

  async #boot(): Promise<BootOutcome> {
    try {
      this.#enter({ kind: "fetching" });
      const settings = await this.#fetchFromNextSource();
      return await this.#goOnline(settings);
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      return this.#fail("provisioning", error.message);
    }
  }

  /** @throws ConfigurationError */
  async #fetchFromNextSource(): Promise<PhoneSettings> {
    for (let hops = 0; hops <= mostHops; hops++) {
      const settings = await this.#behavior.fetchSettings(this.#http, this.identity, this.#source);
      this.#screenUrl = settings.screenUrl;
      const next = settings.nextSource ?? this.#source;
      if (next === this.#source) return settings;
      this.#source = next;
    }
    throw new ConfigurationError(`The configuration names another next URL ${mostHops + 1} times.`);
  }

  async #goOnline(settings: PhoneSettings): Promise<BootOutcome> {
    if (settings.line === undefined) {
      return this.#fail("provisioning", "The configuration holds no account.");
    }
    const line = await this.#openLine(settings.line, settings);
    this.#line = line;
    this.#enter({ kind: "registering" });
    const registration = await line.register();
    if (registration.kind === "registered") {
      this.#enter({ kind: "running" });
      return { outcome: "registered", expiresSeconds: registration.expiresSeconds };
    }
    const reason =
      registration.kind === "refused"
        ? `REGISTER was answered ${registration.status} ${registration.reason}`
        : "The phone was stopped.";
    return this.#fail("registration", reason);
  }

  #openLine(account: LineSettings, { notify }: PhoneSettings): Promise<PhoneLine> {
    return PhoneLine.open({
      clock: this.#clock,
      identity: this.identity,
      behavior: this.#behavior,
      settings: account,
      notify,
      answersForSeconds: this.#answersForSeconds,
      onRegistration: (state) => this.#onRegistration(state),
      onNotify: (received) => this.#onNotify(received),
      onAnsweredCall: (call) => this.emit("answered", call),
      onFault: (error) => this.emit("fault", error),
    });
  }

  #onRegistration(state: RegistrationState): void {
    this.emit("registration", state);
    // A line that was refused tries again by itself.
    if (state.kind === "registered" && this.#state.kind === "failed") {
      this.#enter({ kind: "running" });
    }
  }

  #onNotify(received: ReceivedNotify): void {
    this.emit("notify", received);
    const { reaction } = received;
    if (this.#stopped || (reaction !== "fetch" && reaction !== "restart")) return;
    void this.#inTurn(async () => {
      // Phones fetch and restart when they are idle.
      await this.#line?.idle();
      if (this.#stopped) return;
      this.emit("refetched", reaction === "fetch" ? await this.#refetch() : await this.#restart());
    });
  }

  async #restart(): Promise<RefetchOutcome> {
    await this.#line?.cut();
    this.#line = undefined;
    return { outcome: "restarted", boot: await this.#boot() };
  }

  async #refetch(): Promise<RefetchOutcome> {
    try {
      const settings = await this.#fetchFromNextSource();
      const accountChanged = !isSameAccount(this.#line?.settings, settings.line);
      if (accountChanged) {
        await this.#line?.close();
        this.#line = undefined;
        const boot = await this.#goOnline(settings);
        if (boot.outcome === "failed") return { outcome: "failed", reason: boot.reason };
      }
      return { outcome: "fetched", accountChanged };
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      // A phone that cannot fetch keeps what it has.
      return { outcome: "failed", reason: error.message };
    }
  }

  #fail(step: BootStep, reason: string): BootOutcome {
    this.#enter({ kind: "failed", step, reason });
    return { outcome: "failed", step, reason };
  }

  #enter(state: PhoneState): void {
    this.#state = state;
    this.emit("state", state);
  }
}
