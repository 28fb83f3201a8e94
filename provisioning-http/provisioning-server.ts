import fastifyStatic from "@fastify/static";
import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from "fastify";
import { type ActivationHandler, registerActivation } from "./activation-route.ts";
import { CompatibleDevices } from "./compatible-devices.ts";
import type { FirmwareFolder } from "./firmware-folder.ts";
import type { PhoneDirectory } from "./phone-directory.ts";
import { notAUrl, registerPhoneRoutes, sendPlain } from "./phone-routes.ts";
import type { PhoneScreens } from "./phone-screens.ts";
import { maskProvisioningUrl } from "./provisioning-path.ts";
import { publicText } from "./public-text.ts";
import { RateLimit } from "./rate-limit.ts";
import { registerScreens } from "./screen-routes.ts";

/** What the provisioning server is made of. */
export interface ProvisioningServerOptions {
  readonly directory: PhoneDirectory;
  /** Region ids, e.g. `["noam", "emea", "apac"]`. */
  readonly regions: readonly string[];
  /** Milliseconds since 1970. */
  readonly nowMilliseconds: () => number;
  readonly firmware?: FirmwareFolder;
  /** Answers `POST /activation`; without it the path is no other than the rest. */
  readonly activation?: ActivationHandler;
  /** Shows pages on phones' screens; without it there are none. */
  readonly screens?: PhoneScreens;
  /** For each address; 3,000 when absent: a site of some hundred phones behind one address starts within a minute. */
  readonly requestsPerMinute?: number;
  /** Gets one line a request, in which no secret appears. */
  readonly logger?: FastifyBaseLogger;
}

const defaultRequestsPerMinute = 3000;

/**
 * Makes the HTTP server that phones fetch their configuration from. The caller starts it with
 * `listen` and ends it with `close`; tests use `inject`.
 */
export function createProvisioningServer(options: ProvisioningServerOptions): FastifyInstance {
  const app = fastify({
    ...(options.logger === undefined ? {} : { loggerInstance: options.logger }),
    // Fastify's own request log would hold the URL with the secret.
    logController: new LogController({ disableRequestLogging: true }),
    exposeHeadRoutes: false,
    // A phone that stalls does not hold a socket for longer.
    requestTimeout: 30_000,
    forceCloseConnections: "idle",
    frameworkErrors: (_error, _request, reply) => {
      sendPlain(reply, 400, notAUrl);
    },
  });
  limitRate(app, options);
  logRequests(app);
  refuseOtherMethods(app);
  const { firmware, activation, screens, directory } = options;
  if (activation !== undefined) {
    app.register(async (scope) => registerActivation(scope, activation));
  }
  if (screens !== undefined) {
    app.register(async (scope) => registerScreens(scope, screens, directory));
  }
  app.register(async (scope) => {
    if (firmware !== undefined) {
      await scope.register(fastifyStatic, {
        root: firmware.root,
        serve: false,
        dotfiles: "ignore",
      });
    }
    const sources = { directory, firmware, regions: options.regions };
    registerPhoneRoutes(scope, sources, CompatibleDevices.load());
  });
  return app;
}

function limitRate(app: FastifyInstance, options: ProvisioningServerOptions): void {
  const perMinute = options.requestsPerMinute ?? defaultRequestsPerMinute;
  const limit = new RateLimit(perMinute, options.nowMilliseconds);
  app.addHook("onRequest", async (request, reply) => {
    const retryAfterSeconds = limit.take(request.ip);
    if (retryAfterSeconds === undefined) return;
    reply.header("retry-after", retryAfterSeconds).header("connection", "close");
    return sendPlain(reply, 429, "Too many requests from this address");
  });
}

function logRequests(app: FastifyInstance): void {
  app.addHook("onResponse", async (request, reply) => {
    request.log.info(
      {
        method: request.method,
        path: maskProvisioningUrl(request.raw.url ?? ""),
        status: reply.statusCode,
        address: request.ip,
        userAgent: publicText(request.headers["user-agent"] ?? "", 256),
      },
      "provisioning request",
    );
  });
}

function refuseOtherMethods(app: FastifyInstance): void {
  app.setNotFoundHandler((_request, reply) => {
    reply.header("allow", "GET, HEAD, PUT").header("connection", "close");
    return sendPlain(reply, 405, "Method not allowed");
  });
}
