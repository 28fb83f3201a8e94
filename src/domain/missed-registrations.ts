import type { Binding } from "./binding.ts";
import type { CallingPolicy } from "./calling-policy.ts";
import type { PolicyRefresh } from "./policy-refresh.ts";
import type { FindPolicy, RegisteredPhone } from "./refresh-policy.ts";
import type { Stores } from "./stores.ts";
import type { TenantId } from "./tenant.ts";
import type { TimeSource } from "./time-source.ts";

/** What finding missed registrations needs. */
export type MissedRegistrationsDependencies = Pick<
  Stores,
  "bindings" | "policyRefreshes" | "devices" | "accounts"
> & { readonly clock: TimeSource };

const bindingsAtOnce = 200;

/**
 * The phones whose last registration came after a change that concerns them and may have had no
 * consequence: what follows from a registration is done after its 200, and a crash between the two
 * leaves it undone. Their next refresh may be nearly an hour away.
 * @param nodeId whose bindings are looked at: what other nodes have in hand is not missed
 */
export async function* missedRegistrations(
  dependencies: MissedRegistrationsDependencies,
  tenantId: TenantId,
  nodeId: string,
  findPolicy: FindPolicy,
): AsyncGenerator<RegisteredPhone> {
  const { bindings, clock } = dependencies;
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof bindings.list>> = await bindings.list(tenantId, {
      limit: bindingsAtOnce,
      nowMilliseconds: clock.nowMilliseconds(),
      ...(cursor === null ? {} : { cursor }),
    });
    const own = page.items.filter((binding) => binding.nodeId === nodeId);
    yield* missedAmong(dependencies, tenantId, own, findPolicy);
    cursor = page.nextCursor;
  } while (cursor !== null);
}

async function* missedAmong(
  dependencies: MissedRegistrationsDependencies,
  tenantId: TenantId,
  bindings: readonly Binding[],
  findPolicy: FindPolicy,
): AsyncGenerator<RegisteredPhone> {
  const macAddresses = bindings.flatMap(({ macAddress }) => macAddress ?? []);
  const refreshes = await dependencies.policyRefreshes.find(tenantId, macAddresses);
  for (const binding of bindings) {
    const refresh = binding.macAddress === null ? undefined : refreshes.get(binding.macAddress);
    if (refresh === undefined) continue;
    const policy = await findPolicy(tenantId, refresh.value.policyName);
    if (policy === undefined || !mayBeMissed(binding, refresh.value, policy)) continue;
    const phone = await phoneOf(dependencies, binding, refresh.value);
    if (phone !== undefined) yield phone;
  }
}

/** One that registered before the change is told at its next refresh, which is within the hour. */
function mayBeMissed(binding: Binding, refresh: PolicyRefresh, policy: CallingPolicy): boolean {
  const changedAt = Math.max(policy.changedAtMilliseconds, refresh.assignedAtMilliseconds);
  return refresh.appliedVersion !== policy.version && binding.refreshedAtMilliseconds >= changedAt;
}

/** Undefined where the binding is not of the account that the device is meant to have. */
async function phoneOf(
  { devices, accounts }: MissedRegistrationsDependencies,
  { aor, refreshedAtMilliseconds }: Binding,
  { tenantId, macAddress }: PolicyRefresh,
): Promise<RegisteredPhone | undefined> {
  const device = (await devices.find(tenantId, macAddress))?.value;
  const authenticationName = device?.userAuthenticationName ?? null;
  if (authenticationName === null) return undefined;
  const account = await accounts.findByAuthenticationName(authenticationName);
  if (account?.aor !== aor) return undefined;
  const registeredAtMilliseconds = refreshedAtMilliseconds;
  return { tenantId, macAddress, authenticationName, registeredAtMilliseconds };
}
