import type { AdminServerDependencies } from "../admin-api/admin-dependencies.ts";
import type { AdminServer } from "../admin-api/admin-server.ts";
import { BulkSignInRunner } from "../domain/bulk-sign-in-runner.ts";
import { Enforcer } from "../domain/enforcer.ts";
import type { MacAddress } from "../domain/mac-address.ts";
import {
  type PhoneSignInOutcome,
  type PhoneSignInRequest,
  PhoneSignIns,
} from "../domain/phone-sign-ins.ts";
import { phoneActor } from "../domain/record-device-event.ts";
import { SignInPoller } from "../domain/sign-in-poller.ts";
import { type SignOutOutcome, signOutDevice } from "../domain/sign-out-device.ts";
import { startSignIn } from "../domain/start-sign-in.ts";
import type { TellPhone } from "../domain/tell-phone.ts";
import type { TenantId } from "../domain/tenant.ts";
import { createIdentity, type Identity } from "../identity/create-identity.ts";
import type { SipServer } from "../signaling/sip-server.ts";
import type { Ground } from "./ground.ts";

/** Who signs users in: an outside issuer where the settings name one, else the built-in provider. */
export function newIdentity(
  { config, stores, tenant, clock, logger, metrics }: Ground,
  adminAddress: () => AdminServer["address"],
): Promise<Identity> {
  const { oidcIssuer: url, oidcClientId: clientId, oidcClientSecret: clientSecret } = config;
  const { oidcScopes: scopes, oidcUserClaim: userClaim, oidcAdminClaim: adminClaim } = config;
  return createIdentity({
    outsideIssuer:
      url === null || clientId === null
        ? null
        : { url, clientId, clientSecret, scopes, userClaim, adminClaim },
    stores,
    tenant,
    clock,
    logger,
    publicUrl: config.adminPublicUrl,
    publicAddress: config.publicAddress,
    onWrongCode: () => metrics.wrongPairingCode(),
    adminAddress,
  });
}

/** What signs users in and out on its own time. */
export interface Presence {
  readonly poller: SignInPoller;
  readonly enforcer: Enforcer;
  readonly bulkSignIns: BulkSignInRunner;
  readonly startSignIn: AdminServerDependencies["startSignIn"];
  /**
   * Begins a sign-in for a phone that asks for it, by its screen or a feature code, or gives again
   * the one that is waited for. @throws IdentityProviderError
   */
  readonly startSignInFromPhone: (request: PhoneSignInRequest) => Promise<PhoneSignInOutcome>;
  /**
   * Signs out who is signed in on a phone, which asks for it itself; given a user, that one only.
   */
  readonly signOutFromPhone: (
    tenantId: TenantId,
    macAddress: MacAddress,
    upn?: string,
  ) => Promise<SignOutOutcome>;
}

/** Starts sign-ins, watches them, and signs out whom a change of user or policy concerns. */
export function newPresence(
  { config, stores, clock, tenant, logger, userAccounts }: Ground,
  sip: SipServer,
  { provider: identityProvider }: Identity,
): Presence {
  const { nodeId } = config;
  const tellPhone: TellPhone = (device) => sip.tellDevice(device);
  const needs = { ...stores, clock, tenant, userAccounts, tellPhone, identityProvider, nodeId };
  const poller = new SignInPoller({
    ...needs,
    onError: (error) =>
      logger.error({ err: error }, "A sign-in could not go on; it is tried again"),
  });
  const phoneSignIns = new PhoneSignIns(needs, (signIn) => poller.watch(signIn));
  return {
    poller,
    enforcer: new Enforcer(needs, (error) =>
      logger.error({ err: error }, "A change of a user or policy was not enforced on a device"),
    ),
    bulkSignIns: new BulkSignInRunner({
      ...needs,
      onError: (error) =>
        logger.error({ err: error }, "A bulk sign-in could not go on; it is tried again"),
    }),
    startSignIn: async (tenantId, macAddress, actor) => {
      const result = await startSignIn(needs, tenantId, macAddress, actor);
      if (result.outcome === "started") poller.watch(result.signIn);
      return result;
    },
    startSignInFromPhone: (request) => phoneSignIns.start(request),
    signOutFromPhone: (tenantId, macAddress, upn) => {
      const text = "Signed out on the phone; it is told to fetch its configuration.";
      const signOut = { tenantId, macAddress, actor: phoneActor, text };
      const whom = upn === undefined ? {} : { upn };
      return signOutDevice(needs, { ...signOut, ...whom }, tellPhone);
    },
  };
}
