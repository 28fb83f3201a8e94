import { judgeUser } from "./judge-sign-in.ts";
import { gatewayActor } from "./record-device-event.ts";
import { findClaim } from "./sign-in-device.ts";
import { type SignOutDependencies, signOutDevice } from "./sign-out-device.ts";
import type { Stores } from "./stores.ts";
import type { TellPhone } from "./tell-phone.ts";
import type { TenantId } from "./tenant.ts";
import { type User, userAor } from "./user.ts";
import { usersOfPolicy } from "./users-of-policy.ts";

/** What enforcing permissions needs. */
export type EnforceDependencies = SignOutDependencies &
  Pick<Stores, "users" | "callingPolicies"> & { readonly tellPhone: TellPhone };

/**
 * Signs a user out, on every device, who has lost the phone number or the permission that SIP
 * devices need, or whose number is another now: the account bears the former one.
 * @returns how many devices were signed out
 */
export async function enforceUser(
  dependencies: EnforceDependencies,
  tenantId: TenantId,
  upn: string,
): Promise<number> {
  const judgment = judgeUser(await findClaim(dependencies, tenantId, upn));
  let count = 0;
  for (const device of await dependencies.devices.listByUser(tenantId, upn)) {
    const { macAddress, userAuthenticationName } = device;
    const reason = judgment.ok
      ? await numberChange(dependencies, judgment.user, userAuthenticationName)
      : judgment.reason;
    if (reason === undefined) continue;
    const signOut = { tenantId, macAddress, actor: gatewayActor, text: `Signed out: ${reason}` };
    const result = await signOutDevice(dependencies, { ...signOut, upn }, dependencies.tellPhone);
    if (result.outcome === "signed-out") count++;
  }
  return count;
}

async function numberChange(
  { accounts }: EnforceDependencies,
  { phoneNumber, upn }: User,
  authenticationName: string | null,
): Promise<string | undefined> {
  if (authenticationName === null || phoneNumber === null) return undefined;
  const account = await accounts.findByAuthenticationName(authenticationName);
  if (account === undefined || account.aor === userAor(phoneNumber, account.realm)) {
    return undefined;
  }
  return `the phone number of ${upn} is ${phoneNumber} now. Sign in again to use it.`;
}

const usersAtOnce = 8;

/**
 * Enforces each user of a calling policy, a few at a time.
 * @param isStopped asked between users; true ends it early
 */
export async function enforcePolicy(
  dependencies: EnforceDependencies,
  tenantId: TenantId,
  policyName: string,
  isStopped: () => boolean,
): Promise<void> {
  for await (const users of usersOfPolicy(dependencies.users, tenantId, policyName)) {
    for (let start = 0; start < users.length && !isStopped(); start += usersAtOnce) {
      const batch = users.slice(start, start + usersAtOnce);
      await Promise.all(batch.map(({ upn }) => enforceUser(dependencies, tenantId, upn)));
    }
    if (isStopped()) return;
  }
}
