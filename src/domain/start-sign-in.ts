import { randomUUID } from "node:crypto";
import type { Device, DeviceState } from "./device.ts";
import { mayBeSignedIn } from "./judge-sign-in.ts";
import { formatMacAddress, type MacAddress } from "./mac-address.ts";
import { type Recording, recordDeviceEvent } from "./record-device-event.ts";
import { settleUnsuccessful } from "./settle-sign-in.ts";
import type { IdentityProvider, SignIn } from "./sign-in.ts";
import type { Stores } from "./stores.ts";
import type { TenantId } from "./tenant.ts";

/** What starting a sign-in needs. */
export type StartSignInDependencies = Recording &
  Pick<Stores, "devices" | "signIns"> & {
    readonly identityProvider: IdentityProvider;
    /** The node that will poll. */
    readonly nodeId: string;
  };

/** What became of it. */
export type StartSignInOutcome =
  | { readonly outcome: "started"; readonly signIn: SignIn }
  | { readonly outcome: "not-waiting"; readonly state: DeviceState }
  | { readonly outcome: "no-device" };

/**
 * Asks the identity provider for a pairing code and writes the device's sign-in, over a former one.
 * Nothing polls yet: give the sign-in to the poller. Where the device was signed in otherwise, reset
 * or deleted while the identity provider was asked, the sign-in has ended by the time this returns.
 * @param authenticationName the onboarding account of the phone that asks, if it was a phone
 * @throws IdentityProviderError when it gives no code; then a former sign-in stays
 */
export async function startSignIn(
  dependencies: StartSignInDependencies,
  tenantId: TenantId,
  macAddress: MacAddress,
  actor: string,
  authenticationName?: string,
): Promise<StartSignInOutcome> {
  const { devices, signIns, identityProvider, clock, nodeId } = dependencies;
  const device = (await devices.find(tenantId, macAddress))?.value;
  if (device === undefined) return { outcome: "no-device" };
  if (!mayBeSignedIn(device, authenticationName)) {
    return { outcome: "not-waiting", state: device.state };
  }
  const { lifetimeSeconds, ...authorization } = await identityProvider.authorizeDevice({
    macAddress: formatMacAddress(macAddress),
    location: device.location,
    model: device.model,
  });
  const now = clock.nowMilliseconds();
  const signIn: SignIn = {
    id: randomUUID(),
    tenantId,
    macAddress,
    ...authorization,
    startedAtMilliseconds: now,
    expiresAtMilliseconds: now + lifetimeSeconds * 1000,
    status: "pending",
    reason: null,
    upn: null,
    nodeId,
    actor,
    ...(authenticationName === undefined ? {} : { authenticationName }),
  };
  await signIns.put(signIn);
  // Who signed in, reset or deleted it meanwhile looked for a pending sign-in before this one stood.
  const present = (await devices.find(tenantId, macAddress))?.value;
  if (present === undefined || !mayBeSignedIn(present, authenticationName)) {
    return giveUp(dependencies, signIn, present);
  }
  const text = `Sign-in started: a user opens ${signIn.verificationUri} and types the pairing code.`;
  const event = { tenantId, macAddress, kind: "sign-in-started", text, actor } as const;
  await recordDeviceEvent(dependencies, event);
  return { outcome: "started", signIn };
}

/** A deleted device keeps no sign-in; any other says why there is none. */
async function giveUp(
  dependencies: StartSignInDependencies,
  signIn: SignIn,
  device: Device | undefined,
): Promise<StartSignInOutcome> {
  if (device === undefined) {
    await dependencies.signIns.remove(signIn.tenantId, signIn.macAddress);
    return { outcome: "no-device" };
  }
  const reason = `The device became ${device.state} before its pairing code was there.`;
  await settleUnsuccessful(dependencies, signIn, "failed", reason);
  return { outcome: "not-waiting", state: device.state };
}
