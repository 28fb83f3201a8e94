import type { MacAddress } from "./mac-address.ts";
import type { TenantId } from "./tenant.ts";

/**
 * A sign-in of a user on a device, from the pairing code to its end (RFC 8628). A device has one at
 * a time; a new one ends the former.
 */
export interface SignIn {
  /** A UUID. */
  readonly id: string;
  readonly tenantId: TenantId;
  readonly macAddress: MacAddress;
  /** The secret that the gateway polls with; never shown. */
  readonly deviceCode: string;
  /** The pairing code that the user types. */
  readonly userCode: string;
  readonly verificationUri: string;
  readonly verificationUriComplete: string;
  readonly startedAtMilliseconds: number;
  readonly expiresAtMilliseconds: number;
  readonly intervalSeconds: number;
  readonly status: "pending" | "completed" | "failed" | "expired";
  /** Why it failed, for an administrator to act on; null while pending and when completed. */
  readonly reason: string | null;
  /** Whom the identity provider has named; null until then. A pending one with a name is to be completed. */
  readonly upn: string | null;
  /** The node that polls. */
  readonly nodeId: string;
  readonly actor: string;
  /**
   * The onboarding account of the phone that began it; absent when an administrator did. A device that
   * is not enrolled is enrolled with this account by completing it, and with no other.
   */
  readonly authenticationName?: string;
}

/** Where sign-ins are kept: the last one of each device. */
export interface SignInStore {
  find(tenantId: TenantId, macAddress: MacAddress): Promise<SignIn | undefined>;
  /** Writes a new sign-in over the device's former one. */
  put(signIn: SignIn): Promise<void>;
  /**
   * Writes a sign-in over its former standing if it is still the device's last one and still
   * pending: ended, or still pending with the grant that the identity provider has given.
   * @returns false, with nothing written, when it is not: somebody else has ended or replaced it
   */
  settle(signIn: SignIn): Promise<boolean>;
  /** Those still pending, of this node: for a gateway that was started again. */
  listPending(nodeId: string): Promise<readonly SignIn[]>;
  /** Notes that a node polls, and will say so again before this time; a time that is past: that it ends. */
  keepAlive(nodeId: string, nowMilliseconds: number, untilMilliseconds: number): Promise<void>;
  /** Those still pending of nodes that are not known to be alive. */
  listAbandoned(nowMilliseconds: number): Promise<readonly SignIn[]>;
  /**
   * Gives a pending sign-in to another node, if it still stands as it is told here.
   * @returns false, with nothing written, when it does not: another node was faster, or it went on
   */
  takeOver(signIn: SignIn, nodeId: string): Promise<boolean>;
  remove(tenantId: TenantId, macAddress: MacAddress): Promise<void>;
}

/** What an identity provider said to a request for a device's authorization (RFC 8628 §3.2). */
export interface DeviceAuthorization {
  readonly deviceCode: string;
  readonly userCode: string;
  readonly verificationUri: string;
  readonly verificationUriComplete: string;
  readonly lifetimeSeconds: number;
  readonly intervalSeconds: number;
}

/** What it says when it is polled (RFC 8628 §3.5). */
export type AuthorizationPoll =
  | { readonly outcome: "pending"; readonly slowDown: boolean }
  /** `upn`: the claim that names the user, lower case. */
  | { readonly outcome: "granted"; readonly upn: string }
  | { readonly outcome: "denied"; readonly reason: string }
  | { readonly outcome: "expired" }
  /** It did not answer, or not as it should; polled again. */
  | { readonly outcome: "unavailable"; readonly reason: string };

/** The device that a sign-in is for, as the built-in identity provider names it on its page. */
export interface AskingDevice {
  readonly macAddress: string;
  /** Empty when unknown. */
  readonly location: string;
  readonly model: string | null;
}

/** Who signs users in: the built-in identity provider, or any OpenID provider. */
export interface IdentityProvider {
  /**
   * @param device is told to the built-in identity provider, and to no other
   * @throws IdentityProviderError when it gives no code
   */
  authorizeDevice(device?: AskingDevice): Promise<DeviceAuthorization>;
  poll(deviceCode: string): Promise<AuthorizationPoll>;
}

/** The identity provider gave no pairing code. */
export class IdentityProviderError extends Error {
  readonly code = "IDENTITY_PROVIDER_FAILED";

  constructor(message: string, cause: unknown) {
    super(message, { cause });
    this.name = "IdentityProviderError";
  }
}
