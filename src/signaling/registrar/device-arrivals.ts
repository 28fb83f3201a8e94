import type { Clock } from "../../../sip/clock.ts";
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
}

/** What device arrivals need. */
export interface DeviceArrivalsDependencies {
  readonly clock: Clock;
  readonly stores: Pick<Stores, "devices" | "bindings">;
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
 * one's bindings end, so that a device has one place to be reached at. A phone that comes back with
 * the onboarding account while a user is signed in was away when it should have been told, and is
 * told now; that account stays valid for it, since it is what gets the NOTIFY to the phone.
 */
export class DeviceArrivals {
  readonly #needs: DeviceArrivalsDependencies;

  constructor(dependencies: DeviceArrivalsDependencies) {
    this.#needs = dependencies;
  }

  /** A device's account has registered or refreshed. Never throws, never waits. */
  arrived(credential: Credential, isNew: boolean): void {
    const { tenantId, macAddress, aor, kind, authenticationName } = credential;
    if (macAddress === null) return;
    if (isNew) {
      this.#follow(credential, macAddress).catch((error: unknown) => {
        this.#needs.logger.warn({ err: error, macAddress }, "A registration had no consequences");
      });
    }
    this.#needs.onArrival({ tenantId, macAddress, aor, kind, authenticationName, isNew });
  }

  async #follow(credential: Credential, macAddress: MacAddress): Promise<void> {
    const { stores, resync } = this.#needs;
    const device = (await stores.devices.find(credential.tenantId, macAddress))?.value;
    if (device === undefined) return;
    if (isMeant(device, credential)) await this.#endOtherBindings(credential, macAddress);
    else if (credential.kind === "onboarding") await resync(device);
  }

  async #endOtherBindings(credential: Credential, macAddress: MacAddress): Promise<void> {
    const { stores, clock } = this.#needs;
    const { tenantId, aor } = credential;
    const now = clock.nowMilliseconds();
    const query = { macAddress, limit: mostBindings, nowMilliseconds: now };
    const { items } = await stores.bindings.list(tenantId, query);
    const formerAors = new Set(items.map((binding) => binding.aor));
    formerAors.delete(aor);
    for (const former of formerAors) {
      await stores.bindings.update(tenantId, former, now, (current) => ({
        bindings: current.filter((binding) => binding.macAddress !== macAddress),
      }));
    }
  }
}

/** Whether an account is the one that the device's configuration names at present. */
function isMeant(device: Device, { kind, authenticationName }: Credential): boolean {
  if (kind === "user") return device.userAuthenticationName === authenticationName;
  return device.state !== "signed-in" || device.userAuthenticationName === null;
}
