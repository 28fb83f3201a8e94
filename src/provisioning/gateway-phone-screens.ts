import { createHash } from "node:crypto";
import type { PhonePage } from "../../provisioning-http/phone-page.ts";
import type {
  PhoneScreens,
  ScreenAnswer,
  ScreenRequest,
} from "../../provisioning-http/phone-screens.ts";
import type { Device } from "../domain/device.ts";
import { enrollDevice } from "../domain/enroll-device.ts";
import type { MacAddress } from "../domain/mac-address.ts";
import type { OnboardingAccountName, OnboardingAccounts } from "../domain/onboarding-account.ts";
import type { PhoneSignInOutcome, PhoneSignInRequest } from "../domain/phone-sign-ins.ts";
import { IdentityProviderError } from "../domain/sign-in.ts";
import type { SignOutOutcome } from "../domain/sign-out-device.ts";
import type { Stores } from "../domain/stores.ts";
import type { Tenant, TenantId } from "../domain/tenant.ts";
import { type ActivationDependencies, answerActivation } from "./activate-by-screen.ts";
import { type AccessMode, decideAccess } from "./decide-access.ts";
import {
  codePage,
  confirmSignOutPage,
  failedSignInPage,
  menuPage,
  pairingPage,
  provisionedPage,
  refusedCodePage,
  signedInPage,
  signedOutPage,
} from "./screen-pages.ts";

/** What the screens are made of. */
export interface PhoneScreensOptions {
  readonly stores: ActivationDependencies & Pick<Stores, "users" | "signIns">;
  readonly onboardingAccounts: OnboardingAccounts;
  readonly tenant: Tenant;
  readonly access: AccessMode;
  readonly startSignIn: (request: PhoneSignInRequest) => Promise<PhoneSignInOutcome>;
  readonly signOut: (
    tenantId: TenantId,
    macAddress: MacAddress,
    upn: string,
  ) => Promise<SignOutOutcome>;
  /** Told when the identity provider gives no pairing code. */
  readonly onProviderFault: (error: IdentityProviderError) => void;
}

/** The phone that asks: its secret is that of an account which is valid for the device. */
interface Asker {
  readonly device: Device;
  readonly authenticationName: string;
}

/** Lets the phone that holds the secret of its next URL sign in and out, and be enrolled, on its screen. */
export class GatewayPhoneScreens implements PhoneScreens {
  readonly #options: PhoneScreensOptions;

  constructor(options: PhoneScreensOptions) {
    this.#options = options;
  }

  async show(request: ScreenRequest): Promise<ScreenAnswer> {
    const admission = await this.#admit(request);
    if ("outcome" in admission) return admission;
    switch (request.path.page) {
      case "menu":
        return shown(await this.#menu(admission.device));
      case "sign-in":
        return this.#signIn(admission, request);
      case "provision":
        return shown(await this.#provision(admission, request));
      case "sign-out":
        return shown(await this.#signOut(admission, request));
    }
  }

  /** Only the phone itself is shown anything, whatever the access mode. */
  async #admit({ path }: ScreenRequest): Promise<Asker | ScreenAnswer> {
    const { onboardingAccounts, stores, tenant, access: mode } = this.#options;
    const presented = onboardingAccounts.fromUrlSecret(path.secret);
    if (presented === undefined || presented.macAddress !== path.mac) return refused(notItsSecret);
    const device = (await stores.devices.find(tenant.id, presented.macAddress))?.value;
    if (device === undefined) return refused(outdatedSecret);
    const access = decideAccess({ mode, device, presented });
    if (access.give === "nothing") return refused(access.reason);
    return isFor(access, presented)
      ? { device, authenticationName: presented.authenticationName }
      : refused(outdatedSecret);
  }

  async #menu(device: Device): Promise<PhonePage> {
    return menuPage(this.#options.tenant, device, await this.#userName(device));
  }

  async #signIn(asker: Asker, { values, address }: ScreenRequest): Promise<ScreenAnswer> {
    const { device, authenticationName } = asker;
    const { tenantId, macAddress } = device;
    const failure = await this.#failureOf(device, values.id);
    if (failure !== undefined) return shown(failedSignInPage(failure));
    const request: PhoneSignInRequest = { tenantId, macAddress, authenticationName, address };
    try {
      return await this.#tell(await this.#options.startSignIn(request), device);
    } catch (error) {
      if (!(error instanceof IdentityProviderError)) throw error;
      this.#options.onProviderFault(error);
      const note = "The identity provider gave no pairing code for a sign-in from the phone.";
      const page = failedSignInPage("There is no pairing code to be had now. Try again later.");
      return { outcome: "page", page, note };
    }
  }

  async #tell(outcome: PhoneSignInOutcome, device: Device): Promise<ScreenAnswer> {
    switch (outcome.outcome) {
      case "started":
        return shown(pairingPage(outcome.signIn));
      case "signed-in": {
        // It may have come to be so since the device was read.
        const current = { ...device, state: "signed-in", upn: outcome.upn } as const;
        return shown(signedInPage((await this.#userName(current)) ?? outcome.upn));
      }
      case "limited": {
        const minutes = Math.ceil(outcome.retryAfterSeconds / 60);
        const note = `Too many sign-ins were started; try again in ${minutes} minutes.`;
        return { outcome: "page", page: failedSignInPage(note), note };
      }
      case "refused":
        return { outcome: "page", page: failedSignInPage(outcome.reason), note: outcome.reason };
    }
  }

  /** Why the sign-in that the phone waited for came to nothing; undefined when it did not. */
  async #failureOf(
    { tenantId, macAddress }: Device,
    id: string | undefined,
  ): Promise<string | undefined> {
    if (id === undefined) return undefined;
    const signIn = await this.#options.stores.signIns.find(tenantId, macAddress);
    if (signIn?.id !== id) return undefined;
    return signIn.status === "failed" || signIn.status === "expired"
      ? (signIn.reason ?? "The sign-in came to nothing.")
      : undefined;
  }

  async #provision(asker: Asker, { values, address }: ScreenRequest): Promise<PhonePage> {
    const { stores, tenant } = this.#options;
    if (values.code === undefined || values.code === "") return codePage();
    const { device, authenticationName } = asker;
    const { tenantId, macAddress } = device;
    const enrollment = { tenantId, macAddress, authenticationName, address, code: values.code };
    const outcome = await enrollDevice(stores, enrollment);
    const result = await answerActivation(stores, tenant, outcome);
    return result.status === 200 ? provisionedPage(tenant) : refusedCodePage(result.reason);
  }

  async #signOut({ device }: Asker, { path, values }: ScreenRequest): Promise<PhonePage> {
    const { tenantId, macAddress, upn, userAuthenticationName } = device;
    if (device.state !== "signed-in" || upn === null) return signedOutPage();
    const confirm = confirmation(path.secret, userAuthenticationName ?? upn);
    if (values.confirm !== confirm) {
      return confirmSignOutPage((await this.#userName(device)) ?? upn, confirm);
    }
    await this.#options.signOut(tenantId, macAddress, upn);
    return signedOutPage();
  }

  /** Undefined while nobody is signed in. */
  async #userName({ tenantId, state, upn }: Device): Promise<string | undefined> {
    if (state !== "signed-in" || upn === null) return undefined;
    const user = await this.#options.stores.users.find(tenantId, upn);
    return user === undefined ? upn : `${user.displayName} ${user.phoneNumber ?? ""}`.trim();
  }
}

const notItsSecret = "The secret in the URL is not the one of this phone.";
const outdatedSecret =
  "The secret in the URL is not valid any more. The phone gets another when it fetches its configuration.";

/** The account that the phone shows must be the one that its device answers to. */
function isFor(
  access: Exclude<ReturnType<typeof decideAccess>, { give: "nothing" }>,
  presented: OnboardingAccountName,
): boolean {
  return access.give === "account" && access.authenticationName === presented.authenticationName;
}

/**
 * What says that the user was asked before the sign-out: good for this sign-in alone, so that a page
 * that is opened again later signs out nobody else.
 */
function confirmation(secret: string, userAccount: string): string {
  return createHash("sha256")
    .update(`sign-out\n${secret}\n${userAccount}`)
    .digest("hex")
    .slice(0, 16);
}

function shown(page: PhonePage): ScreenAnswer {
  return { outcome: "page", page };
}

function refused(reason: string): ScreenAnswer {
  return { outcome: "refused", status: 403, reason };
}
