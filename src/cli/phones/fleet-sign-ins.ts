import { randomBytes } from "node:crypto";
import type { Clock } from "../../../sip/clock.ts";
import type { RemoteSignIn } from "../../lab/simulated-phones/phone-fleet.ts";
import type { PhoneIdentity } from "../../lab/simulated-phones/phone-identity.ts";
import { SignInPageError, signInAsPerson } from "../sign-in-as-person.ts";
import {
  FleetAdministrationError,
  type FleetAdministrator,
  type SignInStanding,
} from "./fleet-administrator.ts";
import { fleetUserOf } from "./fleet-user.ts";

/** As many passwords as the gateway checks at a time. */
const peopleAtOnce = 4;

/** The gateway asks its identity provider every five seconds. */
const lookMilliseconds = 1_000;

/** What signing a fleet's users in needs. */
export interface FleetSignInsOptions {
  readonly administrator: FleetAdministrator;
  readonly clock: Clock;
}

/**
 * Signs a user in on each phone of a fleet: enters the user, begins the sign-in, and does on the
 * sign-in page what the user would, a few people at a time.
 */
export class FleetSignIns {
  readonly #options: FleetSignInsOptions;
  /** Of all users of this run; kept nowhere else. */
  readonly #password = randomBytes(18).toString("base64url");
  readonly #waiting: (() => void)[] = [];
  #atWork = 0;

  constructor(options: FleetSignInsOptions) {
    this.#options = options;
  }

  /** Resolves when the gateway has signed the user in, or says why not. */
  async signIn(identity: PhoneIdentity): Promise<RemoteSignIn> {
    const user = fleetUserOf(identity, this.#password);
    const { administrator, clock } = this.#options;
    const { macAddress } = identity;
    try {
      await this.#oneOfAFew(async () => {
        await administrator.putUser(user);
        await signInAsPerson(await administrator.startSignIn(macAddress), user, clock);
      });
      const { status, reason } = await this.#end(macAddress);
      if (status === "completed") return { outcome: "completed", phoneNumber: user.phoneNumber };
      return { outcome: "refused", reason: reason ?? `The sign-in ${status}.` };
    } catch (error) {
      const isRefusal =
        error instanceof FleetAdministrationError || error instanceof SignInPageError;
      if (!isRefusal) throw error;
      return { outcome: "refused", reason: error.message };
    }
  }

  /** A sign-in that stays pending expires, so this ends. */
  async #end(macAddress: string): Promise<SignInStanding> {
    const { administrator, clock } = this.#options;
    for (;;) {
      const standing = await administrator.signInStanding(macAddress);
      if (standing.status !== "pending") return standing;
      await new Promise<void>((resolve) => void clock.schedule(lookMilliseconds, resolve));
    }
  }

  async #oneOfAFew(task: () => Promise<void>): Promise<void> {
    while (this.#atWork >= peopleAtOnce) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    this.#atWork++;
    try {
      await task();
    } finally {
      this.#atWork--;
      this.#waiting.shift()?.();
    }
  }
}
