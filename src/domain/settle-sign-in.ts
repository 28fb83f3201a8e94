import type { Device } from "./device.ts";
import { gatewayActor, type Recording, recordDeviceEvent } from "./record-device-event.ts";
import type { SignIn } from "./sign-in.ts";
import type { Stores } from "./stores.ts";

/** What ending a sign-in needs. */
export type SettleSignInDependencies = Recording & Pick<Stores, "signIns">;

/**
 * Ends a sign-in that came to nothing and says why in the device's history. One that was ended or
 * replaced meanwhile stays as it is.
 */
export async function settleUnsuccessful(
  dependencies: SettleSignInDependencies,
  signIn: SignIn,
  status: "failed" | "expired",
  reason: string,
): Promise<void> {
  if (!(await dependencies.signIns.settle({ ...signIn, status, reason, upn: null }))) return;
  const { tenantId, macAddress } = signIn;
  const text = `Sign-in failed: ${reason}`;
  const event = {
    tenantId,
    macAddress,
    kind: "sign-in-failed",
    text,
    actor: gatewayActor,
  } as const;
  await recordDeviceEvent(dependencies, event);
}

/**
 * Ends the sign-in with a pairing code that is pending on a device on which somebody was signed in
 * otherwise, so that no user types a code that nobody waits for.
 * @param completedId the sign-in that did so itself and is settled by whoever completes it
 */
export async function endOtherSignIn(
  dependencies: SettleSignInDependencies,
  { tenantId, macAddress, upn }: Device,
  completedId?: string,
): Promise<void> {
  const signIn = await dependencies.signIns.find(tenantId, macAddress);
  if (signIn?.status !== "pending" || signIn.id === completedId) return;
  const reason = `${upn ?? "Somebody"} was signed in on the device otherwise meanwhile.`;
  await settleUnsuccessful(dependencies, signIn, "failed", reason);
}
