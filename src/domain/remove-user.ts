import { type SignOutDependencies, signOutDevice } from "./sign-out-device.ts";
import type { Stores } from "./stores.ts";
import type { TellPhone } from "./tell-phone.ts";
import type { TenantId } from "./tenant.ts";

/** What deleting a user needs. */
export type RemoveUserDependencies = SignOutDependencies & Pick<Stores, "users">;

/**
 * Deletes a user, once signed out on every device. The devices are looked for again after the user
 * is gone: a sign-in that was under way then finds no user, and one that was just done is undone.
 * @returns false when there is no such user
 */
export async function removeUser(
  dependencies: RemoveUserDependencies,
  tenantId: TenantId,
  upn: string,
  actor: string,
  tellPhone: TellPhone,
): Promise<boolean> {
  await signOutEverywhere(dependencies, tenantId, upn, actor, tellPhone);
  const removed = await dependencies.users.remove(tenantId, upn);
  await signOutEverywhere(dependencies, tenantId, upn, actor, tellPhone);
  return removed;
}

async function signOutEverywhere(
  dependencies: RemoveUserDependencies,
  tenantId: TenantId,
  upn: string,
  actor: string,
  tellPhone: TellPhone,
): Promise<void> {
  const text = `Signed out: user ${upn} was deleted.`;
  for (const { macAddress } of await dependencies.devices.listByUser(tenantId, upn)) {
    await signOutDevice(dependencies, { tenantId, macAddress, actor, text, upn }, tellPhone);
  }
}
