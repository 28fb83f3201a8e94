import type { TenantId } from "../../domain/tenant.ts";

/** The values of each tenant, in their order: a script can write those of one tenant only. */
export function groupByTenant<T extends { readonly tenantId: TenantId }>(
  values: readonly T[],
): Map<TenantId, T[]> {
  return Map.groupBy(values, (value) => value.tenantId);
}
