import { randomUUID } from "node:crypto";
import type { DeviceState } from "./device.ts";
import { mayBeSignedIn } from "./judge-sign-in.ts";
import { formatMacAddress, type MacAddress } from "./mac-address.ts";
import { type Recording, recordDeviceEvent } from "./record-device-event.ts";
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
 * Nothing polls yet: give the sign-in to the poller.
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
  const text = `Sign-in started: a user opens ${signIn.verificationUri} and types the pairing code.`;
  const event = { tenantId, macAddress, kind: "sign-in-started", text, actor } as const;
  await recordDeviceEvent(dependencies, event);
  return { outcome: "started", signIn };
}
