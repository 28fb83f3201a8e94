import { interactionPolicy, type ProviderContext } from "oidc-provider";
import type { AskingDevice } from "../../domain/sign-in.ts";
import type { Stores } from "../../domain/stores.ts";
import type { Tenant } from "../../domain/tenant.ts";
import type { TimeSource } from "../../domain/time-source.ts";
import type { CodePages } from "./code-pages.ts";
import { endpointPaths, pagePaths } from "./paths.ts";
import type { ProviderSecrets } from "./provider-secrets.ts";
import { IdentityStateAdapter } from "./state-adapter.ts";

/** The gateway's own name at its identity provider. */
export const gatewayClientId = "sip-gateway";

/** The parameter in which the gateway tells which device asks; JSON of an AskingDevice. */
export const deviceParameter = "gateway_device";

const deviceGrant = "urn:ietf:params:oauth:grant-type:device_code";
/** As long as Microsoft's pairing codes live. */
const codeLifetimeSeconds = 15 * 60;
const tokenLifetimeSeconds = 60;

interface ConfigurationParts {
  readonly stores: Pick<Stores, "users" | "identityState">;
  readonly tenant: Tenant;
  readonly clock: TimeSource;
  readonly secrets: ProviderSecrets;
  readonly pages: CodePages;
}

/** What oidc-provider is constructed with: the device flow (RFC 8628) for one client, and nothing else. */
export function providerConfiguration(parts: ConfigurationParts): object {
  const { stores, clock, secrets, pages } = parts;
  return {
    adapter: (kind: string) => new IdentityStateAdapter(kind, stores.identityState, clock),
    clients: [
      {
        client_id: gatewayClientId,
        client_secret: secrets.clientSecret,
        grant_types: [deviceGrant],
        redirect_uris: [],
        response_types: [],
        id_token_signed_response_alg: "ES256",
      },
    ],
    jwks: { keys: [secrets.signingKey] },
    cookies: { keys: [secrets.cookieKey] },
    routes: { ...endpointPaths, code_verification: pagePaths.code },
    scopes: ["openid", "profile"],
    claims: { openid: ["sub"], profile: ["preferred_username", "name"] },
    // The name stands in the ID token itself; there is no user info endpoint.
    conformIdTokenClaims: false,
    responseTypes: [],
    extraParams: [deviceParameter],
    ttl: {
      DeviceCode: codeLifetimeSeconds,
      Interaction: codeLifetimeSeconds,
      Session: codeLifetimeSeconds,
      Grant: codeLifetimeSeconds,
      AccessToken: tokenLifetimeSeconds,
      IdToken: tokenLifetimeSeconds,
    },
    features: featuresWith(pages),
    interactions: {
      policy: passwordEachTime(),
      url: (_context: unknown, { uid }: { readonly uid: string }) => `${pagePaths.password}/${uid}`,
    },
    findAccount: findAccountWith(parts),
    loadExistingGrant: grantWhatIsAsked,
    // The session ends with the page; the phone's sign-in goes on.
    expiresWithSession: () => false,
    renderError: pages.tellError,
  };
}

function featuresWith(pages: CodePages): object {
  return {
    deviceFlow: {
      enabled: true,
      // Nine letters without vowels and the like of vowels: no words, none to be mistaken.
      charset: "base-20",
      mask: "*********",
      deviceInfo: readDevice,
      userCodeInputSource: pages.askForCode,
      userCodeConfirmSource: pages.askToConfirm,
      successSource: pages.tellSuccess,
    },
    devInteractions: { enabled: false },
    rpInitiatedLogout: { enabled: false },
    userinfo: { enabled: false },
    resourceIndicators: { enabled: false },
  };
}

/** Only the gateway can ask, which proves itself by its secret; what it says is bounded all the same. */
function readDevice(context: ProviderContext): AskingDevice | Record<string, never> {
  const text = context.oidc.params?.[deviceParameter];
  if (typeof text !== "string" || text.length > 2000) return {};
  try {
    const { macAddress, location, model } = JSON.parse(text) as Partial<AskingDevice>;
    return { macAddress: String(macAddress), location: location ?? "", model: model ?? null };
  } catch {
    // Then the page names no device.
    return {};
  }
}

/** A browser in which somebody signed in a phone before may be another's by now. */
function passwordEachTime(): object {
  const { Check, base } = interactionPolicy;
  const policy = base();
  policy
    .get("login")
    .checks.add(
      new Check("each_time", "Each sign-in asks for the password", ({ oidc }) =>
        oidc.result?.login === undefined ? Check.REQUEST_PROMPT : Check.NO_NEED_TO_PROMPT,
      ),
    );
  return policy;
}

function findAccountWith({ stores, tenant }: ConfigurationParts) {
  return async (_context: unknown, upn: string) => {
    // Who gave the password and was deleted since is named all the same: the gateway then says why not.
    const user = await stores.users.find(tenant.id, upn);
    const claims = { sub: upn, preferred_username: upn, name: user?.displayName ?? upn };
    return { accountId: upn, claims: async () => claims };
  };
}

/** The person has agreed by confirming the device; there is nothing more to consent to. */
async function grantWhatIsAsked({ oidc }: ProviderContext): Promise<object | undefined> {
  const { account, client, provider } = oidc;
  if (account === undefined || client === undefined) return undefined;
  const grant = new provider.Grant({ accountId: account.accountId, clientId: client.clientId });
  grant.addOIDCScope([...oidc.requestParamScopes].join(" "));
  await grant.save();
  return grant;
}
