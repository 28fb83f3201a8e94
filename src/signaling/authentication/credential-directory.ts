import type { Ha1 } from "../../domain/account.ts";
import type { MacAddress } from "../../domain/mac-address.ts";
import {
  isAccountValidFor,
  type OnboardingAccounts,
  readOnboardingAccountName,
} from "../../domain/onboarding-account.ts";
import { regionOfOnboardingDomain } from "../../domain/region.ts";
import type { Stores } from "../../domain/stores.ts";
import type { Tenant, TenantId } from "../../domain/tenant.ts";

/** Whom a digest's username names, and what proves it. */
export interface Credential {
  /** `onboarding`: the temporary account of a phone that nobody is signed in on. */
  readonly kind: "onboarding" | "user";
  readonly tenantId: TenantId;
  /** The one AOR that this account may register and call from, canonical. */
  readonly aor: string;
  /** The device that the account was made for; null for a soft phone's. */
  readonly macAddress: MacAddress | null;
  readonly authenticationName: string;
  /** Whose account it is; null for an onboarding one. */
  readonly upn: string | null;
  readonly ha1: Ha1;
}

/**
 * Finds the accounts behind digests: users' in the store, onboarding ones by deriving them.
 *
 * A device's onboarding account stays valid while a user is signed in: until the phone has fetched,
 * the NOTIFY can reach it on no other binding, and a phone that was away then comes back with it. It
 * opens no more than before: emergency calls, and `*55*`, which a device that is enrolled is refused.
 */
export class CredentialDirectory {
  readonly #stores: Pick<Stores, "accounts" | "devices">;
  readonly #onboardingAccounts: OnboardingAccounts;
  readonly #tenant: Tenant;

  constructor(options: {
    stores: Pick<Stores, "accounts" | "devices">;
    onboardingAccounts: OnboardingAccounts;
    tenant: Tenant;
  }) {
    this.#stores = options.stores;
    this.#onboardingAccounts = options.onboardingAccounts;
    this.#tenant = options.tenant;
  }

  /**
   * The account of this name in this realm, or undefined.
   * @throws StoreUnavailableError
   */
  find(username: string, realm: string): Promise<Credential | undefined> {
    return regionOfOnboardingDomain(realm) === undefined
      ? this.#findUser(username, realm)
      : this.#findOnboarding(username, realm);
  }

  async #findUser(username: string, realm: string): Promise<Credential | undefined> {
    const account = await this.#stores.accounts.findByAuthenticationName(username);
    if (account === undefined || account.realm !== realm) return undefined;
    const { tenantId, aor, macAddress, authenticationName, upn, ha1 } = account;
    return { kind: "user", tenantId, aor, macAddress, authenticationName, upn, ha1 };
  }

  async #findOnboarding(username: string, realm: string): Promise<Credential | undefined> {
    const name = readOnboardingAccountName(username);
    if (name === undefined) return undefined;
    const { macAddress, authenticationName } = name;
    const found = await this.#stores.devices.find(this.#tenant.id, macAddress);
    if (found === undefined || !isAccountValidFor(found.value, name)) return undefined;
    return {
      kind: "onboarding",
      tenantId: found.value.tenantId,
      aor: `sip:${macAddress}@${realm}`,
      macAddress,
      authenticationName,
      upn: null,
      ha1: this.#onboardingAccounts.ha1(authenticationName, realm),
    };
  }
}
