import * as client from "openid-client";

const answerSeconds = 5;
/** How far the issuer's clock may be off. */
const clockToleranceSeconds = 30;

/** An OpenID issuer, and who the gateway is there. */
export interface OpenIdIssuerOptions {
  /** The issuer's URL; asked when it is first needed. */
  readonly issuer: () => string;
  readonly clientId: string;
  /** Null: a public client. */
  readonly clientSecret: string | null;
  /** What requests go out by. */
  readonly fetch: client.CustomFetch;
}

/** What an issuer says of itself (OpenID Connect Discovery §4). */
export class OpenIdIssuer {
  readonly #options: OpenIdIssuerOptions;
  #discovered: Promise<client.Configuration> | undefined;

  constructor(options: OpenIdIssuerOptions) {
    this.#options = options;
  }

  /** Discovered once; after a failure anew with the next request. */
  configuration(): Promise<client.Configuration> {
    this.#discovered ??= this.#discover().catch((error: unknown) => {
      this.#discovered = undefined;
      throw error;
    });
    return this.#discovered;
  }

  #discover(): Promise<client.Configuration> {
    const { clientId, clientSecret, fetch } = this.#options;
    const issuer = new URL(this.#options.issuer());
    const metadata = { [client.clockTolerance]: clockToleranceSeconds };
    const authentication =
      clientSecret === null ? client.None() : client.ClientSecretBasic(clientSecret);
    const execute = [client.enableNonRepudiationChecks];
    // Settings let only a loopback address go without TLS.
    if (issuer.protocol === "http:") execute.push(client.allowInsecureRequests);
    const options = { [client.customFetch]: fetch, timeout: answerSeconds, execute };
    return client.discovery(issuer, clientId, metadata, authentication, options);
  }
}

/** What the user info endpoint tells of a user; nothing where there is none (OpenID Connect Core §5.3). */
export async function fetchUserClaims(
  configuration: client.Configuration,
  accessToken: string,
  subject: string,
): Promise<Record<string, unknown>> {
  if (configuration.serverMetadata().userinfo_endpoint === undefined) return {};
  return { ...(await client.fetchUserInfo(configuration, accessToken, subject)) };
}

/** A user's name as an issuer gives it, in lower case; nothing that could not be one. */
export function readUserName(value: unknown): string | undefined {
  if (typeof value !== "string" || !/^[^\s\p{C}]{1,256}$/u.test(value)) return undefined;
  return value.toLowerCase();
}
