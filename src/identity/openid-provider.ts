import * as client from "openid-client";
import {
  type AskingDevice,
  type AuthorizationPoll,
  type DeviceAuthorization,
  type IdentityProvider,
  IdentityProviderError,
} from "../domain/sign-in.ts";
import {
  fetchUserClaims,
  OpenIdIssuer,
  type OpenIdIssuerOptions,
  readUserName,
} from "./openid-issuer.ts";
import { pollOutcome, publicReason } from "./poll-outcome.ts";

const deviceGrant = "urn:ietf:params:oauth:grant-type:device_code";
/** RFC 8628 §3.2: what holds where the issuer names no interval. */
const defaultIntervalSeconds = 5;
/** A pairing code is for people; no issuer gives one for longer than a day. */
const mostLifetimeSeconds = 24 * 60 * 60;

/** An OpenID provider, and who the gateway is there. */
export interface OpenIdProviderOptions extends OpenIdIssuerOptions {
  /** Separated by spaces; `openid` among them. */
  readonly scopes: string;
  /** The claim that names the user. */
  readonly userClaim: string;
  /** What the issuer is told of the device that asks, beside what the standard says; nothing, when absent. */
  readonly deviceParameters?: (device: AskingDevice) => Record<string, string>;
}

/** Signs users in at an OpenID provider by the device authorization grant (RFC 8628). */
export class OpenIdProvider implements IdentityProvider {
  readonly #options: OpenIdProviderOptions;
  readonly #issuer: OpenIdIssuer;

  constructor(options: OpenIdProviderOptions) {
    this.#options = options;
    this.#issuer = new OpenIdIssuer(options);
  }

  async authorizeDevice(device?: AskingDevice): Promise<DeviceAuthorization> {
    const { scopes, deviceParameters } = this.#options;
    const more = device === undefined ? {} : (deviceParameters?.(device) ?? {});
    try {
      const configuration = await this.#issuer.configuration();
      const parameters = { scope: scopes, ...more };
      return authorizationOf(await client.initiateDeviceAuthorization(configuration, parameters));
    } catch (error) {
      const reason = `The identity provider gave no pairing code: ${publicReason(error)}.`;
      throw new IdentityProviderError(reason, error);
    }
  }

  async poll(deviceCode: string): Promise<AuthorizationPoll> {
    try {
      const configuration = await this.#issuer.configuration();
      const parameters = { device_code: deviceCode };
      const tokens = await client.genericGrantRequest(configuration, deviceGrant, parameters);
      return await this.#granted(configuration, tokens);
    } catch (error) {
      return pollOutcome(error);
    }
  }

  /** The ID token's signature, issuer, audience and times have been checked (OpenID Connect Core §3.1.3.7). */
  async #granted(
    configuration: client.Configuration,
    tokens: client.TokenEndpointResponse & client.TokenEndpointResponseHelpers,
  ): Promise<AuthorizationPoll> {
    const claims = tokens.claims();
    if (claims === undefined) {
      return denied("The identity provider gave no ID token; OIDC_SCOPES must hold openid.");
    }
    const { userClaim } = this.#options;
    const upn = readUserName(claims[userClaim]);
    if (upn !== undefined) return { outcome: "granted", upn };
    const further = await fetchUserClaims(configuration, tokens.access_token, claims.sub);
    const found = readUserName(further[userClaim]);
    if (found !== undefined) return { outcome: "granted", upn: found };
    return denied(
      `The identity provider told no ${userClaim}; set OIDC_USER_CLAIM to a claim that names the user.`,
    );
  }
}

function authorizationOf(response: client.DeviceAuthorizationResponse): DeviceAuthorization {
  const { verification_uri: uri, user_code: userCode } = response;
  return {
    deviceCode: response.device_code,
    userCode,
    verificationUri: uri,
    verificationUriComplete: response.verification_uri_complete ?? uri,
    lifetimeSeconds: Math.min(response.expires_in, mostLifetimeSeconds),
    intervalSeconds: Math.max(1, response.interval ?? defaultIntervalSeconds),
  };
}

function denied(reason: string): AuthorizationPoll {
  return { outcome: "denied", reason };
}
