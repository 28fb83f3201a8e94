import type { TransportLayer } from "../../sip/transport/transport-layer.ts";
import type { UserAgentClient } from "../../sip/user-agent/user-agent-client.ts";
import type { Device } from "../domain/device.ts";
import type { MacAddress } from "../domain/mac-address.ts";
import type { TenantId } from "../domain/tenant.ts";
import type { BindingTargets } from "./binding-targets.ts";
import { CommandDelivery } from "./command-delivery.ts";
import { DeviceNotifier } from "./device-notifier.ts";
import { LineCredentials } from "./line-credentials.ts";
import type { NotifyOutcome } from "./notify-outcome.ts";
import { PolicyFollower } from "./policy-follower.ts";
import { DeviceArrivals } from "./registrar/device-arrivals.ts";
import type { SipServerOptions } from "./sip-server-options.ts";

/** What the gateway tells phones, and when: NOTIFY and its answers, commands, policies, and what follows from an arrival. */
export class DeviceMessages {
  /** Told by the registrar of each phone that registered. */
  readonly arrivals: DeviceArrivals;
  readonly #notifier: DeviceNotifier;
  readonly #commands: CommandDelivery;
  readonly #policies: PolicyFollower;
  readonly #logger: SipServerOptions["logger"];
  readonly #tenantId: TenantId;
  readonly #nodeId: string;

  constructor(
    options: SipServerOptions,
    way: {
      readonly client: UserAgentClient;
      readonly targets: BindingTargets;
      readonly transport: Pick<TransportLayer, "flowTo">;
      readonly gatewayUri: () => string;
    },
  ) {
    const { clock, stores, logger, notifyEvents, onDeviceArrival } = options;
    this.#logger = logger;
    this.#tenantId = options.tenant.id;
    this.#nodeId = options.nodeId;
    const lineCredentials = new LineCredentials(options);
    const notifier = new DeviceNotifier({ clock, stores, notifyEvents, lineCredentials, ...way });
    const commands = new CommandDelivery({ clock, stores, notifier, logger });
    this.#notifier = notifier;
    const tellPhone = (device: Device) => this.tell(device);
    const policies = new PolicyFollower({ clock, stores, notifier, tellPhone, logger });
    this.#commands = commands;
    this.#policies = policies;
    this.arrivals = new DeviceArrivals({
      clock,
      stores,
      logger,
      resync: (device) => notifier.resync(device),
      onArrival: (arrival) => {
        commands.arrived(arrival);
        policies.arrived(arrival);
        onDeviceArrival?.(arrival);
      },
    });
  }

  /** To be called once the gateway listens: does what a crash left undone. Never throws. */
  start(): void {
    this.#policies.catchUp(this.#tenantId, this.#nodeId);
  }

  /** Asks a phone to fetch its configuration. @throws StoreUnavailableError */
  resync(device: Device): Promise<NotifyOutcome> {
    return this.#notifier.resync(device);
  }

  /** As `resync`, without waiting for anything. */
  resyncInBackground(device: Device): void {
    this.resync(device).catch((error: unknown) => this.#warn(device, error));
  }

  /** As `resync`, resolving once the binding is found that is told. @throws StoreUnavailableError */
  async tell(device: Device): Promise<void> {
    const { outcome } = await this.#notifier.beginResync(device);
    outcome.catch((error: unknown) => this.#warn(device, error));
  }

  /** Delivers what is queued for a device. Never rejects. */
  deliverCommands(tenantId: TenantId, macAddress: MacAddress): Promise<void> {
    return this.#commands.deliver(tenantId, macAddress);
  }

  /** Puts commands whose answer will not be heard back into the queue. Never rejects. */
  async stop(): Promise<void> {
    await Promise.all([this.#commands.stop(), this.#policies.stop()]);
  }

  #warn({ macAddress }: Device, error: unknown): void {
    this.#logger.warn({ err: error, macAddress }, "A phone was not asked to resync");
  }
}
