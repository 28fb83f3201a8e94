import type { ClientCredentials } from "../../sip/digest/answer-challenge.ts";
import { isSipUri, parseUri } from "../../sip/message/sip-uri.ts";
import type { Device } from "../domain/device.ts";
import type { OnboardingAccounts } from "../domain/onboarding-account.ts";
import { regionOfOnboardingDomain } from "../domain/region.ts";
import type { UserAccounts } from "../domain/user-accounts.ts";

/** Knows what a phone's line was given to prove itself with, for phones that ask it of the gateway. */
export class LineCredentials {
  readonly #onboardingAccounts: OnboardingAccounts;
  readonly #userAccounts: UserAccounts;

  constructor(options: { onboardingAccounts: OnboardingAccounts; userAccounts: UserAccounts }) {
    this.#onboardingAccounts = options.onboardingAccounts;
    this.#userAccounts = options.userAccounts;
  }

  /**
   * The credentials of the line that is registered as this AOR: the onboarding account's or the
   * user's. Right after a sign-in a phone still is what it was before, so the AOR decides.
   * @returns undefined when the device has no such account
   */
  of(device: Device, aor: string): ClientCredentials | undefined {
    const uri = parseUri(aor);
    const isOnboarding = isSipUri(uri) && regionOfOnboardingDomain(uri.host) !== undefined;
    const username = isOnboarding
      ? (device.enrolledAuthenticationName ?? device.issuedAccount?.authenticationName ?? null)
      : device.userAuthenticationName;
    if (username === null) return undefined;
    const password = isOnboarding
      ? this.#onboardingAccounts.derive(username).password
      : this.#userAccounts.password(username);
    return { username, password };
  }
}
