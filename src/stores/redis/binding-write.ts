import type { Binding } from "../../domain/binding.ts";
import type { MacAddress } from "../../domain/mac-address.ts";
import type { TenantId } from "../../domain/tenant.ts";
import { tenantKey } from "./redis-keys.ts";
import { encodeVersioned } from "./versioned-text.ts";

/** The keys under which a tenant's bindings are, in the order in which write-bindings.lua has them. */
export interface BindingKeys {
  readonly byAor: string;
  readonly aorsInOrder: string;
  /** Members are `<number within the AOR> <AOR>`, so that bindings can be counted by expiry. */
  readonly expiries: string;
  /** Members are `<MAC address> <AOR>`. */
  readonly devicesAndAors: string;
  readonly expiryByDeviceAndAor: string;
  readonly latestExpiryByDevice: string;
}

/** The keys of a tenant's bindings. */
export function bindingKeys(tenantId: TenantId): BindingKeys {
  return {
    byAor: tenantKey(tenantId, "bindings"),
    aorsInOrder: tenantKey(tenantId, "bindings-in-order"),
    expiries: tenantKey(tenantId, "bindings-by-expiry"),
    devicesAndAors: tenantKey(tenantId, "bindings-by-device"),
    expiryByDeviceAndAor: tenantKey(tenantId, "bindings-expiry-by-device"),
    latestExpiryByDevice: tenantKey(tenantId, "devices-by-expiry"),
  };
}

/** The arguments of write-bindings.lua for a change from `former` to `bindings`. */
export function bindingWriteValues(
  aor: string,
  revisions: { readonly expected: number | undefined; readonly next: number },
  former: readonly Binding[],
  bindings: readonly Binding[],
): (string | number)[] {
  const document = bindings.length === 0 ? "" : encodeVersioned(bindings, revisions.next);
  const values: (string | number)[] = [
    aor,
    revisions.expected ?? "",
    document,
    former.length,
    bindings.length,
    ...bindings.map((binding) => binding.expiresAtMilliseconds),
  ];
  for (const [macAddress, expiry] of latestExpiries(former, bindings)) {
    values.push(macAddress, expiry ?? "");
  }
  return values;
}

/** For each device that had or has a binding: when its last one expires, undefined when it has none. */
function latestExpiries(
  former: readonly Binding[],
  bindings: readonly Binding[],
): Map<MacAddress, number | undefined> {
  const latest = new Map<MacAddress, number | undefined>();
  for (const { macAddress } of former) if (macAddress !== null) latest.set(macAddress, undefined);
  for (const { macAddress, expiresAtMilliseconds } of bindings) {
    if (macAddress === null) continue;
    latest.set(macAddress, Math.max(latest.get(macAddress) ?? 0, expiresAtMilliseconds));
  }
  return latest;
}
