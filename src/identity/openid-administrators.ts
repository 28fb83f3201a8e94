import * as client from "openid-client";
import { type AdministratorRole, administratorRoles } from "../domain/administrator.ts";
import type {
  AdministratorIdentityProvider,
  AdministratorSignInAnswer,
  PendingAdministratorSignIn,
} from "../domain/administrator-sign-in.ts";
import { IdentityProviderError } from "../domain/sign-in.ts";
import { fetchUserClaims, type OpenIdIssuer, readUserName } from "./openid-issuer.ts";
import { publicReason } from "./poll-outcome.ts";

/** What stands before a role in the claim's values: `sip-gateway.reader`. */
const rolePrefix = "sip-gateway.";

/** Values of the claim that are looked at. */
const mostValues = 1000;

/** Where administrators are signed in, and by which claims they are known. */
export interface OpenIdAdministratorsOptions {
  readonly issuer: OpenIdIssuer;
  /** Separated by spaces; `openid` among them. */
  readonly scopes: string;
  /** The claim that names the user. */
  readonly userClaim: string;
  /** The claim that holds his roles. */
  readonly roleClaim: string;
  /** Where the issuer sends the browser back to; asked when it is first needed. */
  readonly redirectUri: () => string;
}

/** Signs administrators in at an OpenID issuer by the authorization code flow with PKCE (RFC 7636). */
export class OpenIdAdministrators implements AdministratorIdentityProvider {
  readonly #options: OpenIdAdministratorsOptions;

  constructor(options: OpenIdAdministratorsOptions) {
    this.#options = options;
  }

  async begin(): Promise<{ url: string; pending: PendingAdministratorSignIn }> {
    const { issuer, scopes, redirectUri } = this.#options;
    const pending = {
      state: client.randomState(),
      nonce: client.randomNonce(),
      codeVerifier: client.randomPKCECodeVerifier(),
    };
    try {
      const url = client.buildAuthorizationUrl(await issuer.configuration(), {
        redirect_uri: redirectUri(),
        scope: scopes,
        state: pending.state,
        nonce: pending.nonce,
        code_challenge: await client.calculatePKCECodeChallenge(pending.codeVerifier),
        code_challenge_method: "S256",
      });
      return { url: url.href, pending };
    } catch (error) {
      const reason = `The identity provider cannot sign administrators in: ${publicReason(error)}.`;
      throw new IdentityProviderError(reason, error);
    }
  }

  async finish(
    query: string,
    pending: PendingAdministratorSignIn,
  ): Promise<AdministratorSignInAnswer> {
    try {
      const configuration = await this.#options.issuer.configuration();
      const url = new URL(query, this.#options.redirectUri());
      const tokens = await client.authorizationCodeGrant(configuration, url, {
        expectedState: pending.state,
        expectedNonce: pending.nonce,
        pkceCodeVerifier: pending.codeVerifier,
        idTokenExpected: true,
      });
      return await this.#granted(configuration, tokens);
    } catch (error) {
      const isRefusal =
        error instanceof client.AuthorizationResponseError ||
        error instanceof client.ResponseBodyError;
      return { outcome: isRefusal ? "refused" : "unavailable", reason: publicReason(error) };
    }
  }

  /** The ID token's signature, issuer, audience, nonce and times have been checked (OpenID Connect Core §3.1.3.7). */
  async #granted(
    configuration: client.Configuration,
    tokens: client.TokenEndpointResponse & client.TokenEndpointResponseHelpers,
  ): Promise<AdministratorSignInAnswer> {
    const { userClaim, roleClaim } = this.#options;
    const told: Record<string, unknown> = { ...tokens.claims() };
    const further =
      told[userClaim] === undefined || told[roleClaim] === undefined
        ? await fetchUserClaims(configuration, tokens.access_token, String(told.sub))
        : {};
    const name = readUserName(told[userClaim] ?? further[userClaim]);
    if (name === undefined) {
      const reason = `The identity provider told no ${userClaim}; set OIDC_USER_CLAIM to a claim that names the user.`;
      return { outcome: "refused", reason };
    }
    return { outcome: "granted", name, role: readRole(told[roleClaim] ?? further[roleClaim]) };
  }
}

/** The greatest role among a claim's values: a text, or a list of texts. */
function readRole(claim: unknown): AdministratorRole | null {
  const values: readonly unknown[] = Array.isArray(claim) ? claim.slice(0, mostValues) : [claim];
  return administratorRoles.findLast((role) => values.includes(`${rolePrefix}${role}`)) ?? null;
}
