import { expect, it } from "vitest";
import type { ConditionalAccess } from "../../src/domain/conditional-access.ts";
import type { Subject } from "./backends.ts";
import { hostileTexts, newTenantId } from "./sample-data.ts";

/** What ConditionalAccessStore promises. */
export function describeConditionalAccess(subject: Subject): void {
  it("blocks nothing for a tenant that never wrote a rule", async () => {
    const tenantId = newTenantId();
    expect(await subject.stores.conditionalAccess.find(tenantId)).toEqual({
      tenantId,
      enabled: false,
      trustedRanges: [],
      excludedAddresses: [],
    });
  });

  it("finds a tenant's rule as it was last written, and no other's", async () => {
    const [tenantId, elsewhere] = [newTenantId(), newTenantId()];
    const { conditionalAccess } = subject.stores;
    const rule: ConditionalAccess = {
      tenantId,
      enabled: true,
      trustedRanges: ["192.0.2.0/24", "2001:db8::/32"],
      excludedAddresses: ["52.170.38.140"],
    };
    await conditionalAccess.put(rule);
    expect(await conditionalAccess.find(tenantId)).toEqual(rule);
    expect((await conditionalAccess.find(elsewhere)).enabled).toBe(false);
    const emptied = { ...rule, trustedRanges: [], excludedAddresses: [] };
    await conditionalAccess.put(emptied);
    expect(await conditionalAccess.find(tenantId)).toEqual(emptied);
    const again = await subject.openAgain();
    expect(await again.conditionalAccess.find(tenantId)).toEqual(emptied);
  });

  it("takes any text in a rule literally", async () => {
    const rule: ConditionalAccess = {
      tenantId: newTenantId(),
      enabled: true,
      trustedRanges: hostileTexts,
      excludedAddresses: hostileTexts,
    };
    await subject.stores.conditionalAccess.put(rule);
    expect(await subject.stores.conditionalAccess.find(rule.tenantId)).toEqual(rule);
  });
}
