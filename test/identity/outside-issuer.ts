import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Provider } from "oidc-provider";

/** An issuer that is not ours. */
export interface OutsideIssuer {
  readonly url: string;
  stop(): Promise<void>;
}

export const gatewayAtIssuer = { clientId: "gateway-at-issuer", clientSecret: "s3cret-at-issuer" };

type Handler = (request: IncomingMessage, response: ServerResponse) => unknown;

/** Listens on a free port with what `makeHandler` makes of the URL. */
export async function listen(makeHandler: (url: string) => Handler): Promise<OutsideIssuer> {
  let handler: Handler = (_request, response) => response.end();
  const server: Server = createServer((request, response) => void handler(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  handler = makeHandler(url);
  return {
    url,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/**
 * A real issuer: `oidc-provider` with its own development pages, which take any name and password.
 * The name that was typed is the claim `upn`, in capitals, and only the user info endpoint tells it
 * unless `inIdToken`.
 */
export function startOutsideIssuer(options: {
  inIdToken: boolean;
  /** Where browsers are sent back to; with it, the authorization code flow is open too. */
  redirectUri?: string;
  /** The claim `roles` of a user, by the name that was typed. */
  rolesOf?: (name: string) => unknown;
}): Promise<OutsideIssuer> {
  const { redirectUri, rolesOf } = options;
  const codeFlow = redirectUri !== undefined;
  return listen((url) => {
    const provider = new Provider(url, {
      clients: [
        {
          client_id: gatewayAtIssuer.clientId,
          client_secret: gatewayAtIssuer.clientSecret,
          grant_types: [
            "urn:ietf:params:oauth:grant-type:device_code",
            ...(codeFlow ? ["authorization_code"] : []),
          ],
          redirect_uris: codeFlow ? [redirectUri] : [],
          response_types: codeFlow ? ["code"] : [],
        },
      ],
      features: { deviceFlow: { enabled: true } },
      conformIdTokenClaims: !options.inIdToken,
      claims: { openid: ["sub"], profile: ["upn", "roles"] },
      findAccount: async (_context: unknown, sub: string) => ({
        accountId: sub,
        claims: async () => ({ sub, upn: sub.toUpperCase(), roles: rolesOf?.(sub) }),
      }),
    });
    return provider.callback();
  });
}
