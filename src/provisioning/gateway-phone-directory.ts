import type {
  PhoneAnswer,
  PhoneDirectory,
  PhoneRequest,
  PhoneRequestOutcome,
} from "../../provisioning-http/phone-directory.ts";
import { changeDevice } from "../domain/change-device.ts";
import { type Device, newDevice } from "../domain/device.ts";
import { type MacAddress, readMacAddress } from "../domain/mac-address.ts";
import { noteFetched } from "../domain/note-policy-progress.ts";
import type { OnboardingAccounts } from "../domain/onboarding-account.ts";
import { phoneActor, type Recording, recordDeviceEvent } from "../domain/record-device-event.ts";
import { RefusedAttempts } from "../domain/refused-attempts.ts";
import { defaultRegion, isRegionId, type RegionId } from "../domain/region.ts";
import type { Stores } from "../domain/stores.ts";
import type { Tenant } from "../domain/tenant.ts";
import type { UserAccounts } from "../domain/user-accounts.ts";
import { type AccessMode, decideAccess } from "./decide-access.ts";
import { describeConfiguration, type GatewayAddresses } from "./describe-configuration.ts";
import { type NotedRequest, noteRequest } from "./note-request.ts";
import type { SignedInUser } from "./phone-account.ts";

/** Phones that asked and that nobody has added, at the most; a stranger can make up a MAC a request. */
export const mostSeenDevices = 10_000;

/** What the directory is made of. */
export interface PhoneDirectoryOptions {
  readonly stores: Recording &
    Pick<Stores, "devices" | "users" | "callingPolicies" | "policyRefreshes">;
  readonly onboardingAccounts: OnboardingAccounts;
  readonly userAccounts: UserAccounts;
  readonly tenant: Tenant;
  readonly access: AccessMode;
  readonly addresses: GatewayAddresses;
}

/** Decides what each phone is told, over the domain's rules, and remembers what it asked for. */
export class GatewayPhoneDirectory implements PhoneDirectory {
  readonly #options: PhoneDirectoryOptions;
  readonly #refusedAttempts: RefusedAttempts;
  /** Of a request that was answered with a user's configuration: whom and what that was made of. */
  readonly #toldUsers = new WeakMap<PhoneRequest, SignedInUser>();

  constructor(options: PhoneDirectoryOptions) {
    this.#options = options;
    this.#refusedAttempts = new RefusedAttempts(options.stores);
  }

  async answer(request: PhoneRequest): Promise<PhoneAnswer> {
    const { stores, tenant, access: mode } = this.#options;
    const macAddress = macAddressOf(request);
    if (macAddress === undefined) return refused(404, "The file name holds no MAC address.");
    if (request.tenantId !== undefined && request.tenantId !== tenant.id) {
      return refused(404, "There is no tenant with the id in the URL.");
    }
    if (!request.compatibility.supported) return refused(403, request.compatibility.reason);

    const found = (await stores.devices.find(tenant.id, macAddress))?.value;
    const presented = this.#presentedAccount(request);
    const access = decideAccess({ mode, device: found, presented });
    if (access.give === "nothing") return refused(403, access.reason);
    const device = found ?? (await this.#meet(macAddress));
    if (device === undefined) {
      return refused(429, "Too many phones that nobody has added have asked; add this one first.");
    }
    const authenticationName =
      access.give === "account"
        ? access.authenticationName
        : this.#options.onboardingAccounts.issue(macAddress, stores.clock.nowMilliseconds())
            .authenticationName;
    return this.#tell(request, device, authenticationName);
  }

  async record(request: PhoneRequest, outcome: PhoneRequestOutcome): Promise<void> {
    const { stores, tenant } = this.#options;
    const macAddress = macAddressOf(request);
    if (macAddress === undefined) return;
    await this.#noteFetched(request, outcome, macAddress);
    const known = await stores.devices.find(tenant.id, macAddress);
    if (known === undefined && (await this.#meet(macAddress)) === undefined) return;
    let event: NotedRequest["event"];
    await changeDevice(stores.devices, tenant.id, macAddress, (device) => {
      const noted = noteRequest(device, request, outcome, stores.clock.nowMilliseconds());
      event = noted.event;
      return noted.device;
    });
    if (event !== undefined) await this.#recordEvent(macAddress, event);
  }

  /** Whoever knows the MAC address can be refused as often as he likes. */
  async #recordEvent(
    macAddress: MacAddress,
    { kind, text }: NonNullable<NotedRequest["event"]>,
  ): Promise<void> {
    const { stores, tenant } = this.#options;
    const device = { tenantId: tenant.id, macAddress };
    if (kind === "configuration-refused") {
      await this.#refusedAttempts.record({ ...device, kind, text });
    } else {
      await recordDeviceEvent(stores, { ...device, kind, text, actor: phoneActor });
    }
  }

  async #tell(
    request: PhoneRequest,
    device: Device,
    authenticationName: string,
  ): Promise<PhoneAnswer> {
    const { stores, tenant, onboardingAccounts, addresses } = this.#options;
    const issuedAccount = { authenticationName, address: request.address };
    const current = await changeDevice(stores.devices, tenant.id, device.macAddress, (stored) =>
      stored.issuedAccount?.authenticationName === authenticationName &&
      stored.issuedAccount.address === request.address
        ? undefined
        : { ...stored, issuedAccount },
    );
    const told = current ?? device;
    const signedIn = await this.#signedInUser(told);
    if (signedIn !== undefined) this.#toldUsers.set(request, signedIn);
    const configuration = describeConfiguration(addresses, {
      tenant,
      device: told,
      region: regionOf(request) ?? device.region ?? defaultRegion,
      onboarding: onboardingAccounts.derive(authenticationName),
      signedIn,
      request,
    });
    return { outcome: "configuration", configuration };
  }

  /** Undefined while nobody is signed in, and where the user or his number is gone meanwhile. */
  async #signedInUser(device: Device): Promise<SignedInUser | undefined> {
    const { stores, tenant, userAccounts } = this.#options;
    const { state, upn, userAuthenticationName: authenticationName } = device;
    if (state !== "signed-in" || upn === null || authenticationName === null) return undefined;
    const user = await stores.users.find(tenant.id, upn);
    if (user === undefined || user.phoneNumber === null) return undefined;
    const policy = await stores.callingPolicies.find(tenant.id, user.callingPolicy);
    const password = userAccounts.password(authenticationName);
    return { user, policy, phoneNumber: user.phoneNumber, authenticationName, password };
  }

  /** A phone that holds the file already (304) has what it would have fetched. */
  async #noteFetched(
    request: PhoneRequest,
    { status }: PhoneRequestOutcome,
    macAddress: MacAddress,
  ): Promise<void> {
    const { stores, tenant } = this.#options;
    const told = this.#toldUsers.get(request);
    if (told?.policy === undefined || request.method !== "GET") return;
    if (status !== 200 && status !== 304) return;
    const { user, policy } = told;
    await noteFetched(stores, { tenantId: tenant.id, macAddress }, user, policy.version);
  }

  #presentedAccount(request: PhoneRequest) {
    if (request.secret === undefined) return undefined;
    return this.#options.onboardingAccounts.fromUrlSecret(request.secret) ?? "forged";
  }

  /** Writes down a phone that the gateway did not know. Undefined when there are too many of those. */
  async #meet(macAddress: MacAddress): Promise<Device | undefined> {
    const { stores, tenant } = this.#options;
    const { seen } = await stores.devices.countByState(tenant.id);
    if (seen >= mostSeenDevices) return undefined;
    const now = stores.clock.nowMilliseconds();
    await stores.devices.insert(newDevice(tenant.id, macAddress, "seen", "", now));
    return (await stores.devices.find(tenant.id, macAddress))?.value;
  }
}

function macAddressOf(request: PhoneRequest): MacAddress | undefined {
  const reading = readMacAddress(request.phone.mac ?? "");
  return reading.ok ? reading.macAddress : undefined;
}

function regionOf(request: PhoneRequest): RegionId | undefined {
  return request.region !== undefined && isRegionId(request.region) ? request.region : undefined;
}

function refused(status: 403 | 404 | 429, reason: string): PhoneAnswer {
  return { outcome: "refused", status, reason };
}
