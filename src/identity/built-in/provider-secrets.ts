import { createPrivateKey, generateKeyPairSync, type JsonWebKey, randomBytes } from "node:crypto";
import type { SecretStore } from "../../domain/stores.ts";

/** The built-in identity provider's secrets, the same on all nodes and after each start. */
export interface ProviderSecrets {
  /** Signs ID tokens (ES256). */
  readonly signingKey: JsonWebKey;
  /** Signs cookies. */
  readonly cookieKey: string;
  /** The gateway's own, as a client. */
  readonly clientSecret: string;
}

/** Reads the secrets, and makes those that are not there yet. */
export async function providerSecrets(secrets: SecretStore): Promise<ProviderSecrets> {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const candidate = privateKey.export({ type: "pkcs8", format: "der" });
  const [signing, cookie, client] = await Promise.all([
    secrets.ensure("identity-signing-key", candidate),
    secrets.ensure("identity-cookies", randomBytes(32)),
    secrets.ensure("identity-client", randomBytes(32)),
  ]);
  const key = createPrivateKey({ key: signing, type: "pkcs8", format: "der" });
  return {
    signingKey: { ...key.export({ format: "jwk" }), alg: "ES256", use: "sig" },
    cookieKey: cookie.toString("base64url"),
    clientSecret: client.toString("base64url"),
  };
}
