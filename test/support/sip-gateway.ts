import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Clock } from "../../sip/clock.ts";
import { SystemClock } from "../../sip/clock.ts";
import { ha1Of } from "../../sip/digest/hash.ts";
import { addDevice } from "../../src/domain/add-device.ts";
import { registrationLimits } from "../../src/domain/apply-registration.ts";
import { type MacAddress, readMacAddress } from "../../src/domain/mac-address.ts";
import { OnboardingAccounts } from "../../src/domain/onboarding-account.ts";
import { onboardingDomain } from "../../src/domain/region.ts";
import type { Stores } from "../../src/domain/stores.ts";
import type { Tenant, TenantId } from "../../src/domain/tenant.ts";
import { userAor } from "../../src/domain/user.ts";
import { UserAccounts } from "../../src/domain/user-accounts.ts";
import { SipServer, type SipServerOptions } from "../../src/signaling/sip-server.ts";
import { openStores } from "../../src/stores/open-stores.ts";
import { SipTestPhone, type TestAccount } from "./sip-test-phone.ts";

const quiet = { debug: ignore, info: ignore, warn: ignore, error: ignore };

/** A SIP server on SQLite in a folder of its own, on free ports of 127.0.0.1, with phones to use it. */
export class TestGateway {
  #server: SipServer;
  readonly #options: SipServerOptions;
  readonly stores: Stores;
  readonly tenant: Tenant;
  readonly clock: Clock;
  readonly onboardingAccounts: OnboardingAccounts;
  readonly userAccounts: UserAccounts;
  readonly #folder: string;
  readonly #phones: SipTestPhone[] = [];

  private constructor(
    folder: string,
    stores: Stores,
    tenant: Tenant,
    clock: Clock,
    changes: Partial<SipServerOptions>,
  ) {
    this.#folder = folder;
    this.stores = stores;
    this.tenant = tenant;
    this.clock = clock;
    this.onboardingAccounts = new OnboardingAccounts(Buffer.alloc(32, 3));
    this.userAccounts = new UserAccounts(Buffer.alloc(32, 4));
    this.#options = {
      bindAddress: "127.0.0.1",
      publicAddress: "127.0.0.1",
      sipPort: 0,
      nodeId: "node-1",
      stores,
      clock,
      logger: quiet,
      secrets: { nonce: Buffer.alloc(32, 1), flowToken: Buffer.alloc(32, 2) },
      onboardingAccounts: this.onboardingAccounts,
      tenant,
      registrationLimits,
      mediaPorts: { first: 0, last: 0 },
      userAccounts: this.userAccounts,
      notifyEvents: () => ({
        resync: "check-sync;reboot=false",
        restart: "check-sync;reboot=true",
      }),
      ...changes,
    };
    this.#server = new SipServer(this.#options);
  }

  static async open(
    changes: Partial<SipServerOptions> = {},
    clock: Clock = new SystemClock(),
  ): Promise<TestGateway> {
    const folder = await mkdtemp(join(tmpdir(), "sip-gateway-signaling-"));
    const stores = await openStores({ dataDir: folder, redisUrl: undefined, logger: quiet });
    const tenant = await stores.tenants.ensureFirst({
      id: "0b9c1a52-5d4c-4d0e-9a55-0c1f3c7a2f11" as TenantId,
      name: "Contoso",
      domain: "contoso.example",
    });
    const gateway = new TestGateway(folder, stores, tenant, clock, changes);
    await gateway.server.start();
    return gateway;
  }

  get server(): SipServer {
    return this.#server;
  }

  /** Ends signaling and begins it anew on the same storage, on other ports. */
  async restart(): Promise<void> {
    await this.#server.stop();
    this.#server = new SipServer(this.#options);
    await this.#server.start();
  }

  /** A signed-in user with a number: `adele`, `+14255550100`. */
  async addUser(name: string, phoneNumber: string): Promise<TestAccount> {
    const { id: tenantId, domain } = this.tenant;
    const upn = `${name}@${domain}`;
    await this.stores.users.putMany([
      {
        tenantId,
        upn,
        displayName: name,
        phoneNumber,
        callingPolicy: "Global",
        forwarding: null,
        doNotDisturb: false,
        passwordHash: null,
      },
    ]);
    const authenticationName = `auth-${name}`;
    const password = `password of ${name}`;
    await this.stores.accounts.putMany([
      {
        tenantId,
        authenticationName,
        realm: domain,
        aor: userAor(phoneNumber, domain),
        upn,
        macAddress: null,
        ha1: ha1Of(authenticationName, domain, password),
      },
    ]);
    return { user: phoneNumber, domain, authenticationName, password };
  }

  /** A device that an administrator entered, and an onboarding account for it. */
  async addDevice(text: string): Promise<TestAccount & { readonly macAddress: MacAddress }> {
    const reading = readMacAddress(text);
    if (!reading.ok) throw new Error(reading.reason);
    const { macAddress } = reading;
    const needs = { ...this.stores, clock: this.clock };
    await addDevice(needs, this.tenant.id, { macAddress: text, location: "Lobby" }, "test");
    const now = this.clock.nowMilliseconds();
    const { authenticationName, password } = this.onboardingAccounts.issue(macAddress, now);
    return {
      user: macAddress,
      domain: onboardingDomain("noam"),
      authenticationName,
      password,
      macAddress,
    };
  }

  /** Gives a device a verification code. */
  async putCode(
    macAddress: MacAddress,
    code: string,
    lifetimeMilliseconds = 60_000,
  ): Promise<void> {
    const now = this.clock.nowMilliseconds();
    await this.stores.codes.put({
      tenantId: this.tenant.id,
      macAddress,
      code,
      createdAtMilliseconds: now,
      expiresAtMilliseconds: now + lifetimeMilliseconds,
    });
  }

  async phone(account: TestAccount, transport: "UDP" | "TCP" = "UDP"): Promise<SipTestPhone> {
    const port = this.server.portOf(transport);
    if (port === undefined) throw new Error(`no ${transport} listener`);
    const phone = await SipTestPhone.open(port, account, transport);
    this.#phones.push(phone);
    return phone;
  }

  async stop(): Promise<void> {
    for (const phone of this.#phones) await phone.close();
    await this.server.stop();
    await this.stores.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

function ignore(): void {
  // Tests look at what is sent and stored, not at the log.
}
