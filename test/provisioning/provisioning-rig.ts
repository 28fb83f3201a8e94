import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { pino } from "pino";
import { createProvisioningServer } from "../../provisioning-http/provisioning-server.ts";
import { addDevice } from "../../src/domain/add-device.ts";
import type { Device } from "../../src/domain/device.ts";
import { ensureGlobalPolicy } from "../../src/domain/ensure-global-policy.ts";
import { generateCodes } from "../../src/domain/generate-codes.ts";
import { type MacAddress, readMacAddress } from "../../src/domain/mac-address.ts";
import { OnboardingAccounts } from "../../src/domain/onboarding-account.ts";
import { PhoneSignIns } from "../../src/domain/phone-sign-ins.ts";
import { regionIds } from "../../src/domain/region.ts";
import { SignInPoller } from "../../src/domain/sign-in-poller.ts";
import { signOutDevice } from "../../src/domain/sign-out-device.ts";
import type { Stores } from "../../src/domain/stores.ts";
import type { Tenant, TenantId } from "../../src/domain/tenant.ts";
import { UserAccounts } from "../../src/domain/user-accounts.ts";
import { activateByScreen } from "../../src/provisioning/activate-by-screen.ts";
import type { AccessMode } from "../../src/provisioning/decide-access.ts";
import { GatewayPhoneDirectory } from "../../src/provisioning/gateway-phone-directory.ts";
import { GatewayPhoneScreens } from "../../src/provisioning/gateway-phone-screens.ts";
import { openStores } from "../../src/stores/open-stores.ts";
import { ScriptedIdentityProvider } from "../domain/scripted-identity-provider.ts";
import { FakeClock } from "../support/fake-clock.ts";

export const contoso: Tenant = {
  id: "11111111-2222-4333-8444-555555555555" as TenantId,
  name: "Contoso",
  domain: "contoso.example",
};

/** The provisioning server on real SQLite stores and a clock that stands still. */
export interface ProvisioningRig {
  readonly server: FastifyInstance;
  readonly stores: Stores;
  readonly clock: FakeClock;
  readonly userAccounts: UserAccounts;
  /** Who signs users in, as the test says. */
  readonly provider: ScriptedIdentityProvider;
  /** The devices that were told to fetch, as they were told. */
  readonly told: Device[];
  /** The identity provider's faults that were reported. */
  readonly providerFaults: unknown[];
  /** Moves time, and waits until the polls that this began have ended. */
  pass(milliseconds: number): Promise<void>;
  /** A GET as a Yealink phone sends it. */
  get(
    url: string,
    options?: { userAgent?: string; from?: string; host?: string },
  ): Promise<{ status: number; text: string }>;
  device(mac: string): Promise<Device | undefined>;
  add(mac: string): Promise<void>;
  code(mac: string): Promise<string>;
  activate(mac: string, code: string, from: string): Promise<string>;
  stop(): Promise<void>;
}

export function macOf(text: string): MacAddress {
  const reading = readMacAddress(text);
  if (!reading.ok) throw new Error(reading.reason);
  return reading.macAddress;
}

/** A T46S with firmware that is not too old. */
export const yealinkUserAgent = "Yealink SIP-T46S 66.86.0.15 80:5e:c0:aa:bb:cc";

export async function startProvisioningRig(access: AccessMode): Promise<ProvisioningRig> {
  const dataDir = mkdtempSync(join(tmpdir(), "sip-gateway-provisioning-"));
  const stores = await openStores({
    dataDir,
    redisUrl: undefined,
    logger: pino({ level: "silent" }),
  });
  const clock = new FakeClock();
  const userAccounts = new UserAccounts(Buffer.alloc(32, 8));
  const onboardingAccounts = new OnboardingAccounts(Buffer.alloc(32, 7));
  const provider = new ScriptedIdentityProvider();
  const told: Device[] = [];
  const providerFaults: unknown[] = [];
  const dependencies = {
    ...stores,
    ...{ clock, userAccounts, tenant: contoso, identityProvider: provider, nodeId: "node-1" },
    tellPhone: async (device: Device) => void told.push(device),
    onError: (error: unknown) => {
      throw error;
    },
  };
  await ensureGlobalPolicy(dependencies, contoso.id);
  const poller = new SignInPoller(dependencies);
  const phoneSignIns = new PhoneSignIns(dependencies, (signIn) => poller.watch(signIn));
  const directory = new GatewayPhoneDirectory({
    stores: dependencies,
    onboardingAccounts,
    userAccounts,
    tenant: contoso,
    access,
    addresses: {
      publicAddress: "192.0.2.10",
      sipPort: 5060,
      provisioningPort: 8080,
      transport: "udp",
      registrationExpiresSeconds: 1800,
      ntpServer: "pool.ntp.org",
      utcOffsetSeconds: 3600,
    },
  });
  const server = createProvisioningServer({
    directory,
    regions: regionIds,
    nowMilliseconds: () => clock.nowMilliseconds(),
    screens: new GatewayPhoneScreens({
      stores: dependencies,
      ...{ onboardingAccounts, tenant: contoso, access },
      startSignIn: (request) => phoneSignIns.start(request),
      signOut: (tenantId, macAddress, upn) => {
        const order = { tenantId, macAddress, upn, actor: "phone", text: "Signed out." };
        return signOutDevice(dependencies, order, dependencies.tellPhone);
      },
      onProviderFault: (error) => void providerFaults.push(error),
    }),
  });
  await server.ready();
  return {
    server,
    stores,
    clock,
    ...{ userAccounts, provider, told, providerFaults },
    async pass(milliseconds) {
      clock.advance(milliseconds);
      await poller.idle();
    },
    async get(url, { userAgent = yealinkUserAgent, from = "192.0.2.77", host } = {}) {
      const headers = { "user-agent": userAgent, ...(host === undefined ? {} : { host }) };
      const response = await server.inject({ method: "GET", url, headers, remoteAddress: from });
      return { status: response.statusCode, text: response.body };
    },
    async device(mac) {
      return (await stores.devices.find(contoso.id, macOf(mac)))?.value;
    },
    async add(mac) {
      const entry = { macAddress: mac, location: "Lobby" };
      const outcome = await addDevice(dependencies, contoso.id, entry, "test");
      if (outcome.outcome !== "added") throw new Error(outcome.outcome);
    },
    async code(mac) {
      const { items } = await generateCodes(dependencies, contoso.id, [macOf(mac)], "test");
      return items[0]?.code.code ?? "none";
    },
    async activate(mac, code, from) {
      return (await activateByScreen(dependencies, contoso, macOf(mac), code, from)).outcome;
    },
    async stop() {
      await poller.stop();
      await server.close();
      await stores.stop();
      rmSync(dataDir, { recursive: true });
    },
  };
}

/** The settings of a Yealink file. */
export function yealinkSettings(text: string): Map<string, string> {
  const pairs = text.split("\n").flatMap((line): [string, string][] => {
    const [name, ...value] = line.split(" = ");
    return value.length === 0 || name === undefined
      ? []
      : [[name.trim(), value.join(" = ").trim()]];
  });
  return new Map(pairs);
}
