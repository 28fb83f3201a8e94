import type { AddressInfo } from "node:net";
import cookie from "@fastify/cookie";
import swagger from "@fastify/swagger";
import { type TypeBoxTypeProvider, TypeBoxValidatorCompiler } from "@fastify/type-provider-typebox";
import {
  type FastifyBaseLogger,
  type FastifyReply,
  type FastifyRequest,
  fastify,
  LogController,
} from "fastify";
import { AdministratorAccess } from "../domain/administrator-access.ts";
import { addAdminCenterRoutes } from "./admin-center-routes.ts";
import type { AdminApp, AdminServerDependencies } from "./admin-dependencies.ts";
import { addAdministratorsRoutes } from "./administrators-routes.ts";
import { Authenticator } from "./authenticate.ts";
import { addBulkSignInRoutes } from "./bulk-sign-in-routes.ts";
import { addCallsRoutes } from "./calls-routes.ts";
import { handleClientError } from "./client-error.ts";
import { addCodesRoutes } from "./codes-routes.ts";
import { addCommandsRoutes } from "./commands-routes.ts";
import { addConditionalAccessRoutes } from "./conditional-access-routes.ts";
import { addDeviceCountsRoute } from "./device-counts-route.ts";
import { addDeviceLookUpRoute } from "./device-look-up-route.ts";
import { deviceSchema } from "./device-schema.ts";
import { addDevicesRoutes } from "./devices-routes.ts";
import { EventClients } from "./event-clients.ts";
import { addEventsRoutes } from "./events-routes.ts";
import { addHealthRoutes, addMetricsRoute } from "./health-routes.ts";
import { addHistoryRoute } from "./history-routes.ts";
import { addImportRoutes } from "./import-routes.ts";
import { addLabClockRoutes } from "./lab-clock-routes.ts";
import { addNodeHealthRoute } from "./node-health-route.ts";
import { openapiOptions } from "./openapi.ts";
import { addOpenapiRoute } from "./openapi-route.ts";
import { addOpenIdSessionRoutes, type OpenIdSessionDependencies } from "./openid-session-routes.ts";
import { addPoliciesRoutes } from "./policies-routes.ts";
import { policySchema } from "./policy-schema.ts";
import { handleError, handleNotFound } from "./problem.ts";
import { problemSchema } from "./problem-schema.ts";
import { addProvisioningGuideRoutes } from "./provisioning-guide-routes.ts";
import { addRegionsRoutes } from "./regions-routes.ts";
import { addRegistrationsRoutes } from "./registrations-routes.ts";
import { decorateWithAdministrator, requireRole } from "./request-administrator.ts";
import { addSampleUsersRoutes } from "./sample-users-routes.ts";
import {
  addOpenSessionRoutes,
  addOwnSessionRoutes,
  type SessionDependencies,
} from "./session-routes.ts";
import { addSignInRoutes } from "./sign-in-routes.ts";
import { addSipDevicesConfigurationRoutes } from "./sip-devices-configuration-routes.ts";
import { addStatisticsRoute } from "./statistics-routes.ts";
import { addUserCountsRoute } from "./user-counts-route.ts";
import { userSchema } from "./user-schema.ts";
import { addUsersRoutes } from "./users-routes.ts";
import { WrongTokenBrake } from "./wrong-token-brake.ts";

/** The administrators' HTTP server. */
export interface AdminServer {
  /** @throws when the address cannot be listened on */
  listen(options: { readonly host: string; readonly port: number }): Promise<void>;
  /** Takes no more, answers what is in flight, and ends event streams. */
  close(): Promise<void>;
  /** Where it listens; null before. */
  readonly address: { readonly host: string; readonly port: number } | null;
  /** The application itself, for in-process requests and further routes. */
  readonly app: AdminApp;
}

/** Builds the server; nothing is listened on before `listen`. */
export async function createAdminServer(
  dependencies: AdminServerDependencies,
): Promise<AdminServer> {
  const app = newApp(dependencies.logger);
  const { clock, stores } = dependencies;
  const clients = new EventClients(clock, (listener) => stores.liveEvents.subscribe(listener));
  // Streams never end by themselves: they are ended before fastify waits for what is in flight.
  app.addHook("preClose", async () => clients.stop());

  await app.register(swagger, openapiOptions());
  app.addSchema(problemSchema);
  for (const schema of [deviceSchema, userSchema, policySchema]) app.addSchema(schema);
  await app.register(cookie);
  decorateWithAdministrator(app);
  const sessions = sessionDependencies(dependencies);
  const { authenticate } = sessions.authenticator;
  addHealthRoutes(app, dependencies);
  dependencies.addIdentityRoutes?.(app);
  await addAdminCenterRoutes(app, dependencies.adminCenterFolder);
  await app.register(async (guarded: AdminApp) => {
    guarded.addHook("onRequest", authenticate).addHook("onRequest", requireRole);
    addMetricsRoute(guarded, dependencies);
  });
  await app.register(
    async (api: AdminApp) => {
      api.addHook("onSend", answerForNoPage);
      addOpenSessionRoutes(api, sessions);
      addOpenIdSessionRoutes(api, { ...dependencies, ...sessions });
      await api.register(async (guarded: AdminApp) => {
        guarded.addHook("onRequest", authenticate).addHook("onRequest", requireRole);
        addOwnSessionRoutes(guarded, sessions);
        addApiRoutes(guarded, { ...dependencies, ...sessions }, clients);
      });
      // Within the token's reach, so that a stranger does not learn which paths there are.
      api.setNotFoundHandler({ preHandler: authenticate }, handleNotFound);
    },
    { prefix: "/api/v1" },
  );
  await app.ready();
  return serverOf(app);
}

function newApp(logger: FastifyBaseLogger): AdminApp {
  const app = fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: 1024 * 1024,
    requestTimeout: 60_000,
    connectionTimeout: 120_000,
    forceCloseConnections: "idle",
    routerOptions: { maxParamLength: 200 },
    frameworkErrors: handleError,
    clientErrorHandler: handleClientError,
  }).withTypeProvider<TypeBoxTypeProvider>();
  // What is no JSON is told so, rather than being read as text that fits no schema.
  app.removeContentTypeParser("text/plain");
  app.setValidatorCompiler(TypeBoxValidatorCompiler);
  app.setErrorHandler(handleError);
  app.addHook("onSend", async (_request, reply) => {
    reply.header("x-content-type-options", "nosniff");
  });
  app.addHook("onResponse", async (request, reply) => {
    const fields = {
      method: request.method,
      route: request.routeOptions.url,
      status: reply.statusCode,
      milliseconds: Math.round(reply.elapsedTime),
    };
    request.log.debug(fields, "an admin API call was answered");
  });
  return app;
}

function sessionDependencies(
  dependencies: AdminServerDependencies,
): SessionDependencies & Pick<OpenIdSessionDependencies, "administratorIdentity"> {
  const { stores, clock, tenant, token } = dependencies;
  const access = new AdministratorAccess({
    stores,
    clock,
    tenantId: tenant.id,
    firstToken: token,
  });
  const publicUrl = dependencies.publicUrl ?? null;
  const brake = new WrongTokenBrake(clock);
  const authenticator = new Authenticator({ access, brake, publicUrl });
  const { administratorIdentity } = dependencies;
  const openid = administratorIdentity !== undefined;
  return { access, authenticator, publicUrl, openid, administratorIdentity };
}

/** What the API answers is data: no browser shall show it as a page, frame it, or keep it. */
async function answerForNoPage(_request: FastifyRequest, reply: FastifyReply): Promise<void> {
  reply.header("content-security-policy", "default-src 'none'; frame-ancestors 'none'");
  if (!reply.hasHeader("cache-control")) reply.header("cache-control", "no-store");
}

function addApiRoutes(
  api: AdminApp,
  dependencies: AdminServerDependencies & SessionDependencies,
  clients: EventClients,
): void {
  const { stores, clock, tenant, lab, sampleUserSecret, authenticator } = dependencies;
  addOpenapiRoute(api);
  addRegionsRoutes(api, dependencies);
  addProvisioningGuideRoutes(api, dependencies);
  addDevicesRoutes(api, dependencies);
  addDeviceLookUpRoute(api, dependencies);
  addDeviceCountsRoute(api, dependencies);
  addImportRoutes(api, dependencies);
  addHistoryRoute(api, dependencies);
  addSignInRoutes(api, dependencies);
  addBulkSignInRoutes(api, dependencies);
  addSipDevicesConfigurationRoutes(api, dependencies);
  addCommandsRoutes(api, dependencies);
  addAdministratorsRoutes(api, dependencies);
  addUsersRoutes(api, dependencies);
  addUserCountsRoute(api, dependencies);
  addPoliciesRoutes(api, dependencies);
  addConditionalAccessRoutes(api, dependencies);
  addCodesRoutes(api, dependencies);
  addRegistrationsRoutes(api, dependencies);
  addCallsRoutes(api, dependencies);
  addStatisticsRoute(api, dependencies);
  addNodeHealthRoute(api, dependencies);
  addEventsRoutes(api, { clients, tenant, authenticator });
  addLabClockRoutes(api, { advanceClock: dependencies.advanceClock });
  addSampleUsersRoutes(api, { stores, clock, tenant, lab, secret: sampleUserSecret });
}

function serverOf(app: AdminApp): AdminServer {
  return {
    app,
    async listen({ host, port }) {
      await app.listen({ host, port });
    },
    async close() {
      await app.close();
    },
    get address() {
      const address = app.server.address();
      return isInternet(address) ? { host: address.address, port: address.port } : null;
    },
  };
}

function isInternet(address: AddressInfo | string | null): address is AddressInfo {
  return typeof address === "object" && address !== null;
}
