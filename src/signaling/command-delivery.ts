import type { Clock } from "../../sip/clock.ts";
import {
  type Command,
  type CommandKind,
  type CommandStatus,
  commandsKeptPerDevice,
  longestDeliveryMilliseconds,
} from "../domain/command.ts";
import type { Device } from "../domain/device.ts";
import type { MacAddress } from "../domain/mac-address.ts";
import { recordDeviceEvent } from "../domain/record-device-event.ts";
import { resetDevice } from "../domain/retire-device.ts";
import { signOutDevice } from "../domain/sign-out-device.ts";
import type { Stores } from "../domain/stores.ts";
import type { TellPhone } from "../domain/tell-phone.ts";
import type { TenantId } from "../domain/tenant.ts";
import { describeCommand, isDoneByGateway } from "./describe-command.ts";
import type { DeviceNotifier } from "./device-notifier.ts";
import type { NotifyOutcome } from "./notify-outcome.ts";
import type { DeviceArrival } from "./registrar/device-arrivals.ts";
import type { SignalingLogger } from "./signaling-logger.ts";

/** What command delivery needs. */
export interface CommandDeliveryDependencies {
  readonly clock: Clock;
  readonly stores: Stores;
  readonly notifier: DeviceNotifier;
  readonly logger: SignalingLogger;
}

/** Answers of a phone that count as silence: 408 is also what a proxy on the way says for it. */
const timeoutStatus = 408;

/** What is going on with one device. */
interface Delivery {
  done: Promise<void>;
  /** Something was queued while the queue was being emptied. */
  queuedMeanwhile: boolean;
  /** The phone registered meanwhile: what had to wait for that need not any more. */
  arrivedMeanwhile: boolean;
  /** What was taken from the queue, and neither settled nor put back. */
  readonly taken: Set<Command>;
}

/**
 * Brings commands to phones, one at a time for each: now, or when the phone next registers. What is
 * queued is in the store; in memory is only who is worth a look at each refresh.
 */
export class CommandDelivery {
  readonly #needs: CommandDeliveryDependencies;
  /** Devices whose queue may hold something. */
  readonly #waiting = new Set<MacAddress>();
  /** Devices that were looked at since this node began; of others an earlier life may have left some. */
  readonly #met = new Set<MacAddress>();
  readonly #underWay = new Map<MacAddress, Delivery>();

  constructor(dependencies: CommandDeliveryDependencies) {
    this.#needs = dependencies;
  }

  /**
   * Delivers what is queued for a device, in order, until the queue is empty or the phone is away.
   * Resolves when that is done, which is 32 s and more for a phone that does not answer. Never rejects.
   */
  deliver(tenantId: TenantId, macAddress: MacAddress): Promise<void> {
    const current = this.#underWay.get(macAddress);
    if (current === undefined) return this.#begin(tenantId, macAddress);
    current.queuedMeanwhile = true;
    return current.done;
  }

  /** A phone registered: looked at when it is new, when it is the first time, or when something waits. */
  arrived({ tenantId, macAddress, isNew }: DeviceArrival): void {
    const current = this.#underWay.get(macAddress);
    if (current !== undefined) current.arrivedMeanwhile = true;
    else if (isNew || !this.#met.has(macAddress) || this.#waiting.has(macAddress)) {
      void this.#begin(tenantId, macAddress);
    }
  }

  /** Puts back into the queue what was sent and has not been answered: it is sent again, not lost. Never rejects. */
  async stop(): Promise<void> {
    for (const delivery of this.#underWay.values()) await this.#putBack(delivery);
  }

  #begin(tenantId: TenantId, macAddress: MacAddress): Promise<void> {
    this.#waiting.add(macAddress);
    this.#met.add(macAddress);
    const delivery: Delivery = {
      done: Promise.resolve(),
      queuedMeanwhile: false,
      arrivedMeanwhile: false,
      taken: new Set(),
    };
    this.#underWay.set(macAddress, delivery);
    delivery.done = this.#deliverAll(tenantId, macAddress, delivery);
    return delivery.done;
  }

  async #deliverAll(tenantId: TenantId, macAddress: MacAddress, delivery: Delivery): Promise<void> {
    try {
      for (;;) {
        delivery.queuedMeanwhile = false;
        delivery.arrivedMeanwhile = false;
        const step = await this.#deliverNext(tenantId, macAddress, delivery);
        if (step === "phone-away") await this.#doWithoutPhone(tenantId, macAddress, delivery);
        if (step === "settled" || delivery.arrivedMeanwhile) continue;
        if (step === "phone-away") break;
        if (delivery.queuedMeanwhile) continue;
        if (step === "nothing-queued") this.#waiting.delete(macAddress);
        break;
      }
    } catch (error) {
      this.#needs.logger.error({ err: error, macAddress }, "A command was not delivered");
      await this.#putBack(delivery);
    } finally {
      this.#underWay.delete(macAddress);
    }
  }

  /**
   * Looks through the queue for what the gateway does by itself: a sign-out must not wait, behind a
   * restart, for a phone that may be lost. The rest goes back to where it stood.
   */
  async #doWithoutPhone(
    tenantId: TenantId,
    macAddress: MacAddress,
    delivery: Delivery,
  ): Promise<void> {
    const { stores, clock } = this.#needs;
    for (let looked = 0; looked < commandsKeptPerDevice; looked++) {
      const now = clock.nowMilliseconds();
      // No `sent` one holds this up: those are the ones held here.
      const command = await stores.commands.takeNext(tenantId, macAddress, now, now + 1);
      if (command === undefined) break;
      delivery.taken.add(command);
      if (!isDoneByGateway(command.kind)) continue;
      await this.#settle(command, await this.#carryOut(command));
      delivery.taken.delete(command);
    }
    await this.#putBack(delivery);
  }

  /** Never rejects. */
  async #putBack({ taken }: Delivery): Promise<void> {
    for (const command of taken) {
      taken.delete(command);
      await this.#needs.stores.commands.requeue(command).catch((error: unknown) => {
        const { id: commandId } = command;
        this.#needs.logger.error({ err: error, commandId }, "A command hangs between two states");
      });
    }
  }

  async #deliverNext(
    tenantId: TenantId,
    macAddress: MacAddress,
    delivery: Delivery,
  ): Promise<"settled" | "phone-away" | "sent-elsewhere" | "nothing-queued"> {
    const { clock } = this.#needs;
    const { commands } = this.#needs.stores;
    const now = clock.nowMilliseconds();
    const sentAfter = now - longestDeliveryMilliseconds;
    // What a node was sending when it died is sent again; what it may still be sending waits for that.
    const isSentElsewhere = await commands.reclaim(tenantId, macAddress, sentAfter);
    if (isSentElsewhere) return "sent-elsewhere";
    const command = await commands.takeNext(tenantId, macAddress, now, sentAfter);
    if (command === undefined) return "nothing-queued";
    delivery.taken.add(command);
    this.#publish(command, "sent");
    const outcome = await this.#carryOut(command);
    const isDone = await this.#finish(command, outcome);
    delivery.taken.delete(command);
    // A phone that restarts hears nothing until it registers again.
    return isDone && command.kind !== "restart" ? "settled" : "phone-away";
  }

  /** @returns false when the command went back into the queue */
  async #finish(command: Command, outcome: NotifyOutcome): Promise<boolean> {
    const isAway = outcome.outcome === "offline" || outcome.outcome === "unreachable";
    // What the gateway has done by itself must not be done again to whoever is signed in by then.
    if (isAway && !isDoneByGateway(command.kind)) {
      await this.#needs.stores.commands.requeue(command);
      this.#publish(command, "queued");
      return false;
    }
    await this.#settle(command, outcome);
    return true;
  }

  async #carryOut(command: Command): Promise<NotifyOutcome> {
    const { stores, notifier } = this.#needs;
    const device = (await stores.devices.find(command.tenantId, command.macAddress))?.value;
    if (device === undefined) return { outcome: "unknown-vendor" };
    switch (command.kind) {
      case "restart":
        return notifier.restart(device);
      case "sync":
        return notifier.tell(await notifier.find(device), "resync");
      case "sign-out":
      case "reset":
        return this.#changeAndTell(command, device);
    }
  }

  /** Finds the phone before the change ends its binding, and tells it when the change is stored. */
  async #changeAndTell(command: Command, device: Device): Promise<NotifyOutcome> {
    const { stores, clock, notifier } = this.#needs;
    const { tenantId, macAddress, actor, upn } = command;
    const phone = await notifier.find(device);
    let told: Promise<NotifyOutcome> | undefined;
    const tellPhone: TellPhone = () => {
      told ??= notifier.tell(phone, "resync");
      return Promise.resolve();
    };
    const dependencies = { ...stores, clock };
    if (command.kind === "reset") {
      await resetDevice(dependencies, tenantId, macAddress, actor, tellPhone);
    } else {
      const text = `Signed out by ${actor}.`;
      // Sent again after a stop or a crash, it must not sign out who came after.
      const whom = upn === null || upn === undefined ? {} : { upn };
      await signOutDevice(dependencies, { tenantId, macAddress, actor, text, ...whom }, tellPhone);
    }
    return told ?? notifier.tell(phone, "resync");
  }

  async #settle(command: Command, outcome: NotifyOutcome): Promise<void> {
    const { stores, clock } = this.#needs;
    const { tenantId, macAddress, actor } = command;
    const status = statusOf(command.kind, outcome);
    const answered = outcome.outcome === "answered";
    await stores.commands.settle({
      ...command,
      status,
      settledAtMilliseconds: clock.nowMilliseconds(),
      answer: answered ? { status: outcome.status, reason: outcome.reason } : null,
    });
    this.#publish(command, status);
    await recordDeviceEvent(
      { history: stores.history, liveEvents: stores.liveEvents, clock },
      {
        tenantId,
        macAddress,
        kind: "command",
        text: describeCommand(command.kind, outcome),
        actor,
      },
    );
  }

  #publish({ tenantId, id }: Command, change: CommandStatus): void {
    const { stores, clock } = this.#needs;
    const atMilliseconds = clock.nowMilliseconds();
    stores.liveEvents.publish({ type: "command", tenantId, atMilliseconds, subject: id, change });
  }
}

function statusOf(kind: CommandKind, outcome: NotifyOutcome): "accepted" | "refused" | "timed-out" {
  switch (outcome.outcome) {
    case "answered":
      if (outcome.status < 300) return "accepted";
      return outcome.status === timeoutStatus ? "timed-out" : "refused";
    case "timed-out":
      return "timed-out";
    default:
      return isDoneByGateway(kind) ? "accepted" : "refused";
  }
}
