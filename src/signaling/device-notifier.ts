import type { Clock } from "../../sip/clock.ts";
import type { ClientCredentials } from "../../sip/digest/answer-challenge.ts";
import { parseUri } from "../../sip/message/sip-uri.ts";
import { NextHopError } from "../../sip/proxy/next-hop-error.ts";
import { resolveNextHop } from "../../sip/proxy/resolve-next-hop.ts";
import { selectFlow } from "../../sip/proxy/select-flow.ts";
import { TransportError } from "../../sip/transport/transport-error.ts";
import type { TransportLayer } from "../../sip/transport/transport-layer.ts";
import { buildRequest } from "../../sip/user-agent/build-request.ts";
import type { RequestOutcome, UserAgentClient } from "../../sip/user-agent/user-agent-client.ts";
import type { Binding } from "../domain/binding.ts";
import type { Device } from "../domain/device.ts";
import type { OnboardingAccounts } from "../domain/onboarding-account.ts";
import { phoneActor, recordDeviceEvent } from "../domain/record-device-event.ts";
import type { Stores } from "../domain/stores.ts";
import type { BindingTargets } from "./binding-targets.ts";

/** What a phone said to a NOTIFY. */
export type NotifyOutcome =
  | { readonly outcome: "answered"; readonly status: number; readonly reason: string }
  | { readonly outcome: "timed-out" }
  | { readonly outcome: "unreachable" }
  | { readonly outcome: "offline" }
  | { readonly outcome: "unknown-vendor" };

/** What a device notifier needs. */
export interface DeviceNotifierDependencies {
  readonly stores: Pick<Stores, "bindings" | "history" | "liveEvents">;
  readonly clock: Clock;
  readonly client: UserAgentClient;
  readonly targets: BindingTargets;
  readonly transport: Pick<TransportLayer, "flowTo">;
  readonly onboardingAccounts: OnboardingAccounts;
  readonly resyncEvent: (device: Device) => string | undefined;
  /** The gateway's own URI: `sip:gateway@192.0.2.1:5060`. */
  readonly gatewayUri: () => string;
}

/** Bindings of one device that are looked at; a phone has one, and after a reboot perhaps two. */
const mostBindings = 10;

/**
 * Tells phones by NOTIFY to do something: fetch their configuration. It goes to one binding of the
 * device, the one that was refreshed last, never to all of an AOR; a phone that asks who speaks is
 * answered with its line's own credentials (Cisco's `Auth_Resync-Reboot`, Grandstream's P4428).
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
    const event = this.#needs.resyncEvent(device);
    const outcome: NotifyOutcome =
      event === undefined
        ? { outcome: "unknown-vendor" }
        : await this.#notifyLatestBinding(device, event);
    const { tenantId, macAddress } = device;
    const { stores, clock } = this.#needs;
    const text = describeOutcome(outcome);
    await recordDeviceEvent(
      { history: stores.history, liveEvents: stores.liveEvents, clock },
      { tenantId, macAddress, kind: "notified", text, actor: phoneActor },
    );
    return outcome;
  }

  async #notifyLatestBinding(device: Device, event: string): Promise<NotifyOutcome> {
    const page = await this.#needs.stores.bindings.list(device.tenantId, {
      macAddress: device.macAddress,
      limit: mostBindings,
      nowMilliseconds: this.#needs.clock.nowMilliseconds(),
    });
    const [latest] = [...page.items].sort(
      (left, right) => right.refreshedAtMilliseconds - left.refreshedAtMilliseconds,
    );
    return latest === undefined ? { outcome: "offline" } : this.#notify(device, latest, event);
  }

  async #notify(device: Device, binding: Binding, event: string): Promise<NotifyOutcome> {
    const { targets, transport, client, gatewayUri } = this.#needs;
    const target = targets.of(binding);
    try {
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
      const credentials = this.#credentialsOf(device);
      const sent = client.send(request, flow, credentials === undefined ? {} : { credentials });
      return readOutcome(await sent.outcome);
    } catch (error) {
      if (error instanceof TransportError || error instanceof NextHopError) {
        return { outcome: "unreachable" };
      }
      throw error;
    }
  }

  #credentialsOf(device: Device): ClientCredentials | undefined {
    const name = device.enrolledAuthenticationName;
    if (name === null) return undefined;
    return { username: name, password: this.#needs.onboardingAccounts.derive(name).password };
  }
}

function readOutcome(outcome: RequestOutcome): NotifyOutcome {
  switch (outcome.kind) {
    case "response": {
      const { status, reason } = outcome.response;
      return { outcome: "answered", status, reason };
    }
    case "timeout":
      return { outcome: "timed-out" };
    case "transport-error":
      return { outcome: "unreachable" };
  }
}

function describeOutcome(outcome: NotifyOutcome): string {
  switch (outcome.outcome) {
    case "answered":
      return outcome.status < 300
        ? "The phone was asked to fetch its configuration and agreed."
        : `The phone was asked to fetch its configuration and refused (${outcome.status}).`;
    case "timed-out":
      return "The phone was asked to fetch its configuration and did not answer.";
    case "unreachable":
      return "The phone could not be asked to fetch its configuration: its connection is gone.";
    case "offline":
      return "The phone could not be asked to fetch its configuration: it is not registered.";
    case "unknown-vendor":
      return "The phone was not asked to fetch its configuration: its vendor is not known.";
  }
}
