import { isIPv6 } from "node:net";
import type { FastifyBaseLogger } from "fastify";
import type { IdentityProvider } from "../domain/sign-in.ts";
import type { Stores } from "../domain/stores.ts";
import type { Tenant } from "../domain/tenant.ts";
import type { TimeSource } from "../domain/time-source.ts";
import { boundedFetch } from "./bounded-fetch.ts";
import { BuiltInIdentityServer, type HostApp } from "./built-in/built-in-identity-server.ts";
import { deviceParameter, gatewayClientId } from "./built-in/provider-configuration.ts";
import { providerSecrets } from "./built-in/provider-secrets.ts";
import { OpenIdProvider } from "./openid-provider.ts";

/** An outside issuer, as the settings name it. */
export interface OutsideIssuer {
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string | null;
  readonly scopes: string;
  readonly userClaim: string;
}

/** What sign-ins are made of. */
export interface IdentityDependencies {
  /** Null: the built-in identity provider. */
  readonly outsideIssuer: OutsideIssuer | null;
  readonly stores: Pick<Stores, "users" | "identityState" | "secrets">;
  readonly tenant: Tenant;
  readonly clock: TimeSource;
  readonly logger: Pick<FastifyBaseLogger, "error">;
  /** Origin under which browsers reach the admin listener. */
  readonly publicUrl: () => string;
  /** Where the admin listener really listens; null before. */
  readonly adminAddress: () => { readonly host: string; readonly port: number } | null;
}

/** Who signs users in, and what that needs of the admin listener: nothing, when it is an outside issuer. */
export interface Identity {
  readonly provider: IdentityProvider;
  readonly addRoutes: ((app: HostApp) => void) | undefined;
}

/** Makes the identity provider that the settings ask for. */
export async function createIdentity(dependencies: IdentityDependencies): Promise<Identity> {
  const { outsideIssuer } = dependencies;
  if (outsideIssuer === null) return builtIn(dependencies);
  const provider = new OpenIdProvider({
    ...outsideIssuer,
    issuer: () => outsideIssuer.url,
    fetch: boundedFetch(),
  });
  return { provider, addRoutes: undefined };
}

/** The gateway is a client of its own provider as of any other, over HTTP to its own listener. */
async function builtIn(dependencies: IdentityDependencies): Promise<Identity> {
  const { publicUrl, adminAddress } = dependencies;
  const secrets = await providerSecrets(dependencies.stores.secrets);
  const server = new BuiltInIdentityServer({ ...dependencies, secrets });
  const provider = new OpenIdProvider({
    issuer: () => new URL(publicUrl()).origin,
    clientId: gatewayClientId,
    clientSecret: secrets.clientSecret,
    scopes: "openid profile",
    userClaim: "preferred_username",
    fetch: boundedFetch((url) => toListener(url, adminAddress())),
    deviceParameters: (device) => ({ [deviceParameter]: JSON.stringify(device) }),
  });
  return { provider, addRoutes: (app) => server.addRoutes(app) };
}

function toListener(
  url: string,
  address: { readonly host: string; readonly port: number } | null,
): string {
  if (address === null) throw new Error("the admin listener is not open yet");
  const { pathname, search } = new URL(url);
  const host = reachable(address.host);
  return `http://${isIPv6(host) ? `[${host}]` : host}:${address.port}${pathname}${search}`;
}

/** Who listens on every address is reached on the loopback one. */
function reachable(host: string): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  return host === "::" ? "::1" : host;
}
