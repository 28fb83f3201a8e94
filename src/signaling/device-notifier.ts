import type { Clock } from "../../sip/clock.ts";
import { parseUri } from "../../sip/message/sip-uri.ts";
import { NextHopError } from "../../sip/proxy/next-hop-error.ts";
import { resolveNextHop } from "../../sip/proxy/resolve-next-hop.ts";
import { selectFlow } from "../../sip/proxy/select-flow.ts";
import { TransportError } from "../../sip/transport/transport-error.ts";
import type { TransportLayer } from "../../sip/transport/transport-layer.ts";
import { buildRequest } from "../../sip/user-agent/build-request.ts";
import type { UserAgentClient } from "../../sip/user-agent/user-agent-client.ts";
import type { Binding } from "../domain/binding.ts";
import type { Device } from "../domain/device.ts";
import { phoneActor, recordDeviceEvent } from "../domain/record-device-event.ts";
import type { Stores } from "../domain/stores.ts";
import type { BindingTargets } from "./binding-targets.ts";
import type { LineCredentials } from "./line-credentials.ts";
import { describeResync, type NotifyOutcome, readOutcome } from "./notify-outcome.ts";

/** What a phone is asked for by NOTIFY. */
export type NotifyPurpose = "resync" | "restart";

/** The Event of the NOTIFY for each purpose, parameters and all. */
export type NotifyEvents = Readonly<Record<NotifyPurpose, string>>;

/** What a device notifier needs. */
export interface DeviceNotifierDependencies {
  readonly stores: Pick<Stores, "bindings" | "history" | "liveEvents">;
  readonly clock: Clock;
  readonly client: UserAgentClient;
  readonly targets: BindingTargets;
  readonly transport: Pick<TransportLayer, "flowTo">;
  readonly lineCredentials: LineCredentials;
  /** What a device's phone acts upon; undefined when its vendor is unknown. */
  readonly notifyEvents: (device: Device) => NotifyEvents | undefined;
  /** The gateway's own URI: `sip:gateway@192.0.2.1:5060`. */
  readonly gatewayUri: () => string;
}

/** A phone that can be told something, wherever its bindings go meanwhile. */
export interface ReachablePhone {
  readonly device: Device;
  readonly binding: Binding;
}

/** Bindings of one device that are looked at; a phone has one, and after a reboot perhaps two. */
const mostBindings = 10;

/**
 * Tells phones by NOTIFY to do something: fetch their configuration, or restart. It goes to one
 * binding of the device, the one that was refreshed last, never to all of an AOR; a phone that asks
 * who speaks is answered with the credentials of the line that the binding belongs to (Cisco's
 * `Auth_Resync-Reboot`, Grandstream's P4428).
 */
export class DeviceNotifier {
  readonly #needs: DeviceNotifierDependencies;

  constructor(dependencies: DeviceNotifierDependencies) {
    this.#needs = dependencies;
  }

  /**
   * Asks a phone to fetch its configuration, and writes the outcome into the device's history.
   * @throws StoreUnavailableError
   */
  async resync(device: Device): Promise<NotifyOutcome> {
    return this.#resyncAndRecord(device, await this.find(device));
  }

  /**
   * As `resync`, but resolves as soon as the binding is found: what becomes of the device's bindings
   * after that, a sign-out's end of them, keeps the NOTIFY from nobody.
   * @returns the outcome, still to come
   * @throws StoreUnavailableError
   */
  async beginResync(device: Device): Promise<{ readonly outcome: Promise<NotifyOutcome> }> {
    const phone = await this.find(device);
    return { outcome: this.#resyncAndRecord(device, phone) };
  }

  /** Asks a phone to restart. Nothing is recorded. @throws StoreUnavailableError */
  async restart(device: Device): Promise<NotifyOutcome> {
    return this.tell(await this.find(device), "restart");
  }

  /** The device's latest binding; undefined when the phone is not registered. @throws StoreUnavailableError */
  async find(device: Device): Promise<ReachablePhone | undefined> {
    const page = await this.#needs.stores.bindings.list(device.tenantId, {
      macAddress: device.macAddress,
      limit: mostBindings,
      nowMilliseconds: this.#needs.clock.nowMilliseconds(),
    });
    const [binding] = [...page.items].sort(
      (left, right) => right.refreshedAtMilliseconds - left.refreshedAtMilliseconds,
    );
    return binding === undefined ? undefined : { device, binding };
  }

  /** Sends a phone that was found before the NOTIFY for this purpose. Nothing is recorded. */
  async tell(phone: ReachablePhone | undefined, purpose: NotifyPurpose): Promise<NotifyOutcome> {
    if (phone === undefined) return { outcome: "offline" };
    const events = this.#needs.notifyEvents(phone.device);
    if (events === undefined) return { outcome: "unknown-vendor" };
    try {
      return await this.#send(phone, events[purpose]);
    } catch (error) {
      if (error instanceof TransportError || error instanceof NextHopError) {
        return { outcome: "unreachable" };
      }
      throw error;
    }
  }

  async #resyncAndRecord(
    device: Device,
    phone: ReachablePhone | undefined,
  ): Promise<NotifyOutcome> {
    const outcome = await this.tell(phone, "resync");
    const { stores, clock } = this.#needs;
    const { tenantId, macAddress } = device;
    const text = describeResync(outcome);
    await recordDeviceEvent(
      { history: stores.history, liveEvents: stores.liveEvents, clock },
      { tenantId, macAddress, kind: "notified", text, actor: phoneActor },
    );
    return outcome;
  }

  async #send({ device, binding }: ReachablePhone, event: string): Promise<NotifyOutcome> {
    const { targets, transport, client, gatewayUri, lineCredentials } = this.#needs;
    const target = targets.of(binding);
    const flow = target.flow ?? (await selectFlow(target, transport, resolveNextHop));
    const own = gatewayUri();
    const noParameters = new Map<string, string | null>();
    const request = buildRequest({
      method: "NOTIFY",
      requestUri: target.uri,
      from: { displayName: undefined, uri: parseUri(own), parameters: noParameters },
      to: { displayName: undefined, uri: parseUri(binding.aor), parameters: noParameters },
      headers: [
        ...(target.routes ?? []).map((route) => ["Route", route] as const),
        ["Contact", `<${own}>`],
        ["Event", event],
        ["Subscription-State", "terminated;reason=noresource"],
      ],
    });
    const credentials = lineCredentials.of(device, binding.aor);
    const sent = client.send(request, flow, credentials === undefined ? {} : { credentials });
    return readOutcome(await sent.outcome);
  }
}
