import { type DeviceState, deviceStates } from "../../domain/device.ts";
import type { TenantId } from "../../domain/tenant.ts";

/**
 * The keys of one tenant. What stands in braces is all that a cluster hashes (Redis Cluster
 * specification, "Hash tags"), so that a tenant's keys share a slot and a script may use them together.
 *
 * None of them has a time to live, except wrong tries and administrators' sessions: expiry is judged
 * by the times that callers give, and collectors remove what expired together with its places in the
 * sorted sets.
 */
export function tenantKey(tenantId: TenantId, name: string): string {
  return `gw:{${tenantId}}:${name}`;
}

/** A key of the gateway as a whole. */
export function gatewayKey(name: string): string {
  return `gw:{gateway}:${name}`;
}

/** The key that says in which tenant an account of this name is; each name has its own slot. */
export function accountKey(authenticationName: string): string {
  return `gw:{account:${authenticationName}}`;
}

/** The sorted set of the devices in one state. */
export function deviceOrderKey(tenantId: TenantId, state: DeviceState): string {
  return tenantKey(tenantId, `devices-${state}`);
}

/** The orders of `state` first and of all other states after it, as the scripts expect them. */
export function deviceOrderKeys(tenantId: TenantId, state: DeviceState): string[] {
  const others = deviceStates.filter((other) => other !== state);
  return [state, ...others].map((one) => deviceOrderKey(tenantId, one));
}

/** The hash of users by their devices' MAC addresses, and the order of user and MAC address. */
export function deviceUserKeys(tenantId: TenantId): [string, string] {
  return [tenantKey(tenantId, "users-of-devices"), tenantKey(tenantId, "devices-by-user")];
}

/**
 * The range, for ZRANGEBYLEX, of all members of a sorted set with this first part. The scripts
 * write such members as `LENGTH:FIRST SECOND`: the first part's length in bytes stands before it,
 * so that no text can pass for another's.
 */
export function pairRange(first: string): [string, string] {
  const start = `${Buffer.byteLength(first)}:${first}`;
  // "!" is the character after the space.
  return [`[${start} `, `(${start}!`];
}
