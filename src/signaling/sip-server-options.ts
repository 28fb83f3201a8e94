import type { Clock } from "../../sip/clock.ts";
import type { TlsSettings } from "../../sip/transport/stream-transport.ts";
import type { TransportLimits } from "../../sip/transport/transport-limits.ts";
import type { RegistrationLimits } from "../domain/apply-registration.ts";
import type { Device } from "../domain/device.ts";
import type { OnboardingAccounts } from "../domain/onboarding-account.ts";
import type { Stores } from "../domain/stores.ts";
import type { Tenant } from "../domain/tenant.ts";
import type { UserAccounts } from "../domain/user-accounts.ts";
import type { OwnSignIns } from "./calls/sign-in-codes.ts";
import type { NotifyEvents } from "./device-notifier.ts";
import type { DeviceArrival } from "./registrar/device-arrivals.ts";
import type { SignalingLogger } from "./signaling-logger.ts";
import type { SignalingObserver } from "./signaling-observer.ts";

/** Secrets that all nodes share, at least 32 bytes each. */
export interface SignalingSecrets {
  /** Under which nonces are made. */
  readonly nonce: Buffer;
  /** Under which the gateway knows its own Record-Routes again. */
  readonly flowToken: Buffer;
}

/** Everything that a SIP server is made of. */
export interface SipServerOptions {
  /** An IP literal that UDP, TCP and TLS listen on. */
  readonly bindAddress: string;
  /** Host or IP literal that phones are told. */
  readonly publicAddress: string;
  /** Of UDP and TCP; 0 lets the system choose, one for each. */
  readonly sipPort: number;
  /** Present: TLS is spoken too. */
  readonly tls?: { readonly port: number } & TlsSettings;
  /** Tells this node from others that share the stores. */
  readonly nodeId: string;
  readonly stores: Stores;
  readonly clock: Clock;
  readonly logger: SignalingLogger;
  readonly secrets: SignalingSecrets;
  readonly onboardingAccounts: OnboardingAccounts;
  readonly userAccounts: UserAccounts;
  readonly tenant: Tenant;
  readonly registrationLimits: RegistrationLimits;
  /** UDP ports that announcements are sent from, both included; 0 to 0 lets the system choose. */
  readonly mediaPorts: { readonly first: number; readonly last: number };
  /** Where outside and emergency numbers go: `sip:host:port;transport=tcp`. */
  readonly trunkUri?: string;
  /** What serves phones that sign in and out by a feature code; undefined while it is not there yet. */
  readonly ownSignIns?: () => OwnSignIns | undefined;
  /** The Events that make this device's phone fetch its configuration or restart; undefined when its vendor is unknown. */
  readonly notifyEvents: (device: Device) => NotifyEvents | undefined;
  /** Told of each registration and refresh of a device's phone, once it was answered. Must not throw. */
  readonly onDeviceArrival?: (arrival: DeviceArrival) => void;
  readonly observer?: SignalingObserver;
  readonly transportLimits?: Partial<TransportLimits>;
  /** Registrations that may wait for the storage at once. */
  readonly mostRegistrationsInProgress?: number;
}
