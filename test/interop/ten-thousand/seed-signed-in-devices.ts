import { pino } from "pino";
import { provisioningPath } from "../../../provisioning-http/provisioning-path.ts";
import type { Account } from "../../../src/domain/account.ts";
import { globalPolicyName } from "../../../src/domain/calling-policy.ts";
import { type Device, newDevice } from "../../../src/domain/device.ts";
import { formatMacAddress, type MacAddress } from "../../../src/domain/mac-address.ts";
import { OnboardingAccounts } from "../../../src/domain/onboarding-account.ts";
import type { Tenant } from "../../../src/domain/tenant.ts";
import { type User, userAor } from "../../../src/domain/user.ts";
import { UserAccounts } from "../../../src/domain/user-accounts.ts";
import { openStores, type StoreSettings } from "../../../src/stores/open-stores.ts";
import { sharedSecret } from "../../../src/wiring/ground.ts";

/** What a phone knows of itself once somebody is signed in on it. */
export interface SignedInPhone {
  /** From 1. */
  readonly number: number;
  /** `80:5e:c0:00:00:01` */
  readonly macAddress: string;
  /** `sip:+15550000001@contoso.example` */
  readonly aor: string;
  readonly domain: string;
  readonly authenticationName: string;
  readonly password: string;
  /** The path of its configuration below its next URL, with the secret in it. */
  readonly configurationPath: string;
}

interface Seed {
  readonly user: User;
  readonly device: Device;
  readonly account: Account;
  readonly phone: SignedInPhone;
}

const atOnce = 500;
const region = "emea";
/** Yealink's, so that the gateway knows which file the phone asks for. */
const macPrefix = "805ec0";
const model = { vendor: "Yealink", model: "SIP-T46S", firmware: "66.86.0.15" };

/** What a T46S says of itself, over HTTP and SIP. @param macAddress with colons */
export function userAgentOf(macAddress: string): string {
  return `${model.vendor} ${model.model} ${model.firmware} ${macAddress}`;
}

/**
 * Writes devices into the storage of a gateway that is stopped and was started once: enrolled, and
 * signed in each for a user of its own with the calling policy `Global`, as if that had been long
 * ago. They have never registered.
 */
export async function seedSignedInDevices(
  storage: Pick<StoreSettings, "dataDir" | "redisUrl">,
  count: number,
): Promise<readonly SignedInPhone[]> {
  const stores = await openStores({ ...storage, logger: pino({ level: "silent" }) });
  try {
    const [tenant] = await stores.tenants.list();
    if (tenant === undefined) throw new Error("The gateway has made no tenant yet.");
    const accounts = {
      onboarding: new OnboardingAccounts(await sharedSecret(stores, "onboarding-accounts")),
      user: new UserAccounts(await sharedSecret(stores, "user-accounts")),
    };
    const seeds = Array.from({ length: count }, (_, index) =>
      makeSeed(tenant, accounts, index + 1),
    );
    for (let from = 0; from < count; from += atOnce) {
      const batch = seeds.slice(from, from + atOnce);
      await stores.users.putMany(batch.map(({ user }) => user));
      await stores.accounts.putMany(batch.map(({ account }) => account));
      await Promise.all(batch.map(({ device }) => stores.devices.insert(device)));
    }
    return seeds.map(({ phone }) => phone);
  } finally {
    await stores.stop();
  }
}

function makeSeed(
  tenant: Tenant,
  accounts: { readonly onboarding: OnboardingAccounts; readonly user: UserAccounts },
  number: number,
): Seed {
  const phoneNumber = `+1555${String(number).padStart(7, "0")}`;
  const user = makeUser(tenant, number, phoneNumber);
  const macAddress = `${macPrefix}${number.toString(16).padStart(6, "0")}` as MacAddress;
  const now = Date.now();
  const { authenticationName: enrolled, urlSecret } = accounts.onboarding.issue(macAddress, now);
  const waiting = newDevice(tenant.id, macAddress, "waiting-on-activation", "Tower", now);
  const account = accounts.user.issue(tenant, user, phoneNumber, waiting);
  const { authenticationName } = account;
  return {
    user,
    account,
    device: {
      ...waiting,
      ...model,
      state: "signed-in",
      supported: true,
      region,
      ipAddress: "127.0.0.1",
      issuedAccount: { authenticationName: enrolled, address: "127.0.0.1" },
      enrolledAuthenticationName: enrolled,
      upn: user.upn,
      userAuthenticationName: authenticationName,
    },
    phone: {
      number,
      macAddress: formatMacAddress(macAddress),
      aor: userAor(phoneNumber, tenant.domain),
      domain: tenant.domain,
      authenticationName,
      password: accounts.user.password(authenticationName),
      configurationPath: `${provisioningPath({ region, secret: urlSecret })}${macAddress}.cfg`,
    },
  };
}

function makeUser(tenant: Tenant, number: number, phoneNumber: string): User {
  return {
    tenantId: tenant.id,
    upn: `person-${number}@${tenant.domain}`,
    displayName: `Person ${number}`,
    phoneNumber,
    callingPolicy: globalPolicyName,
    forwarding: null,
    doNotDisturb: false,
    passwordHash: null,
  };
}
