import type { Clock } from "../../sip/clock.ts";
import type { MacAddress } from "../domain/mac-address.ts";
import { missedRegistrations } from "../domain/missed-registrations.ts";
import type { PolicyRefresh } from "../domain/policy-refresh.ts";
import {
  type RefreshPolicyDependencies,
  type RegisteredPhone,
  refreshPolicy,
} from "../domain/refresh-policy.ts";
import type { Stores } from "../domain/stores.ts";
import type { TellPhone } from "../domain/tell-phone.ts";
import type { TenantId } from "../domain/tenant.ts";
import type { DeviceNotifier } from "./device-notifier.ts";
import { PolicyAsks } from "./policy-asks.ts";
import { RecentPolicies } from "./recent-policies.ts";
import type { DeviceArrival } from "./registrar/device-arrivals.ts";
import type { SignalingLogger } from "./signaling-logger.ts";

/** What following policies needs. */
export interface PolicyFollowerDependencies {
  readonly clock: Clock;
  readonly stores: Stores;
  readonly notifier: Pick<DeviceNotifier, "resync">;
  /** Tells the phone of a user who is signed out. */
  readonly tellPhone: TellPhone;
  readonly logger: SignalingLogger;
}

/** Phones that are looked at together, by one question to the storage. */
const phonesAtOnce = 200;
/** Arrivals that wait to be looked at; those beyond are, at their next refresh. */
const mostWaiting = 100_000;

/**
 * What a registration refresh means for a signed-in phone's policy (DESIGN §3): the versions are
 * compared, and a phone that is behind is asked to fetch. It is done after the phone has its 200, for
 * all phones together that came meanwhile.
 */
export class PolicyFollower {
  readonly #needs: PolicyFollowerDependencies;
  readonly #domain: RefreshPolicyDependencies;
  readonly #policies: RecentPolicies;
  readonly #asks: PolicyAsks;
  readonly #arrived = new Map<MacAddress, RegisteredPhone>();
  #work: Promise<void> | undefined;
  #catchingUp: Promise<void> | undefined;
  #stopped = false;

  constructor(dependencies: PolicyFollowerDependencies) {
    const { stores, clock, tellPhone } = dependencies;
    this.#needs = dependencies;
    this.#domain = { ...stores, clock, tellPhone };
    this.#policies = new RecentPolicies(stores.callingPolicies, clock);
    this.#asks = new PolicyAsks(dependencies);
  }

  /** A phone registered or refreshed. Never throws, never waits. */
  arrived({ kind, atMilliseconds, ...arrival }: DeviceArrival): void {
    if (kind !== "user") return;
    const { tenantId, macAddress, authenticationName } = arrival;
    const registeredAtMilliseconds = atMilliseconds;
    this.#take({ tenantId, macAddress, authenticationName, registeredAtMilliseconds });
  }

  /**
   * Once, after a start: looks at registrations whose consequences a crash may have cut off. What
   * comes meanwhile is not held up. Never throws.
   */
  catchUp(tenantId: TenantId, nodeId: string): void {
    this.#catchingUp = this.#takeMissed(tenantId, nodeId).catch((error: unknown) => {
      this.#needs.logger.warn(
        { err: error },
        "Registrations of before the start were not looked at",
      );
    });
  }

  /** Begins nothing more, and resolves when what is under way has ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#asks.stop();
    await Promise.all([this.#work, this.#catchingUp]);
  }

  #take(phone: RegisteredPhone): void {
    if (this.#stopped || this.#arrived.size >= mostWaiting) return;
    this.#arrived.set(phone.macAddress, phone);
    this.#work ??= this.#lookAtAll().finally(() => {
      this.#work = undefined;
    });
  }

  async #takeMissed(tenantId: TenantId, nodeId: string): Promise<void> {
    const { stores, clock } = this.#needs;
    const findPolicy = this.#policies.find.bind(this.#policies);
    const missed = missedRegistrations({ ...stores, clock }, tenantId, nodeId, findPolicy);
    for await (const phone of missed) {
      if (this.#stopped) return;
      // One that has come again since waits with its newer registration.
      if (!this.#arrived.has(phone.macAddress)) this.#take(phone);
    }
  }

  async #lookAtAll(): Promise<void> {
    while (this.#arrived.size > 0 && !this.#stopped) {
      for (const [tenantId, phones] of this.#takeSome()) await this.#lookAt(tenantId, phones);
    }
  }

  #takeSome(): ReadonlyMap<TenantId, RegisteredPhone[]> {
    const byTenant = new Map<TenantId, RegisteredPhone[]>();
    let taken = 0;
    for (const [macAddress, phone] of this.#arrived) {
      if (taken++ === phonesAtOnce) break;
      this.#arrived.delete(macAddress);
      const phones = byTenant.get(phone.tenantId);
      if (phones === undefined) byTenant.set(phone.tenantId, [phone]);
      else phones.push(phone);
    }
    return byTenant;
  }

  /** Never rejects: a phone that could not be looked at is at its next refresh. */
  async #lookAt(tenantId: TenantId, phones: readonly RegisteredPhone[]): Promise<void> {
    const { stores, logger } = this.#needs;
    const warn = (error: unknown) =>
      logger.warn({ err: error }, "A registration was not compared with its calling policy");
    try {
      const macAddresses = phones.map(({ macAddress }) => macAddress);
      const refreshes = await stores.policyRefreshes.find(tenantId, macAddresses);
      const looks = phones.map((phone) =>
        this.#lookAtOne(phone, refreshes.get(phone.macAddress)?.value).catch(warn),
      );
      await Promise.all(looks);
    } catch (error) {
      warn(error);
    }
  }

  async #lookAtOne(phone: RegisteredPhone, refresh: PolicyRefresh | undefined): Promise<void> {
    const findPolicy = this.#policies.find.bind(this.#policies);
    const ask = await refreshPolicy(this.#domain, phone, refresh, findPolicy);
    if (ask !== undefined) this.#asks.add(ask);
  }
}
