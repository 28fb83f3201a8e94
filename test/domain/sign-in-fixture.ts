import { addDevice } from "../../src/domain/add-device.ts";
import type { Binding } from "../../src/domain/binding.ts";
import { changeDevice } from "../../src/domain/change-device.ts";
import type { Device } from "../../src/domain/device.ts";
import type { EnforcerDependencies } from "../../src/domain/enforcer.ts";
import type { MacAddress } from "../../src/domain/mac-address.ts";
import { putUser, type UserEntry } from "../../src/domain/put-user.ts";
import type { SignIn } from "../../src/domain/sign-in.ts";
import { SignInPoller, type SignInPollerDependencies } from "../../src/domain/sign-in-poller.ts";
import { startSignIn } from "../../src/domain/start-sign-in.ts";
import { UserAccounts } from "../../src/domain/user-accounts.ts";
import { type DomainFixture, openDomainFixture, tenant } from "./domain-fixture.ts";
import { ScriptedIdentityProvider } from "./scripted-identity-provider.ts";

export const upn = "adele@contoso.example";
export const phoneNumber = "+14255550100";

/** What signing users in needs, with a poller that starts and stops as the test says. */
export interface SignInFixture {
  readonly fixture: DomainFixture;
  readonly needs: SignInPollerDependencies & EnforcerDependencies;
  readonly provider: ScriptedIdentityProvider;
  poller: SignInPoller;
  /** The devices that were told to fetch, as they were told. */
  readonly told: Device[];
  readonly faults: unknown[];
  /** Adds a device that waits for a sign-in. */
  addWaiting(macAddress: MacAddress): Promise<Device>;
  addUser(changes?: Partial<UserEntry>): Promise<void>;
  /** Starts a sign-in that is polled for. */
  begin(macAddress: MacAddress): Promise<SignIn>;
  /** Starts a sign-in, grants it, and lets the poller find out. */
  signIn(macAddress: MacAddress, as?: string): Promise<Device>;
  device(macAddress: MacAddress): Promise<Device>;
  /** Moves time, and waits until what that began has ended. */
  pass(milliseconds: number): Promise<void>;
  end(): Promise<void>;
}

export async function openSignInFixture(): Promise<SignInFixture> {
  const fixture = await openDomainFixture();
  const provider = new ScriptedIdentityProvider();
  const told: Device[] = [];
  const faults: unknown[] = [];
  const needs: SignInFixture["needs"] = {
    ...fixture,
    tenant,
    identityProvider: provider,
    nodeId: "node-1",
    userAccounts: new UserAccounts(Buffer.alloc(32, 9)),
    tellPhone: async (device) => void told.push(device),
    onError: (error) => void faults.push(error),
  };
  const self: SignInFixture = {
    ...{ fixture, needs, provider, told, faults, poller: new SignInPoller(needs) },
    async addWaiting(macAddress) {
      await addDevice(fixture, tenant.id, { macAddress, location: "Lobby" }, "admin");
      const device = await changeDevice(fixture.devices, tenant.id, macAddress, (current) => ({
        ...current,
        state: "waiting-for-sign-in",
        region: "emea",
      }));
      if (device === undefined) throw new Error("no device");
      return device;
    },
    async addUser(changes = {}) {
      const entry = { upn, displayName: "Adele", phoneNumber, ...changes };
      const result = await putUser(fixture, tenant.id, entry);
      if (!("user" in result)) throw new Error(JSON.stringify(result));
    },
    async begin(macAddress) {
      const result = await startSignIn(needs, tenant.id, macAddress, "admin");
      if (result.outcome !== "started") throw new Error(result.outcome);
      self.poller.watch(result.signIn);
      return result.signIn;
    },
    async signIn(macAddress, as = upn) {
      const { deviceCode } = await self.begin(macAddress);
      provider.willSay(deviceCode, { outcome: "granted", upn: as });
      await self.pass(5000);
      return self.device(macAddress);
    },
    async device(macAddress) {
      const found = await fixture.devices.find(tenant.id, macAddress);
      if (found === undefined) throw new Error(`no device ${macAddress}`);
      return found.value;
    },
    async pass(milliseconds) {
      fixture.clock.advance(milliseconds);
      await self.poller.idle();
    },
    async end() {
      await self.poller.stop();
      await fixture.end();
    },
  };
  return self;
}

/** A live binding of a device. */
export async function bind(
  { bindings, clock }: DomainFixture,
  macAddress: MacAddress,
  aor: string,
): Promise<void> {
  const now = clock.nowMilliseconds();
  const binding: Binding = {
    tenantId: tenant.id,
    aor,
    contact: `sip:${macAddress}@198.51.100.7:5060`,
    instanceId: null,
    regId: null,
    callId: `call-${macAddress}-${aor}`,
    cseq: 1,
    q: 1,
    path: [],
    flow: { id: "flow-1", transport: "udp", remoteAddress: "198.51.100.7", remotePort: 5060 },
    nodeId: "node-1",
    userAgent: "Yealink SIP-T54W 96.86.0.45",
    macAddress,
    registeredAtMilliseconds: now,
    refreshedAtMilliseconds: now,
    expiresAtMilliseconds: now + 1_800_000,
  };
  await bindings.update(tenant.id, aor, now, (current) => ({ bindings: [...current, binding] }));
}
