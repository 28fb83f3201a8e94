import { type SettleSignInDependencies, settleUnsuccessful } from "./settle-sign-in.ts";
import type { SignIn } from "./sign-in.ts";
import { type SignInDeviceDependencies, signInDevice } from "./sign-in-device.ts";

/** What completing a sign-in needs. */
export type CompleteSignInDependencies = SettleSignInDependencies & SignInDeviceDependencies;

/**
 * Signs in the user that the identity provider named, or ends the sign-in with the reason why not.
 *
 * The identity provider grants once, so the grant is kept before anything is done on it; the sign-in
 * stays pending until all is done, and is done again from its beginning after a crash.
 * @param upn in lower case
 */
export async function completeSignIn(
  dependencies: CompleteSignInDependencies,
  signIn: SignIn,
  upn: string,
): Promise<void> {
  const granted: SignIn = { ...signIn, upn };
  // False: ended, or replaced by a newer sign-in of the device, which is the one that counts.
  if (signIn.upn === null && !(await dependencies.signIns.settle(granted))) return;
  const result = await signInDevice(dependencies, { ...signIn, upn, signInId: signIn.id });
  if (result.ok) await dependencies.signIns.settle({ ...granted, status: "completed" });
  else await settleUnsuccessful(dependencies, granted, "failed", result.reason);
}
