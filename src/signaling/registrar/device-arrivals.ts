import type { Clock } from "../../../sip/clock.ts";
import type { Binding } from "../../domain/binding.ts";
import type { Device } from "../../domain/device.ts";
import type { MacAddress } from "../../domain/mac-address.ts";
import type { Stores } from "../../domain/stores.ts";
import type { TenantId } from "../../domain/tenant.ts";
import type { Credential } from "../authentication/credential-directory.ts";
import type { SignalingLogger } from "../signaling-logger.ts";

/** A device's phone that has just registered or refreshed its registration. */
export interface DeviceArrival {
  readonly tenantId: TenantId;
  readonly macAddress: MacAddress;
  readonly aor: string;
  /** Whose account it registered with. */
  readonly kind: Credential["kind"];
  readonly authenticationName: string;
  /** False for a refresh. */
  readonly isNew: boolean;
  /** When the registration was accepted. */
  readonly atMilliseconds: number;
}

/** Of an accepted REGISTER, what tells it from others of its phone. */
export interface AcceptedRegistration {
  /** A phone uses one from its start to its end (RFC 3261 §10.2.4). */
  readonly callId: string;
  readonly atMilliseconds: number;
}

/** What device arrivals need. */
export interface DeviceArrivalsDependencies {
  readonly clock: Clock;
  readonly stores: Pick<Stores, "devices" | "bindings" | "liveEvents">;
  /** Tells a phone that registered with an account of the past to fetch its configuration. */
  readonly resync: (device: Device) => Promise<unknown>;
  /** Told of every arrival, after the phone was answered. Never throws. */
  readonly onArrival: (arrival: DeviceArrival) => void;
  readonly logger: SignalingLogger;
}

/** Bindings of one device that are looked at. */
const mostBindings = 10;

/**
 * What follows from a device's registration, once the phone has its 200.
 *
 * A phone that registers with the account that it is meant to have has left its former one: that
 * one's bindings end, and those of before its last start, so that a device has one place to be
 * reached at and no call waits for a phone that is not there any more. A phone that comes back with
 * the onboarding account while a user is signed in was away when it should have been told, and is
 * told now; that account stays valid for it, since it is what gets the NOTIFY to the phone.
 */
export class DeviceArrivals {
  readonly #needs: DeviceArrivalsDependencies;

  constructor(dependencies: DeviceArrivalsDependencies) {
    this.#needs = dependencies;
  }

  /** A device's account has registered or refreshed. Never throws, never waits. */
  arrived(credential: Credential, registration: AcceptedRegistration, isNew: boolean): void {
    const { tenantId, macAddress, aor, kind, authenticationName } = credential;
    if (macAddress === null) return;
    if (isNew) {
      this.#follow(credential, macAddress, registration).catch((error: unknown) => {
        this.#needs.logger.warn({ err: error, macAddress }, "A registration had no consequences");
      });
    }
    const { atMilliseconds } = registration;
    const arrival = { tenantId, macAddress, aor, kind, authenticationName, isNew, atMilliseconds };
    this.#needs.onArrival(arrival);
  }

  async #follow(
    credential: Credential,
    macAddress: MacAddress,
    registration: AcceptedRegistration,
  ): Promise<void> {
    const { stores, resync } = this.#needs;
    const device = (await stores.devices.find(credential.tenantId, macAddress))?.value;
    if (device === undefined) return;
    switch (standingOf(device, credential)) {
      case "present":
        return this.#endOtherBindings(credential, macAddress, registration);
      case "former":
        await resync(device);
        return;
      case "unproved":
        return;
    }
  }

  async #endOtherBindings(
    { tenantId, aor }: Credential,
    macAddress: MacAddress,
    registration: AcceptedRegistration,
  ): Promise<void> {
    const { stores, clock } = this.#needs;
    const now = clock.nowMilliseconds();
    const query = { macAddress, limit: mostBindings, nowMilliseconds: now };
    const { items } = await stores.bindings.list(tenantId, query);
    const isLeft = (binding: Binding) =>
      binding.macAddress === macAddress &&
      (binding.aor !== aor || isOfFormerStart(binding, registration));
    for (const left of new Set(items.filter(isLeft).map((binding) => binding.aor))) {
      await stores.bindings.update(tenantId, left, now, (current) => ({
        bindings: current.filter((binding) => !isLeft(binding)),
      }));
      stores.liveEvents.publish({
        type: "registration",
        tenantId,
        atMilliseconds: now,
        subject: left,
        change: "unregistered",
      });
    }
  }
}

/**
 * Whether a phone registered this binding before its last start: it came back on another port and
 * with another Call-ID, and nobody hears there any more. One of several flows of a phone is none
 * (RFC 5626 §4.2).
 */
function isOfFormerStart(binding: Binding, registration: AcceptedRegistration): boolean {
  return (
    binding.regId === null &&
    binding.callId !== registration.callId &&
    binding.refreshedAtMilliseconds < registration.atMilliseconds
  );
}

/**
 * What an account is to its device: the one that its configuration names at present, or the
 * onboarding one while a user is signed in. Before enrolment whoever knows the MAC address has an
 * account that is valid: such a one ends nobody's bindings.
 */
function standingOf(
  device: Device,
  { kind, authenticationName }: Credential,
): "present" | "former" | "unproved" {
  if (kind === "user") {
    return device.userAuthenticationName === authenticationName ? "present" : "unproved";
  }
  if (device.enrolledAuthenticationName !== authenticationName) return "unproved";
  return device.state === "signed-in" && device.userAuthenticationName !== null
    ? "former"
    : "present";
}
