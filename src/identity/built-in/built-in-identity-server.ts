import type { IncomingMessage, ServerResponse } from "node:http";
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from "fastify";
import { Provider } from "oidc-provider";
import type { Stores } from "../../domain/stores.ts";
import type { Tenant } from "../../domain/tenant.ts";
import type { TimeSource } from "../../domain/time-source.ts";
import { CodePages } from "./code-pages.ts";
import { PasswordCheck } from "./password-check.ts";
import { PasswordPages } from "./password-pages.ts";
import { pagePaths } from "./paths.ts";
import { providerConfiguration } from "./provider-configuration.ts";
import type { ProviderSecrets } from "./provider-secrets.ts";

/** The application that the identity provider's routes are added to. */
export type HostApp = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

interface BuiltInIdentityServerDependencies {
  readonly stores: Pick<Stores, "users" | "identityState" | "history" | "liveEvents">;
  readonly tenant: Tenant;
  readonly clock: TimeSource;
  readonly logger: Pick<FastifyBaseLogger, "error" | "warn">;
  readonly secrets: ProviderSecrets;
  /** Told of each pairing code that was typed and that there is not. */
  readonly onWrongCode: () => void;
  /** Origin under which browsers reach the listener; asked at the first request. */
  readonly publicUrl: () => string;
}

type Callback = ReturnType<Provider["callback"]>;

const routes = [
  "/.well-known/openid-configuration",
  pagePaths.code,
  `${pagePaths.code}/:uid`,
  "/oidc/*",
] as const;

/** The built-in identity provider: `oidc-provider` with our pages, for mounting into a fastify server. */
export class BuiltInIdentityServer {
  readonly #dependencies: BuiltInIdentityServerDependencies;
  #running: { readonly origin: URL; readonly callback: Callback } | undefined;

  constructor(dependencies: BuiltInIdentityServerDependencies) {
    this.#dependencies = dependencies;
  }

  /** Adds the routes; the app reads nothing of what is sent to them. */
  addRoutes(app: HostApp): void {
    void app.register(async (scope: HostApp) => {
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser("*", (_request, _payload, done) => done(null, undefined));
      for (const url of routes) {
        scope.route({
          method: ["GET", "POST"],
          url,
          schema: { hide: true },
          handler: (request, reply) => {
            reply.hijack();
            void this.#handle(request.raw, reply.raw);
          },
        });
      }
    });
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#running ??= this.#start();
    const { origin, callback } = this.#running;
    // Every URL is built from where browsers reach us, never from what a request says of it.
    request.headers.host = origin.host;
    request.headers["x-forwarded-proto"] = origin.protocol.slice(0, -1);
    delete request.headers["x-forwarded-host"];
    delete request.headers["x-forwarded-for"];
    await callback(request, response);
  }

  #start(): { readonly origin: URL; readonly callback: Callback } {
    const { stores, tenant, clock, secrets, logger, publicUrl, onWrongCode } = this.#dependencies;
    const origin = new URL(publicUrl());
    const pages = new CodePages({ tenant, clock, logger, onWrongCode });
    const configuration = providerConfiguration({ stores, tenant, clock, secrets, pages });
    const provider = new Provider(origin.origin, configuration);
    provider.proxy = true;
    const passwords = new PasswordCheck({ users: stores.users, tenant, clock });
    const recording = { ...stores, clock };
    provider.use(pages.guard);
    provider.use(new PasswordPages({ provider, passwords, tenant, recording }).handle);
    provider.on("server_error", (_context, error) =>
      logger.error({ err: error }, "The identity provider failed"),
    );
    return { origin, callback: provider.callback() };
  }
}
