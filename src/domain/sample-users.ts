import { createHmac } from "node:crypto";
import { type Account, ha1Of } from "./account.ts";
import { globalPolicyName } from "./calling-policy.ts";
import { type Device, newDevice } from "./device.ts";
import type { MacAddress } from "./mac-address.ts";
import type { Stores } from "./stores.ts";
import type { Tenant } from "./tenant.ts";
import type { TimeSource } from "./time-source.ts";
import { type User, userAor } from "./user.ts";

/** Sample users made in one go at the most. */
export const mostSampleUsersAtOnce = 10_000;

/** The last sample user there can be: their numbers have seven digits that count. */
export const lastSampleUser = 9_999_999;

/** What making sample users needs. */
export interface SampleUsersDependencies {
  readonly stores: Pick<Stores, "users" | "accounts" | "devices">;
  readonly clock: TimeSource;
  readonly tenant: Tenant;
  /** At least 32 random bytes: passwords are derived from it, so that the same user has the same one again. */
  readonly secret: Buffer;
}

/** A sample user's SIP account, password included: for a load generator. */
export interface SampleAccount {
  /** `+15550000001` */
  readonly user: string;
  readonly domain: string;
  readonly authenticationName: string;
  readonly password: string;
}

interface Sample {
  readonly user: User;
  readonly account: Account;
  readonly device: Device;
  readonly sampleAccount: SampleAccount;
}

const devicesAtOnce = 200;

/**
 * Makes signed-in users for load tests, each on a phone of its own. Doing it again changes nothing.
 * @param from the first one's number, from 1
 * @param count how many, {@link mostSampleUsersAtOnce} at the most
 */
export async function makeSampleUsers(
  dependencies: SampleUsersDependencies,
  from: number,
  count: number,
): Promise<readonly SampleAccount[]> {
  const { stores } = dependencies;
  const samples = Array.from({ length: count }, (_, index) =>
    makeSample(dependencies, from + index),
  );
  await stores.users.putMany(samples.map(({ user }) => user));
  for (let start = 0; start < samples.length; start += devicesAtOnce) {
    const batch = samples.slice(start, start + devicesAtOnce);
    // One that is there already, from an earlier call, stays as it is.
    await Promise.all(batch.map(({ device }) => stores.devices.insert(device)));
  }
  await stores.accounts.putMany(samples.map(({ account }) => account));
  return samples.map(({ sampleAccount }) => sampleAccount);
}

function makeSample({ tenant, clock, secret }: SampleUsersDependencies, index: number): Sample {
  const phoneNumber = `+1555${String(index).padStart(7, "0")}`;
  const label = String(index).padStart(6, "0");
  const upn = `sample-${label}@${tenant.domain}`;
  // 02: locally administered (IEEE 802), so that it is no real phone's.
  const macAddress = `02${index.toString(16).padStart(10, "0")}` as MacAddress;
  const password = passwordOf(secret, phoneNumber);
  const waiting = newDevice(
    tenant.id,
    macAddress,
    "waiting-on-activation",
    "Sample",
    clock.nowMilliseconds(),
  );
  return {
    user: {
      tenantId: tenant.id,
      upn,
      displayName: `Sample ${label}`,
      phoneNumber,
      callingPolicy: globalPolicyName,
      forwarding: null,
      doNotDisturb: false,
      passwordHash: null,
    },
    account: {
      tenantId: tenant.id,
      authenticationName: phoneNumber,
      realm: tenant.domain,
      aor: userAor(phoneNumber, tenant.domain),
      upn,
      macAddress,
      ha1: ha1Of(phoneNumber, tenant.domain, password),
    },
    device: { ...waiting, state: "signed-in", upn },
    sampleAccount: {
      user: phoneNumber,
      domain: tenant.domain,
      authenticationName: phoneNumber,
      password,
    },
  };
}

/** In hex, which never begins with `0x`: SIPp takes what follows that for encoded bytes. */
function passwordOf(secret: Buffer, phoneNumber: string): string {
  return createHmac("sha256", secret)
    .update(`sample-user\n${phoneNumber}`)
    .digest("hex")
    .slice(0, 24);
}
