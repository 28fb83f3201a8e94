import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { InjectOptions, LightMyRequestResponse } from "fastify";
import { pino } from "pino";
import type {
  AdminServerDependencies,
  ListedCall,
} from "../../src/admin-api/admin-dependencies.ts";
import { type AdminServer, createAdminServer } from "../../src/admin-api/admin-server.ts";
import type { NodeSource } from "../../src/admin-api/node-source.ts";
import type { Binding } from "../../src/domain/binding.ts";
import { BulkSignInRunner } from "../../src/domain/bulk-sign-in-runner.ts";
import type { Device } from "../../src/domain/device.ts";
import { Enforcer } from "../../src/domain/enforcer.ts";
import { ensureGlobalPolicy } from "../../src/domain/ensure-global-policy.ts";
import { type MacAddress, readMacAddress } from "../../src/domain/mac-address.ts";
import { SignInPoller } from "../../src/domain/sign-in-poller.ts";
import { startSignIn } from "../../src/domain/start-sign-in.ts";
import type { Stores } from "../../src/domain/stores.ts";
import type { Tenant, TenantId } from "../../src/domain/tenant.ts";
import { UserAccounts } from "../../src/domain/user-accounts.ts";
import { noActivity } from "../../src/observability/activity-totals.ts";
import { GatewayMetrics } from "../../src/observability/metrics.ts";
import type { GatewayAddresses } from "../../src/provisioning/describe-configuration.ts";
import { openStores } from "../../src/stores/open-stores.ts";
import { newGuideSource } from "../../src/wiring/wire-guide.ts";
import { ScriptedIdentityProvider } from "../domain/scripted-identity-provider.ts";
import { FakeClock } from "../support/fake-clock.ts";

export const token = "correct-horse-battery-staple";

export const tenant: Tenant = {
  id: "11111111-2222-4333-8444-555555555555" as TenantId,
  name: "Contoso",
  domain: "contoso.example",
};

export function mac(text: string): MacAddress {
  const reading = readMacAddress(text);
  if (!reading.ok) throw new Error(reading.reason);
  return reading.macAddress;
}

const addresses: GatewayAddresses = {
  publicAddress: "192.0.2.10",
  sipPort: 5060,
  provisioningPort: 8080,
  transport: "udp",
  registrationExpiresSeconds: 1800,
  ntpServer: "ntp.example",
  utcOffsetSeconds: 3600,
};

/** An admin server on real SQLite stores in a folder of its own, at a time that stands still. */
export interface AdminFixture {
  readonly server: AdminServer;
  readonly stores: Stores;
  readonly clock: FakeClock;
  readonly calls: ListedCall[];
  /** Who signs users in. */
  readonly provider: ScriptedIdentityProvider;
  readonly poller: SignInPoller;
  readonly enforcer: Enforcer;
  readonly bulkSignIns: BulkSignInRunner;
  /** Devices whose phones were told to fetch. */
  readonly told: string[];
  /** Devices whose commands were to be delivered. */
  readonly delivered: string[];
  /** What went wrong in the background. */
  readonly faults: unknown[];
  /** Sends a request with the right token. */
  call(options: InjectOptions): Promise<Answer>;
  /** Changes a stored device as the signalling or provisioning would. */
  change(macAddress: string, change: Partial<Device>): Promise<void>;
  stop(): Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly json: any;
}

export async function startAdminFixture(
  changes: Partial<AdminServerDependencies> = {},
): Promise<AdminFixture> {
  const folder = mkdtempSync(join(tmpdir(), "sip-gateway-admin-"));
  const logger = pino({ level: "silent" });
  const stores = await openStores({ dataDir: folder, redisUrl: undefined, logger });
  await stores.tenants.ensureFirst(tenant);
  const clock = new FakeClock();
  await ensureGlobalPolicy({ ...stores, clock }, tenant.id);
  const provider = new ScriptedIdentityProvider();
  const told: string[] = [];
  const tellPhone = async (device: Device) => void told.push(device.macAddress);
  const needs = {
    ...stores,
    ...{ clock, tenant, tellPhone, identityProvider: provider, nodeId: "node-1" },
    userAccounts: new UserAccounts(Buffer.alloc(32, 9)),
  };
  const faults: unknown[] = [];
  const onError = (error: unknown) => void faults.push(error);
  const poller = new SignInPoller({ ...needs, onError });
  const enforcer = new Enforcer(needs, onError);
  const bulkSignIns = new BulkSignInRunner({ ...needs, onError });
  const delivered: string[] = [];
  const calls: ListedCall[] = [];
  const server = await createAdminServer({
    stores,
    clock,
    logger,
    tenant,
    token,
    phoneSide: () => ({ host: "192.0.2.10", sipPort: 5060, provisioningPort: 8080 }),
    calls: { list: () => calls },
    node: nodeOf(clock),
    guide: newGuideSource(addresses, tenant),
    metrics: new GatewayMetrics(),
    readiness: async () => ({ ready: true, checks: [{ name: "storage", ok: true }] }),
    startSignIn: async (tenantId, macAddress, actor) => {
      const result = await startSignIn(needs, tenantId, macAddress, actor);
      if (result.outcome === "started") poller.watch(result.signIn);
      return result;
    },
    tellPhone,
    adminCenterFolder: join(folder, "admin-center"),
    deliver: (_tenantId, macAddress) => void delivered.push(macAddress),
    enforcer,
    bulkSignIns,
    lab: false,
    sampleUserSecret: Buffer.alloc(32, 7),
    ...changes,
  });
  return {
    server,
    stores,
    clock,
    calls,
    ...{ provider, poller, enforcer, bulkSignIns, told, delivered, faults },
    call: (options) => inject(server, options),
    async change(macAddress, change) {
      const found = await stores.devices.find(tenant.id, mac(macAddress));
      if (found === undefined) throw new Error(`no device ${macAddress}`);
      await stores.devices.replace({ ...found.value, ...change }, found.revision);
    },
    async stop() {
      await Promise.all([poller.stop(), enforcer.stop(), bulkSignIns.stop()]);
      await server.close();
      await stores.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function inject(server: AdminServer, options: InjectOptions): Promise<Answer> {
  const headers = { authorization: `Bearer ${token}`, ...options.headers };
  return answerOf(await server.app.inject({ ...options, headers }));
}

/** An in-process answer, with its JSON read. */
export function answerOf(response: LightMyRequestResponse): Answer {
  const type = String(response.headers["content-type"] ?? "");
  return {
    status: response.statusCode,
    headers: response.headers,
    text: response.body,
    json: type.includes("json") ? response.json() : undefined,
  };
}

/** A node that has done nothing yet. */
function nodeOf(clock: FakeClock): NodeSource {
  return {
    nodeId: "node-1",
    version: "1.2.3",
    startedAtMilliseconds: clock.nowMilliseconds(),
    storage: "sqlite",
    sipListeners: () => [{ transport: "UDP", address: "0.0.0.0", port: 5060 }],
    callsInProgress: () => 0,
    activityTotals: () => noActivity,
    activity: () => ({ intervalSeconds: 60, points: [] }),
  };
}

/** A live binding of a device. */
export function bindingOf(
  macAddress: MacAddress,
  aor: string,
  nowMilliseconds: number,
  changes: Partial<Binding> = {},
): Binding {
  return {
    tenantId: tenant.id,
    aor,
    contact: "sip:phone@198.51.100.7:5060",
    instanceId: null,
    regId: null,
    callId: "call-1",
    cseq: 1,
    q: 1,
    path: [],
    flow: {
      id: "flow-1",
      transport: "udp",
      remoteAddress: "198.51.100.7",
      remotePort: 5060,
    },
    nodeId: "node-1",
    userAgent: "Yealink SIP-T54W 96.86.0.45",
    macAddress,
    registeredAtMilliseconds: nowMilliseconds,
    refreshedAtMilliseconds: nowMilliseconds,
    expiresAtMilliseconds: nowMilliseconds + 1_800_000,
    ...changes,
  };
}
