import type { PhoneAccount } from "../../provisioning-http/phone-directory.ts";
import type { CallingPolicy } from "../domain/calling-policy.ts";
import { type Device, isEnrolled } from "../domain/device.ts";
import type { OnboardingAccount } from "../domain/onboarding-account.ts";
import { onboardingDomain, type RegionId } from "../domain/region.ts";
import type { Tenant } from "../domain/tenant.ts";
import type { User } from "../domain/user.ts";

/** The user that a phone is given the account of, with the account's name and password. */
export interface SignedInUser {
  readonly user: User;
  /** The user's; undefined where it was deleted meanwhile, which signs the user out. */
  readonly policy: CallingPolicy | undefined;
  /** The user's, E.164 with a plus. */
  readonly phoneNumber: string;
  readonly authenticationName: string;
  readonly password: string;
}

/** The first line of a phone that nobody is signed in on. */
export function onboardingPhoneAccount(
  tenant: Tenant,
  device: Device,
  region: RegionId,
  account: OnboardingAccount,
): PhoneAccount {
  return {
    user: device.macAddress,
    domain: onboardingDomain(region),
    authenticationName: account.authenticationName,
    password: account.password,
    displayName: device.macAddress,
    label: isEnrolled(device) ? `${tenant.name} - sign in` : "Dial *55* and the code",
  };
}

/** The first line of a phone that somebody is signed in on; Microsoft's labels are `<name> <E.164>` too. */
export function userPhoneAccount(tenant: Tenant, signedIn: SignedInUser): PhoneAccount {
  const { user, phoneNumber, authenticationName, password } = signedIn;
  return {
    user: phoneNumber,
    domain: tenant.domain,
    authenticationName,
    password,
    displayName: user.displayName,
    label: `${user.displayName} ${phoneNumber}`,
  };
}
