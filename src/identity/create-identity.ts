import { isIPv6 } from "node:net";
import type { FastifyBaseLogger } from "fastify";
import type { AdministratorIdentityProvider } from "../domain/administrator-sign-in.ts";
import type { IdentityProvider } from "../domain/sign-in.ts";
import type { Stores } from "../domain/stores.ts";
import type { Tenant } from "../domain/tenant.ts";
import type { TimeSource } from "../domain/time-source.ts";
import { boundedFetch } from "./bounded-fetch.ts";
import { BuiltInIdentityServer, type HostApp } from "./built-in/built-in-identity-server.ts";
import { deviceParameter, gatewayClientId } from "./built-in/provider-configuration.ts";
import { providerSecrets } from "./built-in/provider-secrets.ts";
import { OpenIdAdministrators } from "./openid-administrators.ts";
import { OpenIdIssuer } from "./openid-issuer.ts";
import { OpenIdProvider } from "./openid-provider.ts";

/** An outside issuer, as the settings name it. */
export interface OutsideIssuer {
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string | null;
  readonly scopes: string;
  readonly userClaim: string;
  /** The claim that holds administrators' roles. */
  readonly adminClaim: string;
}

/** What sign-ins are made of. */
export interface IdentityDependencies {
  /** Null: the built-in identity provider. */
  readonly outsideIssuer: OutsideIssuer | null;
  readonly stores: Pick<Stores, "users" | "identityState" | "secrets" | "history" | "liveEvents">;
  readonly tenant: Tenant;
  readonly clock: TimeSource;
  readonly logger: Pick<FastifyBaseLogger, "error" | "warn">;
  /** Origin under which browsers reach the admin listener; null: under the address it listens on. */
  readonly publicUrl: string | null;
  /** The host that stands for all addresses, where the admin listener listens on every one. */
  readonly publicAddress: string;
  /** Told of each pairing code that was typed at the built-in provider and that there is not. */
  readonly onWrongCode: () => void;
  /** Where the admin listener really listens; null before. */
  readonly adminAddress: () => ListeningAddress | null;
}

interface ListeningAddress {
  readonly host: string;
  readonly port: number;
}

/** Who signs users in, and what that needs of the admin listener: nothing, when it is an outside issuer. */
export interface Identity {
  readonly provider: IdentityProvider;
  readonly addRoutes: ((app: HostApp) => void) | undefined;
  /** Who signs administrators in; undefined with the built-in provider, which is for users. */
  readonly administrators: AdministratorIdentityProvider | undefined;
}

/** Makes the identity provider that the settings ask for. */
export async function createIdentity(dependencies: IdentityDependencies): Promise<Identity> {
  const { outsideIssuer } = dependencies;
  if (outsideIssuer === null) return builtIn(dependencies);
  const { adminClaim: roleClaim, ...client } = outsideIssuer;
  const options = { ...client, issuer: () => outsideIssuer.url, fetch: boundedFetch() };
  const administrators = new OpenIdAdministrators({
    ...client,
    roleClaim,
    issuer: new OpenIdIssuer(options),
    redirectUri: () => `${publicOrigin(dependencies)}/api/v1/session/callback`,
  });
  return { provider: new OpenIdProvider(options), addRoutes: undefined, administrators };
}

/** The gateway is a client of its own provider as of any other, over HTTP to its own listener. */
async function builtIn(dependencies: IdentityDependencies): Promise<Identity> {
  const listener = () => listeningAddress(dependencies);
  const origin = () => publicOrigin(dependencies);
  const secrets = await providerSecrets(dependencies.stores.secrets);
  const server = new BuiltInIdentityServer({ ...dependencies, secrets, publicUrl: origin });
  const provider = new OpenIdProvider({
    issuer: origin,
    clientId: gatewayClientId,
    clientSecret: secrets.clientSecret,
    scopes: "openid profile",
    userClaim: "preferred_username",
    fetch: boundedFetch((url) => {
      const { pathname, search } = new URL(url);
      return `${originOf(listener(), undefined)}${pathname}${search}`;
    }),
    deviceParameters: (device) => ({ [deviceParameter]: JSON.stringify(device) }),
  });
  return { provider, addRoutes: (app) => server.addRoutes(app), administrators: undefined };
}

/** Where browsers reach the admin listener. */
function publicOrigin(dependencies: IdentityDependencies): string {
  const { publicUrl, publicAddress } = dependencies;
  return publicUrl ?? originOf(listeningAddress(dependencies), publicAddress);
}

function listeningAddress({ adminAddress }: IdentityDependencies): ListeningAddress {
  const address = adminAddress();
  if (address === null) throw new Error("the admin listener is not open yet");
  return address;
}

/** @param everyAddress stands for a listener on every address; undefined: its loopback one */
function originOf({ host, port }: ListeningAddress, everyAddress: string | undefined): string {
  let reached = host;
  if (host === "0.0.0.0") reached = everyAddress ?? "127.0.0.1";
  if (host === "::") reached = everyAddress ?? "::1";
  return new URL(`http://${isIPv6(reached) ? `[${reached}]` : reached}:${port}`).origin;
}
