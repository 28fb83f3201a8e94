import { AdminClient } from "../../support/admin-client.ts";
import { type GatewayOnStore, type StoreKind, startGatewayOn } from "../gateway-on-store.ts";
import { PhoneFleet } from "./phone-fleet.ts";
import { seedSignedInDevices } from "./seed-signed-in-devices.ts";

/** How far gateway time goes between two looks at which phones have something to do. */
export const stepSeconds = 20;
/**
 * A step is gone in strides: a gateway paces itself by a bucket that holds what may happen within a
 * second, and a jump fills it once, however far it goes.
 */
const stridesPerStep = 4;
/** Over how long the phones start: their site's switches come up one after the other. */
const startSeconds = 900;
/** Answers after which the gateway is killed in the middle of a step. */
const answersBeforeKill = 20;
/** The least that the laboratory's clock can be moved by, to be told the time. */
const momentSeconds = 0.001;

/** Ten thousand signed-in phones at a gateway in the laboratory, whose time moves when it is told to. */
export class Rehearsal {
  readonly admin: AdminClient;
  readonly fleet: PhoneFleet;
  readonly #running: GatewayOnStore;
  #now: number;

  private constructor(running: GatewayOnStore, admin: AdminClient, fleet: PhoneFleet, now: number) {
    this.#running = running;
    this.admin = admin;
    this.fleet = fleet;
    this.#now = now;
  }

  /** Starts a gateway on a storage that holds so many signed-in devices; no phone is registered yet. */
  static async begin(store: StoreKind, phones: number): Promise<Rehearsal> {
    const running = await startGatewayOn(store);
    try {
      const { gateway, storage } = running;
      await gateway.terminate();
      const identities = await seedSignedInDevices(storage, phones);
      await gateway.restart();
      const admin = new AdminClient(gateway);
      const now = await admin.advanceClock(momentSeconds);
      const fleet = await PhoneFleet.open(identities, gateway, {
        firstMilliseconds: now,
        lastMilliseconds: now + startSeconds * 1000,
      });
      return new Rehearsal(running, admin, fleet, now);
    } catch (error) {
      await running.stop();
      throw error;
    }
  }

  /** Gateway time as it was when it was last moved, in milliseconds since 1970. */
  get nowMilliseconds(): number {
    return this.#now;
  }

  /** What the gateway has said of itself, warnings and errors. */
  get output(): string {
    return this.#running.gateway.output;
  }

  /** Moves gateway time on and lets the phones do all that is due by then. */
  async step(): Promise<void> {
    await this.#advanceStep();
    await this.fleet.run(this.#now);
  }

  /**
   * A step in whose middle the gateway is killed, and its Redis. It is started again, its time
   * moved to where it was: the laboratory's clock begins with the machine's.
   * @returns the gateway time of that step
   */
  async stepThroughKill(): Promise<number> {
    await this.#advanceStep();
    const run = this.fleet.run(this.#now);
    await Promise.race([run, this.fleet.untilAnswered(answersBeforeKill)]);
    await this.#running.killAll();
    this.fleet.abandonRun();
    await run;
    await this.#running.restartAll();
    const restarted = await this.admin.advanceClock(momentSeconds);
    const killedAt = this.#now;
    this.#now = await this.admin.advanceClock((killedAt - restarted) / 1000);
    return killedAt;
  }

  async #advanceStep(): Promise<void> {
    for (let stride = 0; stride < stridesPerStep; stride++) {
      this.#now = await this.admin.advanceClock(stepSeconds / stridesPerStep);
    }
  }

  async stop(): Promise<void> {
    this.fleet.close();
    await this.#running.stop();
  }
}
