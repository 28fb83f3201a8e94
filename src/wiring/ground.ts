import { randomBytes, randomUUID } from "node:crypto";
import type { Logger } from "pino";
import type { Clock } from "../../sip/clock.ts";
import type { Config } from "../config.ts";
import { ensureGlobalPolicy } from "../domain/ensure-global-policy.ts";
import { OnboardingAccounts } from "../domain/onboarding-account.ts";
import { countPendingPolicies } from "../domain/policy-standing.ts";
import type { Stores } from "../domain/stores.ts";
import type { Tenant, TenantId } from "../domain/tenant.ts";
import { UserAccounts } from "../domain/user-accounts.ts";
import { GatewayMetrics } from "../observability/metrics.ts";

/** What every part is made with. */
export interface Ground {
  readonly config: Config;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly stores: Stores;
  readonly tenant: Tenant;
  readonly metrics: GatewayMetrics;
  readonly onboardingAccounts: OnboardingAccounts;
  readonly userAccounts: UserAccounts;
}

/** Makes what empty storage must hold, and what all parts share. */
export async function layGround(
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
  const onboardingAccounts = new OnboardingAccounts(
    await sharedSecret(stores, "onboarding-accounts"),
  );
  const userAccounts = new UserAccounts(await sharedSecret(stores, "user-accounts"));
  const metrics = new GatewayMetrics();
  metrics.watchStorage({
    time: clock,
    countBindings: () => stores.bindings.count(tenant.id, clock.nowMilliseconds()),
    countDevicesByState: () => stores.devices.countByState(tenant.id),
    countPendingPolicies: () => countPendingPolicies(stores, tenant.id),
    onFailure: (error) => logger.warn({ err: error }, "The storage did not answer a scrape"),
  });
  return { config, logger, clock, stores, tenant, metrics, onboardingAccounts, userAccounts };
}

/** A secret that all nodes share: made by the first that asks for it. */
export function sharedSecret(stores: Stores, name: string): Promise<Buffer> {
  return stores.secrets.ensure(name, randomBytes(32));
}
