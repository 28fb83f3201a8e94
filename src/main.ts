import type { FastifyInstance } from "fastify";
import type { Logger } from "pino";
import { SystemClock } from "../sip/clock.ts";
import type { AdminServer } from "./admin-api/admin-server.ts";
import { type AdminToken, ensureAdminToken } from "./config/admin-token.ts";
import { type Config, ConfigError, loadConfig } from "./config.ts";
import { collectRepeatedly } from "./domain/collect-stale.ts";
import { LabClock } from "./lab/lab-clock.ts";
import type { ActivityHistory } from "./observability/activity-history.ts";
import { createLogger } from "./observability/logger.ts";
import type { SipServer } from "./signaling/sip-server.ts";
import { openStores } from "./stores/open-stores.ts";
import { announcementOfStart } from "./wiring/announce-start.ts";
import { type Ground, layGround } from "./wiring/ground.ts";
import { HttpDrain } from "./wiring/http-drain.ts";
import { phoneSideAddresses } from "./wiring/phone-side-addresses.ts";
import { newAdminServer } from "./wiring/wire-admin.ts";
import { newIdentity, newPresence, type Presence } from "./wiring/wire-presence.ts";
import { newProvisioningServer } from "./wiring/wire-provisioning.ts";
import { newSipServer } from "./wiring/wire-sip.ts";
import { newActivityHistory, newNodeSource } from "./wiring/wire-statistics.ts";

/** Longest that a stop waits for what is in flight; a stop shall end within 5 s. */
const stopMilliseconds = 4_500;
/** How long of that an HTTP request may take. */
const httpStopMilliseconds = 3_000;
const exitCodes = { failed: 1, badSetting: 2 } as const;

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
  let presence: Presence | undefined;
  const sip = await newSipServer(ground, () => presence);
  await sip.start();
  const addresses = phoneSideAddresses(config, sip);
  let adminAddress: AdminServer["address"] = null;
  const identity = await newIdentity(ground, () => adminAddress);
  presence = newPresence(ground, sip, identity);
  const provisioning = newProvisioningServer(ground, addresses, sip, presence);
  const drains = [new HttpDrain(provisioning.server)];
  await provisioning.listen({ host: config.bindAddress, port: config.provisioningPort });
  addresses.provisioningPort = portOf(provisioning, config.provisioningPort);
  const adminToken = tokenOf(config);
  const activity = newActivityHistory(ground);
  const node = newNodeSource(ground, sip, activity);
  const admin = await newAdminServer(
    ground,
    sip,
    addresses,
    adminToken.token,
    identity,
    presence,
    node,
  );
  drains.push(new HttpDrain(admin.app.server));
  await admin.listen({ host: config.adminBindAddress, port: config.adminPort });
  adminAddress = admin.address;
  await presence.poller.start();
  presence.enforcer.start();
  await presence.bulkSignIns.start();
  activity.start();

  const stopCollecting = collectRepeatedly({ ...stores, clock }, (error) =>
    logger.warn({ err: error }, "What expired could not be collected"),
  );
  process.stdout.write(announcementOfStart(ground, addresses, admin, adminToken, pretty));
  const running = { sip, provisioning, admin, presence, activity, drains, stopCollecting };
  return () => stopGateway(ground, running);
}

function tokenOf(config: Config): AdminToken {
  if (config.adminToken !== null) return { token: config.adminToken, made: false };
  return ensureAdminToken(config.dataDirectory);
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
  readonly activity: ActivityHistory;
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
  running.activity.stop();
  for (const drain of running.drains) drain.begin();
  const { admin, provisioning, sip, presence } = running;
  const { poller, enforcer, bulkSignIns } = presence;
  const doors = [admin.close(), provisioning.close(), sip.stop()];
  const parts = [...doors, poller.stop(), enforcer.stop(), bulkSignIns.stop()];
  await Promise.allSettled(parts);
  cut.cancel();
  await stores.stop();
  late.cancel();
  logger.flush();
  process.exit(0);
}
