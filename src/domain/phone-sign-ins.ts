import ipaddr from "ipaddr.js";
import { AttemptBrake } from "./attempt-brake.ts";
import { mayBeSignedIn } from "./judge-sign-in.ts";
import type { MacAddress } from "./mac-address.ts";
import { phoneActor } from "./record-device-event.ts";
import type { SignIn } from "./sign-in.ts";
import { type StartSignInDependencies, startSignIn } from "./start-sign-in.ts";
import type { TenantId } from "./tenant.ts";

const hourMilliseconds = 3_600_000;

/**
 * How many sign-ins phones may begin in an hour, at each node. Whoever knows the MAC address of a
 * phone that is not enrolled can ask in its name, and each time a pairing code is made.
 */
export const phoneSignInLimits = {
  /** For one device: a code lives about 15 minutes, so a person who comes late has some more tries. */
  ofDevice: { tries: 12, windowMilliseconds: hourMilliseconds },
  /** From one network address: a site whose phones all start theirs within an hour is heard. */
  ofAddress: { tries: 300, windowMilliseconds: hourMilliseconds },
} as const;

/** A phone that asks for a sign-in; that it is this phone, its secret has proved. */
export interface PhoneSignInRequest {
  readonly tenantId: TenantId;
  readonly macAddress: MacAddress;
  /** The onboarding account that the phone holds. */
  readonly authenticationName: string;
  /** The network address it asks from. */
  readonly address: string;
}

/** What the phone is told. */
export type PhoneSignInOutcome =
  /** Begun now, or a little while ago and still waited for. */
  | { readonly outcome: "started"; readonly signIn: SignIn }
  | { readonly outcome: "signed-in"; readonly upn: string }
  /** Too many were begun of late. */
  | { readonly outcome: "limited"; readonly retryAfterSeconds: number }
  /** `reason`: a sentence that may be shown. */
  | { readonly outcome: "refused"; readonly reason: string };

/** Sign-ins that phones begin themselves. */
export class PhoneSignIns {
  readonly #needs: StartSignInDependencies;
  readonly #watch: (signIn: SignIn) => void;
  readonly #ofDevice: AttemptBrake;
  readonly #ofAddress: AttemptBrake;
  /** A phone that asks twice at once is given one code. */
  readonly #underWay = new Map<string, Promise<PhoneSignInOutcome>>();

  /**
   * @param watch polls for a sign-in that was begun here; one that is given again is polled for
   * already, perhaps by another node
   */
  constructor(dependencies: StartSignInDependencies, watch: (signIn: SignIn) => void) {
    this.#needs = dependencies;
    this.#watch = watch;
    this.#ofDevice = new AttemptBrake(dependencies.clock, phoneSignInLimits.ofDevice);
    this.#ofAddress = new AttemptBrake(dependencies.clock, phoneSignInLimits.ofAddress);
  }

  /**
   * Begins a sign-in for the phone that asks, enrolled or not. One that waits for a user already is
   * given again, with the same code.
   * @throws IdentityProviderError when no pairing code is to be had
   */
  start(request: PhoneSignInRequest): Promise<PhoneSignInOutcome> {
    const key = `${request.tenantId} ${request.authenticationName}`;
    const underWay = this.#underWay.get(key);
    if (underWay !== undefined) return underWay;
    const outcome = this.#start(request).finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, outcome);
    return outcome;
  }

  async #start(request: PhoneSignInRequest): Promise<PhoneSignInOutcome> {
    const { tenantId, macAddress, authenticationName, address } = request;
    const device = (await this.#needs.devices.find(tenantId, macAddress))?.value;
    if (device === undefined) return refused("The gateway does not know this phone.");
    if (device.state === "signed-in") return { outcome: "signed-in", upn: device.upn ?? "" };
    if (!mayBeSignedIn(device, authenticationName)) {
      return refused("The phone's account is not valid any more. Restart the phone.");
    }
    const pending = await this.#findPending(request);
    if (pending !== undefined) return { outcome: "started", signIn: pending };
    const retryAfterSeconds = this.#brake(`${tenantId} ${macAddress}`, networkOf(address));
    if (retryAfterSeconds > 0) return { outcome: "limited", retryAfterSeconds };
    const whose = [tenantId, macAddress, phoneActor, authenticationName] as const;
    const result = await startSignIn(this.#needs, ...whose);
    if (result.outcome !== "started") return refused("The phone was changed meanwhile. Try again.");
    this.#watch(result.signIn);
    return result;
  }

  /** One that an administrator began waits for the same phone, which is enrolled then. */
  async #findPending({
    tenantId,
    macAddress,
    authenticationName,
  }: PhoneSignInRequest): Promise<SignIn | undefined> {
    const signIn = await this.#needs.signIns.find(tenantId, macAddress);
    if (signIn?.status !== "pending") return undefined;
    if (signIn.expiresAtMilliseconds <= this.#needs.clock.nowMilliseconds()) return undefined;
    const asker = signIn.authenticationName;
    return asker === undefined || asker === authenticationName ? signIn : undefined;
  }

  /** Counts a try. @returns seconds to wait, 0 when it may go on */
  #brake(device: string, network: string): number {
    const waitSeconds = Math.max(
      this.#ofDevice.waitSeconds(device),
      this.#ofAddress.waitSeconds(network),
    );
    if (waitSeconds > 0) return waitSeconds;
    this.#ofDevice.count(device);
    this.#ofAddress.count(network);
    return 0;
  }
}

function refused(reason: string): PhoneSignInOutcome {
  return { outcome: "refused", reason };
}

/** An IPv6 network of 64 bits counts as one address, since that is what one customer gets. */
function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  if (parsed.kind() === "ipv4") return parsed.toString();
  return parsed.toByteArray().slice(0, 8).join(".");
}
