import type { FastifyInstance } from "fastify";
import { notifyEvents } from "../../../provisioning-http/phones/vendor-modules.ts";
import { createProvisioningServer } from "../../../provisioning-http/provisioning-server.ts";
import { type ServedVendor, vendorNamed } from "../../../provisioning-http/vendor.ts";
import type { Clock } from "../../../sip/clock.ts";
import { addDevice } from "../../../src/domain/add-device.ts";
import type { Binding } from "../../../src/domain/binding.ts";
import {
  type CallingPolicySettings,
  initialGlobalPolicy,
} from "../../../src/domain/calling-policy.ts";
import type { Command, CommandKind } from "../../../src/domain/command.ts";
import { newCommand } from "../../../src/domain/command.ts";
import { completeSignIn } from "../../../src/domain/complete-sign-in.ts";
import { generateCodes } from "../../../src/domain/generate-codes.ts";
import { type MacAddress, readMacAddress } from "../../../src/domain/mac-address.ts";
import { regionIds } from "../../../src/domain/region.ts";
import { planPhones } from "../../../src/lab/simulated-phones/phone-models.ts";
import { SimulatedPhone } from "../../../src/lab/simulated-phones/simulated-phone.ts";
import { activateByScreen } from "../../../src/provisioning/activate-by-screen.ts";
import type { GatewayAddresses } from "../../../src/provisioning/describe-configuration.ts";
import { GatewayPhoneDirectory } from "../../../src/provisioning/gateway-phone-directory.ts";
import type { DeviceArrival } from "../../../src/signaling/registrar/device-arrivals.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { TestGateway } from "../../support/sip-gateway.ts";

/** A gateway as phones see it, SIP and provisioning on real sockets over SQLite, and phones of all vendors. */
export class PhoneSide {
  readonly gateway: TestGateway;
  readonly #provisioning: FastifyInstance;
  readonly #provisioningUrl: string;
  readonly #phones: SimulatedPhone[] = [];
  readonly faults: unknown[] = [];
  /** What the gateway said of phones that registered. */
  readonly arrivals: DeviceArrival[];

  private constructor(
    gateway: TestGateway,
    provisioning: FastifyInstance,
    url: string,
    arrivals: DeviceArrival[],
  ) {
    this.gateway = gateway;
    this.arrivals = arrivals;
    this.#provisioning = provisioning;
    this.#provisioningUrl = url;
  }

  static async open(clock?: Clock): Promise<PhoneSide> {
    const arrivals: DeviceArrival[] = [];
    const gateway = await TestGateway.open(
      {
        notifyEvents: (device) => notifyEvents(vendorNamed(device.vendor)),
        onDeviceArrival: (arrival) => arrivals.push(arrival),
      },
      clock,
    );
    const { stores, tenant, clock: time, onboardingAccounts, userAccounts } = gateway;
    const addresses: { -readonly [Key in keyof GatewayAddresses]: GatewayAddresses[Key] } = {
      publicAddress: "127.0.0.1",
      sipPort: gateway.server.portOf("UDP") ?? 0,
      provisioningPort: 0,
      transport: "udp",
      registrationExpiresSeconds: 1800,
      ntpServer: "pool.ntp.org",
      utcOffsetSeconds: 0,
    };
    const directory = new GatewayPhoneDirectory({
      stores: { ...stores, clock: time },
      onboardingAccounts,
      userAccounts,
      tenant,
      access: "token",
      addresses,
    });
    const nowMilliseconds = () => time.nowMilliseconds();
    const provisioning = createProvisioningServer({
      directory,
      regions: regionIds,
      nowMilliseconds,
    });
    const url = await provisioning.listen({ host: "127.0.0.1", port: 0 });
    addresses.provisioningPort = Number(new URL(url).port);
    const side = new PhoneSide(gateway, provisioning, url, arrivals);
    await side.putPolicy({});
    return side;
  }

  /** A phone in the inventory that has booted and is enrolled, with nobody signed in. */
  async enrolledPhone(vendor: ServedVendor, answersForSeconds?: number): Promise<EnrolledPhone> {
    const [identity] = planPhones(1, this.#phones.length + 1, [vendor]);
    if (identity === undefined) throw new Error("no phone was planned");
    const { stores, tenant, clock } = this.gateway;
    const dependencies = { ...stores, clock };
    const macAddress = macOf(identity.macAddress);
    await addDevice(dependencies, tenant.id, { macAddress, location: "Lobby" }, "test");
    const phone = new SimulatedPhone({
      ...identity,
      provisioningUrl: `${this.#provisioningUrl}/emea/`,
      clock,
      ...(answersForSeconds === undefined ? {} : { answersForSeconds }),
    });
    phone.on("fault", (error) => this.faults.push(error));
    this.#phones.push(phone);
    const boot = await phone.boot();
    if (boot.outcome !== "registered") throw new Error(boot.reason);
    const { items } = await generateCodes(dependencies, tenant.id, [macAddress], "test");
    const code = items[0]?.code.code ?? "";
    const outcome = await activateByScreen(dependencies, tenant, macAddress, code, "127.0.0.1");
    if (outcome.outcome !== "enrolled") throw new Error(outcome.outcome);
    return { phone, macAddress };
  }

  /** Signs a user in, as if the identity provider had named him. */
  async signIn(macAddress: MacAddress, name: string): Promise<void> {
    const { stores, tenant, clock, userAccounts, server } = this.gateway;
    const now = clock.nowMilliseconds();
    const signIn = {
      id: `sign-in of ${name}`,
      tenantId: tenant.id,
      macAddress,
      deviceCode: "device code",
      userCode: "BCDF-GHJK",
      verificationUri: "https://login.example/device",
      verificationUriComplete: "https://login.example/device?code=BCDF-GHJK",
      startedAtMilliseconds: now,
      expiresAtMilliseconds: now + 900_000,
      intervalSeconds: 5,
      status: "pending",
      reason: null,
      upn: null,
      nodeId: "node-1",
      actor: "test",
    } as const;
    await stores.signIns.put(signIn);
    await completeSignIn(
      {
        ...stores,
        clock,
        tenant,
        userAccounts,
        tellPhone: (device) => server.tellDevice(device),
      },
      signIn,
      `${name}@${tenant.domain}`,
    );
  }

  async putPolicy(changes: Partial<CallingPolicySettings>): Promise<void> {
    const { stores, tenant, clock } = this.gateway;
    const settings = { ...initialGlobalPolicy, ...changes };
    await stores.callingPolicies.put(tenant.id, "Global", settings, clock.nowMilliseconds());
  }

  /** Queues a command. @returns its id */
  async queue(macAddress: MacAddress, kind: CommandKind, upn?: string): Promise<string> {
    const { stores, tenant, clock } = this.gateway;
    const order = { tenantId: tenant.id, macAddress, kind, upn: upn ?? null, actor: "test" };
    const command = newCommand(order, clock.nowMilliseconds());
    await stores.commands.append(command);
    return command.id;
  }

  /** Queues a command and delivers what is queued. @returns the command as it stands then */
  async order(macAddress: MacAddress, kind: CommandKind): Promise<Command | undefined> {
    const id = await this.queue(macAddress, kind);
    await this.gateway.server.deliverCommands(this.gateway.tenant.id, macAddress);
    return this.command(macAddress, id);
  }

  command(macAddress: MacAddress, id: string): Promise<Command | undefined> {
    const { stores, tenant } = this.gateway;
    return stores.commands.find(tenant.id, macAddress, id);
  }

  async bindings(macAddress: MacAddress): Promise<readonly Binding[]> {
    const { stores, tenant, clock } = this.gateway;
    const nowMilliseconds = clock.nowMilliseconds();
    const page = await stores.bindings.list(tenant.id, { macAddress, limit: 10, nowMilliseconds });
    return page.items;
  }

  /** The device's history, oldest first: `command: Restart: …`. */
  async history(macAddress: MacAddress): Promise<readonly string[]> {
    const { stores, tenant } = this.gateway;
    const { items } = await stores.history.list(tenant.id, macAddress, { limit: 100 });
    return items.map(({ kind, text }) => `${kind}: ${text}`).reverse();
  }

  async stop(): Promise<void> {
    const { clock } = this.gateway;
    let isStopped = false;
    const stopping = this.#stop().finally(() => {
      isStopped = true;
    });
    // A stop waits a moment for what has just been sent; a clock that stands still would wait for ever.
    while (clock instanceof FakeClock && !isStopped) await clock.advanceAsync(1000);
    await stopping;
  }

  async #stop(): Promise<void> {
    await Promise.all(this.#phones.map((phone) => phone.stop()));
    await this.#provisioning.close();
    await this.gateway.stop();
  }
}

/** A phone and what the gateway knows it by. */
export interface EnrolledPhone {
  readonly phone: SimulatedPhone;
  readonly macAddress: MacAddress;
}

/** @throws Error when it is none */
export function macOf(text: string): MacAddress {
  const reading = readMacAddress(text);
  if (!reading.ok) throw new Error(reading.reason);
  return reading.macAddress;
}
