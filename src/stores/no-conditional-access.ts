import type { ConditionalAccess } from "../domain/conditional-access.ts";
import type { TenantId } from "../domain/tenant.ts";

/** The rule of a tenant that never wrote one: it blocks nothing. */
export function noConditionalAccess(tenantId: TenantId): ConditionalAccess {
  return { tenantId, enabled: false, trustedRanges: [], excludedAddresses: [] };
}
