import { randomBytes, randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import type { FastifyInstance } from "fastify";
import type { Logger } from "pino";
import { FirmwareFolder } from "../provisioning-http/firmware-folder.ts";
import type { PhoneDirectory } from "../provisioning-http/phone-directory.ts";
import { notifyEvents } from "../provisioning-http/phones/vendor-modules.ts";
import { createProvisioningServer } from "../provisioning-http/provisioning-server.ts";
import { vendorNamed } from "../provisioning-http/vendor.ts";
import { type Clock, SystemClock } from "../sip/clock.ts";
import type { AdminServerDependencies } from "./admin-api/admin-dependencies.ts";
import { type AdminServer, createAdminServer } from "./admin-api/admin-server.ts";
import { type AdminToken, ensureAdminToken } from "./config/admin-token.ts";
import { tlsSettings } from "./config/tls-settings.ts";
import { type Config, ConfigError, loadConfig } from "./config.ts";
import { registrationLimits } from "./domain/apply-registration.ts";
import { collectRepeatedly } from "./domain/collect-stale.ts";
import { Enforcer } from "./domain/enforcer.ts";
import { ensureGlobalPolicy } from "./domain/ensure-global-policy.ts";
import { OnboardingAccounts } from "./domain/onboarding-account.ts";
import { regionIds, regionName } from "./domain/region.ts";
import { SignInPoller } from "./domain/sign-in-poller.ts";
import { startSignIn } from "./domain/start-sign-in.ts";
import type { Stores } from "./domain/stores.ts";
import type { TellPhone } from "./domain/tell-phone.ts";
import type { Tenant, TenantId } from "./domain/tenant.ts";
import { UserAccounts } from "./domain/user-accounts.ts";
import { HttpDrain } from "./http-drain.ts";
import { createIdentity, type Identity } from "./identity/create-identity.ts";
import { LabClock } from "./lab/lab-clock.ts";
import { checkReadiness } from "./observability/health.ts";
import { createLogger } from "./observability/logger.ts";
import { GatewayMetrics } from "./observability/metrics.ts";
import { formatStartAnnouncement } from "./observability/start-announcement.ts";
import { activationHandler } from "./provisioning/activate-by-screen.ts";
import {
  type GatewayAddresses,
  provisioningBaseUrl,
} from "./provisioning/describe-configuration.ts";
import { GatewayPhoneDirectory } from "./provisioning/gateway-phone-directory.ts";
import type { SignalingObserver } from "./signaling/signaling-observer.ts";
import { SipServer } from "./signaling/sip-server.ts";
import { openStores } from "./stores/open-stores.ts";

/** Longest that a stop waits for what is in flight; a stop shall end within 5 s. */
const stopMilliseconds = 4_500;
/** How long of that an HTTP request may take. */
const httpStopMilliseconds = 3_000;
const exitCodes = { failed: 1, badSetting: 2 } as const;

/** What every part is made with. */
interface Ground {
  readonly config: Config;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly stores: Stores;
  readonly tenant: Tenant;
  readonly metrics: GatewayMetrics;
  readonly onboardingAccounts: OnboardingAccounts;
  readonly userAccounts: UserAccounts;
}

await main();

async function main(): Promise<void> {
  const config = readConfig();
  const pretty = process.stdout.isTTY === true;
  const logger = createLogger({ level: config.logLevel, nodeId: config.nodeId, pretty });
  process.on("uncaughtException", (error) => {
    logger.fatal({ err: error }, "A fault that nothing handled; the gateway ends.");
    process.exit(exitCodes.failed);
  });
  // Until all is started nothing has been promised to anybody, and a stop is an exit.
  let stop = async (): Promise<void> => process.exit(0);
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void stop());
  try {
    stop = await startGateway(config, logger, pretty);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    logger.fatal({ err: error }, `The gateway cannot start: ${why}`);
    process.exit(exitCodes.failed);
  }
}

function readConfig(): Config {
  try {
    return loadConfig({ environment: process.env });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.faults.join("\n")}\n`);
    return process.exit(exitCodes.badSetting);
  }
}

/** Starts everything; what it returns stops everything. */
async function startGateway(
  config: Config,
  logger: Logger,
  pretty: boolean,
): Promise<() => Promise<void>> {
  const machineTime = new SystemClock();
  const clock = config.lab ? new LabClock(machineTime) : machineTime;
  const stores = await openStores({
    dataDir: config.dataDirectory,
    redisUrl: config.redisUrl ?? undefined,
    logger,
    machineTime,
  });
  const ground = await layGround(config, logger, clock, stores);
  const sip = await newSipServer(ground);
  await sip.start();
  const addresses = addressesOf(config, sip);
  const provisioning = newProvisioningServer(ground, addresses);
  const drains = [new HttpDrain(provisioning.server)];
  await provisioning.listen({ host: config.bindAddress, port: config.provisioningPort });
  addresses.provisioningPort = portOf(provisioning, config.provisioningPort);
  const adminToken = tokenOf(config);
  let adminAddress: AdminServer["address"] = null;
  const identity = await newIdentity(ground, () => adminAddress);
  const presence = newPresence(ground, sip, identity);
  const admin = await newAdminServer(ground, sip, addresses, adminToken, identity, presence);
  drains.push(new HttpDrain(admin.app.server));
  await admin.listen({ host: config.adminBindAddress, port: config.adminPort });
  adminAddress = admin.address;
  await presence.poller.start();

  const stopCollecting = collectRepeatedly({ ...stores, clock }, (error) =>
    logger.warn({ err: error }, "What expired could not be collected"),
  );
  process.stdout.write(announcementOf(ground, addresses, admin, adminToken, pretty));
  return () => stopGateway(ground, { sip, provisioning, admin, presence, drains, stopCollecting });
}

async function layGround(
  config: Config,
  logger: Logger,
  clock: Clock,
  stores: Stores,
): Promise<Ground> {
  const tenant = await stores.tenants.ensureFirst({
    id: randomUUID() as TenantId,
    name: "Contoso",
    domain: "contoso.example",
  });
  await ensureGlobalPolicy({ ...stores, clock }, tenant.id);
  const onboardingAccounts = new OnboardingAccounts(await secret(stores, "onboarding-accounts"));
  const userAccounts = new UserAccounts(await secret(stores, "user-accounts"));
  const metrics = new GatewayMetrics();
  metrics.watchStorage({
    time: clock,
    countBindings: () => stores.bindings.count(tenant.id, clock.nowMilliseconds()),
    countDevicesByState: () => stores.devices.countByState(tenant.id),
    onFailure: (error) => logger.warn({ err: error }, "The storage did not answer a scrape"),
  });
  return { config, logger, clock, stores, tenant, metrics, onboardingAccounts, userAccounts };
}

/** A secret that all nodes share: made by the first that asks for it. */
function secret(stores: Stores, name: string): Promise<Buffer> {
  return stores.secrets.ensure(name, randomBytes(32));
}

async function newSipServer(ground: Ground): Promise<SipServer> {
  const { config, clock, stores, logger, tenant, metrics } = ground;
  const { onboardingAccounts, userAccounts } = ground;
  const sip = new SipServer({
    bindAddress: config.bindAddress,
    publicAddress: config.publicAddress,
    sipPort: config.sipPort,
    tls: { port: config.sipTlsPort, ...(await tlsSettings(config, clock.nowMilliseconds())) },
    nodeId: config.nodeId,
    stores,
    clock,
    logger,
    secrets: {
      nonce: await secret(stores, "nonces"),
      flowToken: await secret(stores, "flow-tokens"),
    },
    onboardingAccounts,
    tenant,
    registrationLimits,
    mediaPorts: config.mediaPorts,
    ...(config.trunkUri === null ? {} : { trunkUri: config.trunkUri }),
    userAccounts,
    notifyEvents: (device) => notifyEvents(vendorNamed(device.vendor)),
    observer: observerOf(metrics),
  });
  metrics.watchSignaling(() => sip.counters);
  return sip;
}

function observerOf(metrics: GatewayMetrics): SignalingObserver {
  return {
    requestAnswered: (method, status) => metrics.requestAnswered(method, status),
    registration: (result) => metrics.registration(result),
    enrollment: (outcome) => metrics.enrollment(outcome),
    callStarted: () => metrics.callStarted(),
    callEnded: (call) => metrics.callEnded(call),
    message: (direction, _bytes, _flow, message) => {
      if (direction === "received" && message?.kind === "request") {
        metrics.requestReceived(message.method);
      }
    },
  };
}

type MutableAddresses = { -readonly [Key in keyof GatewayAddresses]: GatewayAddresses[Key] };

function addressesOf(config: Config, sip: SipServer): MutableAddresses {
  return {
    publicAddress: config.publicAddress,
    sipPort: sip.portOf(config.phoneTransport === "tcp" ? "TCP" : "UDP") ?? config.sipPort,
    provisioningPort: config.provisioningPort,
    transport: config.phoneTransport,
    registrationExpiresSeconds: registrationLimits.defaultExpiresSeconds,
    ntpServer: config.ntpServer,
    utcOffsetSeconds: config.utcOffsetSeconds,
  };
}

function newProvisioningServer(ground: Ground, addresses: GatewayAddresses): FastifyInstance {
  mkdirSync(ground.config.firmwareDirectory, { recursive: true });
  const { config, stores, clock, tenant, metrics, logger } = ground;
  const { onboardingAccounts, userAccounts } = ground;
  const directory = new GatewayPhoneDirectory({
    stores: { ...stores, clock },
    onboardingAccounts,
    userAccounts,
    tenant,
    access: config.provisioningAccess,
    addresses,
  });
  const nowMilliseconds = () => clock.nowMilliseconds();
  return createProvisioningServer({
    directory: counted(directory, metrics),
    regions: regionIds,
    nowMilliseconds,
    firmware: new FirmwareFolder(config.firmwareDirectory, nowMilliseconds),
    activation: activationHandler({ ...stores, clock }, tenant),
    logger,
  });
}

function counted(directory: PhoneDirectory, metrics: GatewayMetrics): PhoneDirectory {
  return {
    answer: (request) => directory.answer(request),
    record: (request, outcome) => {
      metrics.provisioningRequest(request.phone.vendor, outcome.status);
      return directory.record(request, outcome);
    },
  };
}

function tokenOf(config: Config): AdminToken {
  if (config.adminToken !== null) return { token: config.adminToken, made: false };
  return ensureAdminToken(config.dataDirectory);
}

/** Who signs users in: an outside issuer where the settings name one, else the built-in provider. */
function newIdentity(
  { config, stores, tenant, clock, logger }: Ground,
  adminAddress: () => AdminServer["address"],
): Promise<Identity> {
  const { oidcIssuer: url, oidcClientId: clientId, oidcClientSecret: clientSecret } = config;
  const { oidcScopes: scopes, oidcUserClaim: userClaim } = config;
  return createIdentity({
    outsideIssuer:
      url === null || clientId === null ? null : { url, clientId, clientSecret, scopes, userClaim },
    stores,
    tenant,
    clock,
    logger,
    publicUrl: config.adminPublicUrl,
    publicAddress: config.publicAddress,
    adminAddress,
  });
}

/** What signs users in and out on its own time. */
interface Presence {
  readonly poller: SignInPoller;
  readonly enforcer: Enforcer;
  readonly startSignIn: AdminServerDependencies["startSignIn"];
}

function newPresence(
  { config, stores, clock, tenant, logger, userAccounts }: Ground,
  sip: SipServer,
  { provider: identityProvider }: Identity,
): Presence {
  const { nodeId } = config;
  const tellPhone: TellPhone = (device) => sip.tellDevice(device);
  const needs = { ...stores, clock, tenant, userAccounts, tellPhone, identityProvider, nodeId };
  const poller = new SignInPoller({
    ...needs,
    onError: (error) =>
      logger.error({ err: error }, "A sign-in could not go on; it is tried again"),
  });
  return {
    poller,
    enforcer: new Enforcer(needs, (error) =>
      logger.error({ err: error }, "A change of a user or policy was not enforced on a device"),
    ),
    startSignIn: async (tenantId, macAddress, actor) => {
      const result = await startSignIn(needs, tenantId, macAddress, actor);
      if (result.outcome === "started") poller.watch(result.signIn);
      return result;
    },
  };
}

async function newAdminServer(
  ground: Ground,
  sip: SipServer,
  addresses: GatewayAddresses,
  { token }: AdminToken,
  identity: Identity,
  { startSignIn, enforcer }: Presence,
): Promise<AdminServer> {
  const { config, clock, stores, tenant, metrics, logger } = ground;
  const checks = [
    { name: "storage", check: () => stores.ping() },
    { name: "sip", check: async () => requireListening(sip) },
  ];
  return createAdminServer({
    stores,
    clock,
    logger,
    tenant,
    token,
    phoneSide: () => ({ ...addresses, host: addresses.publicAddress }),
    calls: { list: () => sip.listCalls() },
    metrics,
    readiness: () =>
      checkReadiness(checks, clock, (name, error) =>
        logger.warn({ err: error, check: name }, "Not ready"),
      ),
    addIdentityRoutes: identity.addRoutes,
    startSignIn,
    enforcer,
    tellPhone: (device) => sip.tellDevice(device),
    deliver: (tenantId, macAddress) => void sip.deliverCommands(tenantId, macAddress),
    lab: config.lab,
    advanceClock:
      clock instanceof LabClock ? (milliseconds) => clock.advance(milliseconds) : undefined,
    sampleUserSecret: await secret(stores, "sample-users"),
  });
}

function requireListening(sip: SipServer): void {
  if (!sip.listening) throw new Error("SIP does not listen.");
}

function announcementOf(
  { config, clock }: Ground,
  addresses: GatewayAddresses,
  admin: AdminServer,
  { token, made }: AdminToken,
  pretty: boolean,
): string {
  const base = provisioningBaseUrl(addresses);
  const { host, port } = admin.address ?? { host: config.adminBindAddress, port: config.adminPort };
  const warnings: string[] = [];
  if (config.provisioningAccess === "open") {
    warnings.push("PROVISIONING_ACCESS=open: whoever knows a MAC gets its configuration.");
  }
  if (config.lab) warnings.push("LAB=true: the laboratory is open; not for production.");
  const announcement = {
    provisioningUrls: regionIds.map((id) => ({ name: regionName(id), url: `${base}/${id}/` })),
    sip: `sip:${addresses.publicAddress}:${addresses.sipPort} (UDP, TCP), TLS on port ${config.sipTlsPort}`,
    adminCenter: `http://${host}:${port}`,
    storage: config.redisUrl === null ? `SQLite in ${config.dataDirectory}` : "Redis",
    administratorToken: made ? token : null,
    warnings,
  };
  return formatStartAnnouncement(announcement, pretty, clock.nowMilliseconds());
}

function portOf(server: FastifyInstance, fallback: number): number {
  const address = server.server.address();
  return typeof address === "object" && address !== null ? address.port : fallback;
}

interface RunningParts {
  readonly sip: SipServer;
  readonly provisioning: FastifyInstance;
  readonly admin: AdminServer;
  readonly presence: Presence;
  readonly drains: readonly HttpDrain[];
  readonly stopCollecting: () => void;
}

/** Accepts no more, answers what is in flight, writes what is pending, and exits with 0. */
async function stopGateway({ logger, stores }: Ground, running: RunningParts): Promise<void> {
  logger.info("Stopping");
  const machineTime = new SystemClock();
  const late = machineTime.schedule(stopMilliseconds, () => {
    logger.warn("Something in flight took too long; it is cut off.");
    process.exit(0);
  });
  const cut = machineTime.schedule(httpStopMilliseconds, () => {
    for (const drain of running.drains) drain.cut();
  });
  running.stopCollecting();
  for (const drain of running.drains) drain.begin();
  const { admin, provisioning, sip, presence } = running;
  const { poller, enforcer } = presence;
  const parts = [admin.close(), provisioning.close(), sip.stop(), poller.stop(), enforcer.stop()];
  await Promise.allSettled(parts);
  cut.cancel();
  await stores.stop();
  late.cancel();
  logger.flush();
  process.exit(0);
}
